/** A store that version 0.1.0 has made is opened, and carried over with all that it holds, by whatever comes first. */
import fs from 'node:fs'
import path from 'node:path'
import {
  GetLoginProfileCommand,
  GetUserCommand,
  ListMFADeviceTagsCommand,
  ListUserTagsCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam'
import { type Kysely, sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { emailIndexOf } from '../../src/accounts/account-store.ts'
import { parseAccountId } from '../../src/core/account-id.ts'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { createSealer, masterKeyBytes } from '../../src/credentials/seal.ts'
import { insertAccessKey } from '../../src/iam/access-keys/access-key-store.ts'
import { toUserPrincipal } from '../../src/iam/principals/find-principal.ts'
import { findMeta, setMetaOnce } from '../../src/storage/meta.ts'
import { up as first } from '../../src/storage/migrations/0001-first.ts'
import { connectStorage, type StoragePlace } from '../../src/storage/storage.ts'
import { canaries } from '../support/canaries.ts'
import { runSallyport } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { startServer } from '../support/server-process.ts'
import { scratchFolder } from './scratch.ts'

const accountId = parseAccountId('123456789012')
const arn = `arn:aws:iam::${accountId}`
const serial = `${arn}:mfa/phone`

/** Its own schema: an account with an administrator, who has a key, and tags in the form in which that version kept them. */
async function makeStoreOf010(place: StoragePlace, data: string): Promise<SdkCredentials> {
  const key = systemRandom.bytes(masterKeyBytes)
  fs.writeFileSync(path.join(data, 'key'), `${key.toString('base64')}\n`, { mode: 0o600 })
  const sealer = createSealer(key)
  const storage = await connectStorage(place)
  const now = systemClock.now()
  const made = await storage.transaction(async (tx) => {
    await first(tx as Kysely<unknown>)
    await setMetaOnce(tx, 'key-id', sealer.keyId)
    const email = 'root@example.com'
    const sealed = (text: string, what: string) => sealer.seal(Buffer.from(text), ['accounts', accountId, what])
    await sql`insert into accounts values (${accountId}, 'A', ${emailIndexOf(sealer, email)}, ${sealed(email, 'email')},
      ${sealed('+43 1 2345678', 'phone')}, 'none', 1, null, ${now})`.execute(tx)
    const user = {
      account_id: accountId,
      user_id: 'AIDA2345ABCD2345ABCD2',
      user_name: 'Ada',
      path: '/',
      administrator: 1,
    }
    await sql`insert into users values (${accountId}, ${user.user_id}, 'Ada', 'ada', '/', 1, null, 0, null, ${now})`.execute(
      tx,
    )
    const seed = systemRandom.bytes(40)
    await sql`insert into mfa_devices values (${accountId}, ${serial}, 'phone', '/', ${sealer.seal(seed, ['mfa_devices', accountId, serial, 'seed'])}, ${now}, null, null, null, -1, 0, 0, null)`.execute(
      tx,
    )
    for (const of of [serial, `${arn}:user/Ada`])
      await sql`insert into tags values (${accountId}, ${of}, 'Team', 'team', 'One')`.execute(tx)
    return insertAccessKey(tx, sealer, systemRandom, toUserPrincipal(user), now)
  })
  expect(await findMeta(storage.reader, 'schema')).toBe('1')
  await storage.close()
  if (made === undefined) throw new Error('there is no key')
  const secretAccessKey = made.secretAccessKey.reveal()
  canaries.add(secretAccessKey, 'a secret access key')
  return { accessKeyId: made.accessKeyId, secretAccessKey }
}

describe.each(['sqlite', 'postgres'] as const)('%s', (engine) => {
  test.each(['serve', 'user set-password'])('by sallyport %s', async (command) => {
    const data = scratchFolder()
    const database = engine === 'postgres' ? await createDatabase() : undefined
    if (database) onTestFinished(() => database.drop())
    const place = database
      ? ({ engine: 'postgres', url: database.url } as const)
      : ({ engine: 'sqlite', folder: data } as const)
    const ada = await makeStoreOf010(place, data)
    const flags = ['--data', data, ...(database ? ['--database-url', database.url] : [])]
    const setPassword = ['user', 'set-password', '--account', accountId, '--name', 'ada', '--password-stdin', ...flags]
    const run = async () =>
      expect(await runSallyport(setPassword, { input: 'seven grey stones' })).toMatchObject({ code: 0 })
    if (command === 'user set-password') await run()

    const server = await startServer({ data, ...(database ? { databaseUrl: database.url } : {}) })
    const { iam } = sdkClients(server.url, ada)
    expect((await iam.send(new GetUserCommand({}))).User).toMatchObject({ UserName: 'Ada', Arn: `${arn}:user/Ada` })
    const tags = [{ Key: 'Team', Value: 'One' }]
    expect((await iam.send(new ListUserTagsCommand({ UserName: 'ada' }))).Tags).toEqual(tags)
    const tagsOfDevice = async () => (await iam.send(new ListMFADeviceTagsCommand({ SerialNumber: serial }))).Tags
    expect(await tagsOfDevice()).toEqual(tags)
    for (const [key, left] of [
      ['team', tags],
      ['Team', []],
    ] as const) {
      await iam.send(new UntagMFADeviceCommand({ SerialNumber: serial, TagKeys: [key] }))
      expect(await tagsOfDevice()).toEqual(left)
    }
    if (command === 'serve') await run()
    expect((await iam.send(new GetLoginProfileCommand({ UserName: 'ada' }))).LoginProfile?.UserName).toBe('Ada')
    expect(await server.stop()).toBe(0)
  })
})
