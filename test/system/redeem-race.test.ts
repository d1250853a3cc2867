/**
 * A code is good once, however many ask at the same moment and whichever server they ask (design: decision 2; security: F-3).
 * Two server processes on one PostgreSQL database, on the machine's own clock.
 */
import { EnableMFADeviceCommand, ResyncMFADeviceCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { type SdkClients, sdkClients } from '../support/sdk.ts'
import { type PooledClient, pooledClient } from './pooled-client.ts'
import { newRacePrincipal, type RacePrincipal, stepAt, stepMs } from './race-principal.ts'
import { patience, rounds } from './rounds.ts'
import { insertTestAccount, insertTestUser, startTwoServers, type TwoServers } from './two-servers.ts'

let two: TwoServers
let accountId: AccountId
let clients: readonly PooledClient[]
/** The administrator's, one for each server. */
let administrator: readonly SdkClients[]

beforeAll(async () => {
  two = await startTwoServers()
  accountId = await insertTestAccount(two.store, 'root@example.com')
  const key = await insertTestUser(two.store, accountId, 'administrator', true)
  clients = two.servers.map(({ url }) => pooledClient(url))
  administrator = two.servers.map(({ url }) => sdkClients(url, key))
})
afterAll(async () => {
  for (const client of clients) client.close()
  await two.stop()
})

/** One of the two, in turn. */
const turn = <T>(pair: readonly T[], i: number): T => pair[i % 2] as T

const twoCodes = (of: RacePrincipal, now: number) => ({
  AuthenticationCode1: of.codeAt(now - stepMs),
  AuthenticationCode2: of.codeAt(now),
})

async function enterCode(of: RacePrincipal, i: number, code: string): Promise<string> {
  const body = JSON.stringify({ serial: of.serial, code })
  const answer = await turn(clients, i).request('POST', '/sign-in/mfa', of.browsers[i] ?? {}, body)
  return answer.status === 200
    ? 'signed in'
    : `${answer.status} ${answer.json<{ error: { code: string } }>().error.code}`
}

/** The name of the error, or `done`. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: Error) => error.name,
  )

const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const

const count = (values: readonly string[], value: string): number => values.filter((each) => each === value).length

/** What the store holds of a principal after its race. */
async function storedOf({ accountId, principalId, serial }: RacePrincipal) {
  const { reader } = two.store.storage
  const device = await reader
    .selectFrom('mfa_devices')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('serial', '=', serial)
    .executeTakeFirstOrThrow()
  const sessions = await reader
    .selectFrom('sessions')
    .select(['mfa_serial', 'ended_at'])
    .where('account_id', '=', accountId)
    .where('principal_id', '=', principalId)
    .execute()
  return { device, sessions }
}

interface EventFacts {
  readonly eventName: string
  readonly errorCode?: string
  readonly responseElements: { readonly ConsoleLogin?: string } | null
}

async function eventsOf(accountId: AccountId): Promise<readonly string[]> {
  const rows = await two.store.storage.reader
    .selectFrom('events')
    .select('record')
    .where('account_id', '=', accountId)
    .execute()
  return rows.map(({ record }) => {
    const event = JSON.parse(record) as EventFacts
    return `${event.eventName} ${event.errorCode ?? event.responseElements?.ConsoleLogin ?? 'done'}`
  })
}

test('one right code, entered in eight browsers at once at two servers, begins one session', patience, async () => {
  const total = rounds(500)
  const batch = 5
  for (let done = 0; done < total; done += batch) {
    const principals = await Promise.all(
      Array.from({ length: batch }, () => newRacePrincipal(two.store, { signIns: eight.length })),
    )
    for (const principal of principals) {
      const now = Date.now()
      const code = principal.codeAt(now)
      const outcomes = await Promise.all(eight.map((i) => enterCode(principal, i, code)))
      expect(outcomes.toSorted()).toEqual([...Array(7).fill('401 AuthenticationFailed'), 'signed in'])
      const { device, sessions } = await storedOf(principal)
      expect(device.last_step).toBe(stepAt(now))
      expect(sessions).toEqual([{ mfa_serial: principal.serial, ended_at: null }])
      const events = await eventsOf(principal.accountId)
      expect(events.toSorted()).toEqual([...Array(7).fill('ConsoleLogin Failure'), 'ConsoleLogin Success'])
    }
  }
})

test(
  'of eight sign-ins of a user with the same code one succeeds, also when each comes by the same half-done sign-in',
  patience,
  async () => {
    for (let round = 0; round < rounds(50); round++) {
      const principal = await newRacePrincipal(two.store, { signIns: 1, userOf: accountId })
      const code = principal.codeAt(Date.now())
      const same = { ...principal, browsers: eight.map(() => principal.browsers[0] ?? {}) }
      const outcomes = await Promise.all(eight.map((i) => enterCode(same, i, code)))
      expect(count(outcomes, 'signed in')).toBe(1)
      expect((await storedOf(principal)).sessions).toHaveLength(1)
    }
  },
)

test('two codes resync a device once', patience, async () => {
  for (let round = 0; round < rounds(100); round++) {
    const principal = await newRacePrincipal(two.store, { signIns: 0, userOf: accountId })
    const now = Date.now()
    const input = { UserName: principal.userName, SerialNumber: principal.serial, ...twoCodes(principal, now) }
    const resync = (i: number) => outcome(turn(administrator, i).iam.send(new ResyncMFADeviceCommand(input)))
    const outcomes = await Promise.all(eight.map(resync))
    expect(count(outcomes, 'done')).toBe(1)
    const refusals = ['InvalidAuthenticationCodeException', 'Throttling', 'done']
    expect(outcomes.filter((each) => !refusals.includes(each))).toEqual([])
    expect((await storedOf(principal)).device.last_step).toBe(stepAt(now))
  }
})

test('two codes enable a device once', patience, async () => {
  for (let round = 0; round < rounds(100); round++) {
    const principal = await newRacePrincipal(two.store, { signIns: 0, userOf: accountId, assigned: false })
    const now = Date.now()
    const input = { UserName: principal.userName, SerialNumber: principal.serial, ...twoCodes(principal, now) }
    const enable = (i: number) => outcome(turn(administrator, i).iam.send(new EnableMFADeviceCommand(input)))
    const outcomes = await Promise.all(eight.map(enable))
    expect(count(outcomes, 'done')).toBe(1)
    const refusals = ['EntityAlreadyExistsException', 'InvalidAuthenticationCodeException', 'Throttling', 'done']
    expect(outcomes.filter((each) => !refusals.includes(each))).toEqual([])
    expect((await storedOf(principal)).device).toMatchObject({
      last_step: stepAt(now),
      principal_id: principal.principalId,
    })
  }
})

test('a device that several users enable at once is one of theirs', patience, async () => {
  for (let round = 0; round < rounds(25); round++) {
    const owner = await newRacePrincipal(two.store, { signIns: 0, userOf: accountId, assigned: false })
    const others = await Promise.all(
      [0, 1, 2].map(() => newRacePrincipal(two.store, { signIns: 0, userOf: accountId, assigned: false })),
    )
    const codes = twoCodes(owner, Date.now())
    const outcomes = await Promise.all(
      [owner, ...others].map(({ userName }, i) =>
        outcome(
          turn(administrator, i).iam.send(
            new EnableMFADeviceCommand({ UserName: userName, SerialNumber: owner.serial, ...codes }),
          ),
        ),
      ),
    )
    expect(count(outcomes, 'done')).toBe(1)
  }
})
