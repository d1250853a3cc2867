/** A thousand callers: administrators with an access key each, and a request signed by each. */
import { AwsClient } from 'aws4fetch'
import { createAccount } from '../../src/accounts/create-account.ts'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { insertAccessKey, type NewAccessKey } from '../../src/iam/access-keys/access-key-store.ts'
import { insertUser } from '../../src/iam/users/user-store.ts'
import { openStore } from '../../src/open-store.ts'
import type { SignedRequest } from './load.ts'

/** With one key, requests that arrive together share its look-up and nothing is ever forgotten: no real load is like that. */
export const keyCount = 1_000

export const root = {
  name: 'Bench',
  email: 'root@example.com',
  phone: '+43 1 2345678',
  password: 'four small boats at the quay',
} as const

/** Makes the account and its keys in the store itself: a process for each would take minutes. */
export async function createAccessKeys(folder: string): Promise<readonly NewAccessKey[]> {
  const store = await openStore({ dataFolder: folder }, systemRandom)
  try {
    const now = systemClock.now()
    const created = await createAccount({ ...store, random: systemRandom }, root, now)
    if (!created.created) throw new Error(`the account was refused: ${JSON.stringify(created.faults)}`)
    const { accountId } = created
    return await store.storage.transaction(async (tx) => {
      const keys: NewAccessKey[] = []
      for (let number = 0; number < keyCount; number++) {
        const user = { accountId, userName: `admin-${number}`, path: '/', administrator: true }
        const record = await insertUser(tx, systemRandom, user, now)
        if (typeof record === 'string') throw new Error(`the user ${user.userName} was refused: ${record}`)
        const key = await insertAccessKey(tx, store.sealer, systemRandom, record.principal, now)
        if (key === undefined) throw new Error(`the key of ${user.userName} was refused`)
        keys.push(key)
      }
      return keys
    })
  } finally {
    await store.storage.close()
  }
}

/** Signed by a client that is not ours; a signature is good for 15 minutes, and is verified at each request. */
export function signWithEach(
  keys: readonly NewAccessKey[],
  url: string,
  service: 'iam' | 'sts',
  body: string,
): Promise<readonly SignedRequest[]> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  return Promise.all(
    keys.map(async ({ accessKeyId, secretAccessKey }) => {
      const client = new AwsClient({
        accessKeyId,
        secretAccessKey: secretAccessKey.reveal(),
        service,
        region: 'us-east-1',
      })
      const request = await client.sign(`${url}/`, { method: 'POST', headers, body })
      return { headers: { host: new URL(url).host, ...Object.fromEntries(request.headers) }, body }
    }),
  )
}
