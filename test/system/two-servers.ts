/** Two server processes on one store (a PostgreSQL database or an SQLite file) with one key, and the same store opened in the test. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createAccount } from '../../src/accounts/create-account.ts'
import type { AccountId } from '../../src/core/account-id.ts'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { insertAccessKey } from '../../src/iam/access-keys/access-key-store.ts'
import { insertUser } from '../../src/iam/users/user-store.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { canaries } from '../support/canaries.ts'
import { createDatabase } from '../support/postgres.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

export interface TwoServers {
  readonly servers: readonly [ServerProcess, ServerProcess]
  readonly store: Store
  stop(): Promise<void>
}

export async function startTwoServers(engine: 'postgres' | 'sqlite' = 'postgres'): Promise<TwoServers> {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-two-'))
  const database = engine === 'postgres' ? await createDatabase() : undefined
  const place = database === undefined ? {} : { databaseUrl: database.url }
  const options = { data, ...place }
  const store = await openStore({ dataFolder: data, ...place }, systemRandom)
  const servers = await Promise.all([startServer(options), startServer(options)])
  return {
    servers,
    store,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()))
      await store.storage.close()
      await database?.drop()
      fs.rmSync(data, { recursive: true })
    },
  }
}

export const testPassword = 'four small boats at the quay'

/** An account of the system's own clock. */
export async function insertTestAccount(store: Store, email: string): Promise<AccountId> {
  canaries.add(testPassword, 'a password')
  const form = { name: 'Example Corp', email, phone: '+43 1 2345678', password: testPassword }
  const created = await createAccount({ ...store, random: systemRandom }, form, systemClock.now())
  if (!created.created) throw new Error(JSON.stringify(created.faults))
  return created.accountId
}

export interface TestUser extends SdkCredentials {
  readonly userName: string
  readonly userId: string
}

/** A user with an access key. */
export async function insertTestUser(
  { storage, sealer }: Store,
  accountId: AccountId,
  userName: string,
  administrator = false,
): Promise<TestUser> {
  return storage.transaction(async (tx) => {
    const now = systemClock.now()
    const user = await insertUser(tx, systemRandom, { accountId, userName, path: '/', administrator }, now)
    if (typeof user === 'string') throw new Error(`the user ${userName}: ${user}`)
    const key = await insertAccessKey(tx, sealer, systemRandom, user.principal, now)
    if (!key) throw new Error(`the user ${userName} has two keys`)
    const secretAccessKey = key.secretAccessKey.reveal()
    canaries.add(secretAccessKey, 'a secret access key')
    return { userName, userId: user.principal.id, accessKeyId: key.accessKeyId, secretAccessKey }
  })
}
