/**
 * One store, two engines. Everything above this folder sees a `Storage` and Kysely; what differs between SQLite and
 * PostgreSQL stands in `sqlite/` and `postgres/` and nowhere else.
 */
import type { Dialect } from 'kysely'
import { Kysely, sql } from 'kysely'
import { OperatorError } from '../core/errors.ts'
import type { Schema, Tx } from './schema.ts'

export interface Storage {
  readonly engine: 'sqlite' | 'postgres'
  /** Reads and single statements outside of a transaction. Never use it inside `transaction`: SQLite has one connection. */
  readonly reader: Tx
  /** All or nothing. Rolled back when `work` throws; the error is thrown on. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * For the record of what changed nothing: all or nothing, seen at once by every reader and kept whatever becomes of this
   * process, but not waited for on the disk. A power cut may take what was appended since the last transaction was committed, and nothing else.
   */
  append(work: (tx: Tx) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Where the data is: a folder (SQLite) or a `postgres://` URL. */
export type StoragePlace =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | { readonly engine: 'postgres'; readonly url: string }

/** Connects, and changes nothing yet. Throws an `OperatorError` with one clear sentence. */
export async function connectStorage(place: StoragePlace): Promise<Storage> {
  const db = new Kysely<Schema>({ dialect: await dialectOf(place) })
  const storage: Storage = {
    engine: place.engine,
    reader: db,
    transaction: (work) => db.transaction().execute(work),
    append: (work) => (place.engine === 'sqlite' ? appendToSqlite(db, work) : appendToPostgres(db, work)),
    close: () => db.destroy(),
  }
  try {
    await sql`select 1`.execute(db)
    return storage
  } catch (error) {
    await storage.close()
    throw new OperatorError(`cannot use the ${nameOf(place)}: ${reasonOf(error)}`, { cause: error })
  }
}

const normal = sql`pragma synchronous = NORMAL`
const full = sql`pragma synchronous = FULL`

/** The one connection is held meanwhile, so no transaction of a change ever runs with less than FULL. */
const appendToSqlite = (db: Kysely<Schema>, work: (tx: Tx) => Promise<void>): Promise<void> =>
  db.connection().execute(async (connection) => {
    await normal.execute(connection)
    try {
      await connection.transaction().execute(work)
    } finally {
      await full.execute(connection)
    }
  })

const appendToPostgres = (db: Kysely<Schema>, work: (tx: Tx) => Promise<void>): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await sql`set local synchronous_commit = off`.execute(tx)
    await work(tx)
  })

/** The reason that the driver gave, which stands behind our own translation of it. */
function reasonOf(error: unknown): string {
  const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return innermost instanceof Error ? innermost.message || 'it refused the connection' : 'unknown reason'
}

/** The drivers are loaded on demand: a start on SQLite does not pay for `pg`. */
async function dialectOf(place: StoragePlace): Promise<Dialect> {
  switch (place.engine) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite/dialect.ts')
      return openSqlite(place.folder)
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres/dialect.ts')
      return openPostgres(place.url)
    }
    default:
      return place satisfies never
  }
}

/** Names the place without the password that a database URL may hold. */
function nameOf(place: StoragePlace): string {
  if (place.engine === 'sqlite') return `data folder ${place.folder}`
  try {
    const url = new URL(place.url)
    return `database at ${url.hostname}:${url.port || '5432'}${url.pathname}`
  } catch {
    return 'database'
  }
}
