/** An attempt that is spent is on record, also where the store stops in the middle of it and where the server is told to stop. */
import net from 'node:net'
import { EnableMFADeviceCommand, ResyncMFADeviceCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { randomToken, systemRandom } from '../../src/core/random.ts'
import { antiForgeryToken } from '../../src/http/anti-forgery.ts'
import { type SdkClients, sdkClients } from '../support/sdk.ts'
import { newRacePrincipal, type RacePrincipal } from './race-principal.ts'
import { insertTestAccount, insertTestUser, startTwoServers, type TwoServers } from './two-servers.ts'

let two: TwoServers
let accountId: AccountId
let administrator: SdkClients
let url = ''

beforeAll(async () => {
  two = await startTwoServers()
  url = two.servers[0].url
  accountId = await insertTestAccount(two.store, 'root@example.com')
  administrator = sdkClients(url, await insertTestUser(two.store, accountId, 'administrator', true))
})
afterAll(() => two.stop())

const attemptsOf = async (subject: string): Promise<number> => {
  const rows = await two.store.storage.reader
    .selectFrom('attempts')
    .select('failures')
    .where('account_id', '=', accountId)
    .where('subject', 'like', `${subject}%`)
    .execute()
  return rows.reduce((sum, { failures }) => sum + failures, 0)
}

interface EventFacts {
  readonly eventName: string
  readonly errorCode?: string
  readonly requestParameters: { readonly serialNumber?: string } | null
  readonly userIdentity: { readonly principalId?: string }
}

async function events(): Promise<readonly EventFacts[]> {
  const rows = await two.store.storage.reader.selectFrom('events').select('record').execute()
  return rows.map(({ record }) => JSON.parse(record) as EventFacts)
}

/** Another transaction holds the device's row while `work` is done. */
const whileLocked = <T>({ serial }: RacePrincipal, work: () => Promise<T>): Promise<T> =>
  two.store.storage.transaction(async (tx) => {
    await tx.updateTable('mfa_devices').set({ serial }).where('serial', '=', serial).execute()
    return work()
  })

describe('a row that somebody else holds', () => {
  test.each(['ResyncMFADevice', 'EnableMFADevice'])('%s: the attempt is spent, and on record', async (eventName) => {
    const assigned = eventName === 'ResyncMFADevice'
    const principal = await newRacePrincipal(two.store, { signIns: 0, userOf: accountId, assigned })
    const Command = assigned ? ResyncMFADeviceCommand : EnableMFADeviceCommand
    const input = {
      UserName: principal.userName,
      SerialNumber: principal.serial,
      AuthenticationCode1: principal.codeAt(Date.now() - 30_000),
      AuthenticationCode2: principal.codeAt(Date.now()),
    }
    const failed = await whileLocked(principal, () =>
      administrator.iam.send(new Command(input)).then(
        () => 'done',
        (error: Error) => error.name,
      ),
    )
    expect(failed).toBe('ServiceUnavailable')
    expect(await attemptsOf(assigned ? principal.principalId : principal.serial)).toBe(1)
    const own = (await events()).filter(({ requestParameters }) => requestParameters?.serialNumber === principal.serial)
    expect(own.map(({ eventName: name, errorCode }) => [name, errorCode])).toEqual([[eventName, 'ServiceUnavailable']])
  })

  test('a code at the sign-in: the attempt is spent and on record, and the answer says that it counts', async () => {
    const principal = await newRacePrincipal(two.store, { signIns: 1, userOf: accountId })
    const { cookie = '', ...headers } = principal.browsers[0] ?? {}
    const body = JSON.stringify({ serial: principal.serial, code: principal.codeAt(Date.now()) })
    const answer = await whileLocked(principal, () =>
      fetch(`${url}/sign-in/mfa`, { method: 'POST', headers: { ...headers, cookie }, body }),
    )
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('the attempt counts')
    const own = (await events()).filter(({ userIdentity }) => userIdentity.principalId === principal.principalId)
    expect(own.map(({ eventName }) => eventName)).toEqual(['ConsoleLogin'])
  })
})

test('a server that is told to stop while passwords are looked at, and whose clients have gone, records each attempt first', async () => {
  const { url } = two.servers[1]
  const form = randomToken(systemRandom)
  const lines = (body: string) => [
    'POST /sign-in/iam-user HTTP/1.1',
    `Host: ${new URL(url).host}`,
    'Content-Type: application/json',
    `Cookie: sallyport-form=${form}`,
    `X-Anti-Forgery: ${antiForgeryToken(two.store.sealer, form, undefined)}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ]
  const attempts = async () => {
    const { reader } = two.store.storage
    const reserved = await reader.selectFrom('attempts').select('failures').where('kind', '=', 'password').execute()
    const recorded = (await events()).filter(
      ({ eventName, userIdentity }) => eventName === 'ConsoleLogin' && userIdentity.principalId === undefined,
    )
    return { reserved: reserved.reduce((sum, { failures }) => sum + failures, 0), events: recorded.length }
  }
  for (let n = 0; n < 14; n++) {
    const body = JSON.stringify({ account: accountId, userName: `made-up-${n}`, password: 'not this one' })
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(lines(body).join('\r\n'))
    if (n % 2 === 0) socket.once('connect', () => setImmediate(() => socket.destroy()))
  }
  await expect.poll(async () => (await attempts()).reserved).toBeGreaterThan(0)
  expect(await two.servers[1].stop()).toBe(0)
  const { reserved, events: recorded } = await attempts()
  expect(recorded).toBe(reserved)
  expect(two.servers[1].stderr()).toBe('')
})
