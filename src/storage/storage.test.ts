/** The two engines as one: what holds for SQLite holds for PostgreSQL. Faults of disk and network: test/system. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Kysely, sql } from 'kysely'
import Database from 'libsql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../test/support/postgres.ts'
import { findMeta, setMeta, setMetaOnce } from './meta.ts'
import { up as first } from './migrations/0001-first.ts'
import { migrate, newestSchema } from './migrations/migrate.ts'
import { databaseFile } from './sqlite/database-file.ts'
import { connectStorage, type Storage, type StoragePlace } from './storage.ts'

const namesOf = (id: string) => ({ user_id: id, user_name: id, user_name_lower: id })

describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
  /** An empty place, which two connections may share. */
  async function newPlace(): Promise<StoragePlace> {
    if (engine === 'sqlite') {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-storage-'))
      onTestFinished(() => fs.rmSync(folder, { recursive: true }))
      return { engine, folder }
    }
    const database = await createDatabase()
    onTestFinished(() => database.drop())
    return { engine, url: database.url }
  }

  async function connect(place: StoragePlace): Promise<Storage> {
    const storage = await connectStorage(place)
    onTestFinished(() => storage.close())
    return storage
  }

  async function newStorage(): Promise<Storage> {
    const storage = await connect(await newPlace())
    await migrate(storage)
    return storage
  }

  test('an empty place has no facts, and connecting leaves it empty', async () => {
    const storage = await connect(await newPlace())
    expect(await findMeta(storage.reader, 'schema')).toBe(undefined)
    expect(await storage.reader.introspection.getTables()).toEqual([])
  })

  test('a schema is made once, also when several ask for it', async () => {
    const place = await newPlace()
    // On SQLite one process has one connection: two of them would wait for each other, each on the other's event loop.
    const storages = engine === 'sqlite' ? [await connect(place)] : [await connect(place), await connect(place)]
    const everybody = storages.flatMap((storage) => [storage, storage, storage])
    await Promise.all(everybody.map(migrate))
    await Promise.all(everybody.map(migrate))
    for (const { reader } of storages) expect(await findMeta(reader, 'schema')).toBe(String(newestSchema))
  })

  test('a store of version 0.1.0 is carried over, once, with all that it holds', async () => {
    const place = await newPlace()
    const storages = engine === 'sqlite' ? [await connect(place)] : [await connect(place), await connect(place)]
    const [storage] = storages
    if (storage === undefined) throw new Error('there is a connection')
    await storage.transaction((tx) => first(tx as Kysely<unknown>))
    const arn = 'arn:aws:iam::123456789012'
    const user = (id: string, hash: string | null) =>
      sql`insert into users values ('123456789012', ${id}, ${id}, ${id}, '/', 0, ${hash}, 3, 7, 1000)`
    const tag = (of: string, key: string) =>
      sql`insert into tags values ('123456789012', ${of}, ${key}, ${key.toLowerCase()}, 'v')`
    for (const statement of [
      user('with', '$argon2id$hash'),
      user('without', null),
      tag(`${arn}:mfa/phone`, 'Team'),
      tag(`${arn}:user/with`, 'Team'),
      tag(`${arn}:user/ada`, 'Team'),
      // A path may hold what looks like a device's.
      tag(`${arn}:user/x:mfa/ada`, 'Team'),
      sql`insert into tries values ('123456789012', 'with', 'mfa', '3', 11, 2000)`,
    ])
      await statement.execute(storage.reader)

    await Promise.all(storages.flatMap((each) => [each, each]).map(migrate))
    const row = { account_id: '123456789012', path: '/', administrator: 0, password_version: 3, created_at: 1000 }
    const common = { ...row, password_last_used_at: 7 }
    expect(await storage.reader.selectFrom('users').selectAll().orderBy('user_id').execute()).toEqual([
      { ...common, ...namesOf('with'), password_hash: '$argon2id$hash', password_created_at: 1000 },
      { ...common, ...namesOf('without'), password_hash: null, password_created_at: null },
    ])
    const tags = await storage.reader
      .selectFrom('tags')
      .select(['resource_id', 'tag_key', 'tag_key_compared', 'tag_value'])
      .orderBy('resource_id')
      .execute()
    const tagOf = (resource_id: string, tag_key_compared: string) => ({
      resource_id,
      tag_key: 'Team',
      tag_key_compared,
      tag_value: 'v',
    })
    expect(tags).toEqual([
      tagOf(`${arn}:mfa/phone`, 'Team'),
      tagOf(`${arn}:user/ada`, 'team'),
      tagOf(`${arn}:user/x:mfa/ada`, 'team'),
      // Of a user who is there; the others belonged to nobody.
      tagOf('with', 'team'),
    ])
    expect(await storage.reader.selectFrom('attempts').selectAll().execute()).toEqual([
      { account_id: '123456789012', subject: 'with', kind: 'mfa', period: '3', failures: 11, next_attempt_at: 2000 },
    ])
    const twice = sql`insert into tags values ('123456789012', ${`${arn}:user/ada`}, 'TEAM', 'team', 'v')`
    await expect(twice.execute(storage.reader)).rejects.toThrow(/unique|duplicate/i)
    expect(await findMeta(storage.reader, 'schema')).toBe(String(newestSchema))
  })

  test('data of a newer program is refused, untouched', async () => {
    const storage = await newStorage()
    await setMeta(storage.reader, 'schema', '99')
    await expect(migrate(storage)).rejects.toThrow(
      `the data is of schema 99, newer than this program's ${newestSchema}`,
    )
    expect(await findMeta(storage.reader, 'schema')).toBe('99')
  })

  test('a fact that is set once stays, also when several set it', async () => {
    const storage = await newStorage()
    const set = (value: string) => setMetaOnce(storage.reader, 'key-id', value)
    const values = await Promise.all(['a', 'b', 'c'].map(set))
    expect(new Set(values).size).toBe(1)
    expect(await set('d')).toBe(values[0])
  })

  test('a transaction that throws leaves nothing, and its error comes out', async () => {
    const storage = await newStorage()
    const fault = new Error('in the middle')
    const work = storage.transaction(async (tx) => {
      await setMeta(tx, 'half', 'done')
      throw fault
    })
    await expect(work).rejects.toBe(fault)
    expect(await findMeta(storage.reader, 'half')).toBe(undefined)
    await storage.transaction((tx) => setMeta(tx, 'half', 'whole'))
    expect(await findMeta(storage.reader, 'half')).toBe('whole')
  })

  test('a statement that the database refuses ends its transaction alone', async () => {
    const storage = await newStorage()
    const twice = storage.transaction(async (tx) => {
      await setMeta(tx, 'before', '1')
      await tx.insertInto('meta').values({ name: 'schema', value: '3' }).execute()
    })
    await expect(twice).rejects.toThrow(/unique|duplicate/i)
    expect(await findMeta(storage.reader, 'before')).toBe(undefined)
    expect(await findMeta(storage.reader, 'schema')).toBe(String(newestSchema))
  })

  test('nobody sees what is not committed, and none of many transactions is lost', async () => {
    const place = await newPlace()
    const [one, other] = [await connect(place), await connect(place)]
    await migrate(one)
    await setMeta(one.reader, 'count', '0')
    /** A write on the row first: the others wait for it, so what is read is the newest. */
    const increment = (storage: Storage) =>
      storage.transaction(async (tx) => {
        await tx.updateTable('meta').set({ name: 'count' }).where('name', '=', 'count').execute()
        const count = Number(await findMeta(tx, 'count'))
        await setMeta(tx, 'count', String(count + 1))
      })
    await Promise.all(Array.from({ length: 20 }, () => increment(one)))
    expect(await findMeta(other.reader, 'count')).toBe('20')
  })

  test('counts and times come back as numbers, up to 2^53', async () => {
    const storage = await newStorage()
    const row = { account_id: 'a', event_seq: Number.MAX_SAFE_INTEGER, event_id: 'e', record: '{}' }
    await storage.reader.insertInto('events').values(row).execute()
    expect(await storage.reader.selectFrom('events').selectAll().execute()).toEqual([row])
    const { count } = await storage.reader
      .selectFrom('events')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(1)
  })

  test('texts of all kinds come back as they were', async () => {
    const storage = await newStorage()
    const texts = ["'; drop table meta; --", 'naïve 😀 \u202e', '%_\\', '', 'x'.repeat(100_000)]
    for (const [i, text] of texts.entries()) await setMeta(storage.reader, `text-${i}`, text)
    const read = await Promise.all(texts.map((_, i) => findMeta(storage.reader, `text-${i}`)))
    expect(read).toEqual(texts)
  })

  test('a write says how many rows it changed, and returns them', async () => {
    const storage = await newStorage()
    for (const name of ['a', 'b', 'c']) await setMeta(storage.reader, name, 'x')
    const changed = await storage.reader
      .updateTable('meta')
      .set({ value: 'y' })
      .where('value', '=', 'x')
      .executeTakeFirst()
    expect(Number(changed.numUpdatedRows)).toBe(3)
    const deleted = await storage.reader.deleteFrom('meta').where('value', '=', 'y').returning('name').execute()
    expect(deleted.map(({ name }) => name).toSorted()).toEqual(['a', 'b', 'c'])
  })

  test('what has begun ends before the store closes; what comes later is refused', async () => {
    const place = await newPlace()
    const storage = await connectStorage(place)
    await migrate(storage)
    let closed: Promise<void> | undefined
    await storage.transaction(async (tx) => {
      await setMeta(tx, 'slow', 'begun')
      closed = storage.close()
      await setMeta(tx, 'slow', 'done')
    })
    await closed
    await expect(findMeta(storage.reader, 'slow')).rejects.toThrow('destroyed')
    const again = await connect(place)
    expect(await findMeta(again.reader, 'slow')).toBe('done')
  })

  test('every commit waits for the disk', async () => {
    const storage = await newStorage()
    const pragma = async (name: string) =>
      (await sql<Record<string, unknown>>`${sql.raw(name)}`.execute(storage.reader)).rows[0]
    if (engine === 'sqlite') {
      expect(await pragma('pragma synchronous')).toEqual({ synchronous: 2 })
      expect(await pragma('pragma journal_mode')).toEqual({ journal_mode: 'wal' })
    } else {
      expect(await pragma('show synchronous_commit')).toEqual({ synchronous_commit: 'on' })
    }
  })

  test('what is appended is seen by all, whole or not at all, and changes are waited for on the disk as before', async () => {
    const storage = await newStorage()
    const setting = async () => {
      const query = engine === 'sqlite' ? sql<object>`pragma synchronous` : sql<object>`show synchronous_commit`
      return (await query.execute(storage.reader)).rows[0]
    }
    const before = await setting()
    await storage.append(async (tx) => {
      await setMeta(tx, 'appended', 'whole')
      await setMeta(tx, 'appended too', 'whole')
    })
    expect(await findMeta(storage.reader, 'appended too')).toBe('whole')
    expect(await setting()).toEqual(before)

    const fails = storage.append(async (tx) => {
      await setMeta(tx, 'appended', 'half')
      throw new RangeError('on purpose')
    })
    await expect(fails).rejects.toThrow('on purpose')
    expect(await findMeta(storage.reader, 'appended')).toBe('whole')
    expect(await setting()).toEqual(before)
  })
})

test('SQLite: a change that finds the file locked by another process leaves nothing behind that would keep others from committing', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-locked-'))
  const storage = await connectStorage({ engine: 'sqlite', folder })
  await migrate(storage)
  await sql`pragma busy_timeout = 20`.execute(storage.reader)
  const other = new Database(path.join(folder, databaseFile))
  const { reader } = storage
  const alone = [
    () => reader.deleteFrom('meta').where('name', '=', 'none').execute(),
    () => reader.updateTable('meta').set({ value: '2' }).where('name', '=', 'alone').returning('name').execute(),
    () => reader.insertInto('setup_links').values({ token_hash: 'x', expires_at: 0, used_at: null }).execute(),
  ]
  const together = [
    () => storage.transaction((tx) => setMeta(tx, 'together', '1')),
    () => storage.append((tx) => setMeta(tx, 'appended', '1')),
  ]
  for (const locked of [...alone, ...together]) {
    other.exec('begin exclusive')
    await expect(locked()).rejects.toMatchObject({ code: 'storage-unavailable' })
    other.exec('rollback')
    for (const change of together) await change()
  }
  expect([await findMeta(reader, 'together'), await findMeta(reader, 'appended')]).toEqual(['1', '1'])
  other.close()
  await storage.close()
  fs.rmSync(folder, { recursive: true })
})
