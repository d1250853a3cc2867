/** Many requests at once, at two servers of one store: what is counted, or given once only, holds (security: decision 1, F-12). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunningServer } from '../../src/main.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  type CallParameters,
  type CreatedDevice,
  call,
  codesAt,
  createDevice,
  element,
  elements,
  enableDevice,
  eventsOf,
  refusalOf,
  twoCodes,
} from './aws-calls.ts'
import { startSecondServer } from './second-server.ts'

let server: TestServer
let second: RunningServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
  second = await startSecondServer(server)
})
beforeEach(async () => {
  account = await accountWithAdmin(server)
})
afterAll(async () => {
  await second.close()
  await server.close()
})

/** All at once, at one server and the other by turns. Status codes with AWS's code, sorted. */
async function together(calls: readonly [name: string, parameters: CallParameters][]): Promise<string[]> {
  const answers = await Promise.all(
    calls.map(([name, parameters], i) =>
      call({ url: i % 2 === 0 ? server.url : second.url, clock: server.clock }, account.admin, name, parameters),
    ),
  )
  return answers.map((answer) => (answer.status === 200 ? '200' : refusalOf(answer).code)).sort()
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const asAdmin = (name: string, parameters: CallParameters = {}) => call(server, account.admin, name, parameters)
const enabling = (userName: string, device: CreatedDevice): [string, CallParameters] => [
  'EnableMFADevice',
  { UserName: userName, SerialNumber: device.serial, ...codesAt(server.clock, device, -1, 0) },
]
const assigned = async () =>
  elements((await asAdmin('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })).text, 'SerialNumber')

test('of 8 CreateAccessKey for one user, two are given a key', async () => {
  for (let round = 0; round < 4; round++) {
    const UserName = `ada-${round}`
    await asAdmin('CreateUser', { UserName })
    expect(await together(times(8, () => ['CreateAccessKey', { UserName }]))).toEqual([
      ...times(2, () => '200'),
      ...times(6, () => 'LimitExceeded'),
    ])
    expect(elements((await asAdmin('ListAccessKeys', { UserName })).text, 'AccessKeyId')).toHaveLength(2)
  }
})

test('of 10 devices for one user, eight find a place', async () => {
  await asAdmin('CreateUser', { UserName: 'ada' })
  const devices: CreatedDevice[] = []
  for (let i = 0; i < 10; i++) devices.push(await createDevice(server, account.admin, `d${i}`))
  // Six are there before: the other four come at once, when every server has its connections.
  for (const device of devices.slice(0, 6)) await enableDevice(server, account.admin, 'ada', device)
  const outcome = await together(devices.slice(6).map((device) => enabling('ada', device)))
  expect(outcome).toEqual(['200', '200', 'LimitExceeded', 'LimitExceeded'])
  expect(await assigned()).toHaveLength(8)
})

test('one device that is enabled for two users becomes one user’s, with one event of success', async () => {
  for (const UserName of ['ada', 'bob']) await asAdmin('CreateUser', { UserName })
  for (let round = 0; round < 5; round++) {
    const device = await createDevice(server, account.admin, `shared-${round}`)
    const outcome = await together(times(8, (i) => enabling(i % 3 === 0 ? 'ada' : 'bob', device)))
    // Codes are shown to a device that is free, and tried: some are too many for a moment.
    expect(outcome.filter((code) => code === '200')).toEqual(['200'])
    expect(outcome.every((code) => ['200', 'EntityAlreadyExists', 'Throttling'].includes(code))).toBe(true)
    const events = await eventsOf(server, account.accountId)
    const successes = events.filter(
      ({ eventName, errorCode, requestParameters }) =>
        eventName === 'EnableMFADevice' &&
        errorCode === undefined &&
        requestParameters?.['serialNumber'] === device.serial,
    )
    expect(successes).toHaveLength(1)
  }
  expect(await assigned()).toHaveLength(5)
})

test('a device that is enabled and deleted at once is one or the other', async () => {
  await asAdmin('CreateUser', { UserName: 'ada' })
  for (let round = 0; round < 6; round++) {
    // A device of another moment is another device: an attempt that the deletion overtook is not one at this.
    server.clock.advance(1)
    const device = await createDevice(server, account.admin, 'fleeting')
    const remove: [string, CallParameters] = ['DeleteVirtualMFADevice', { SerialNumber: device.serial }]
    const outcome = await together([enabling('ada', device), remove, remove])
    const isEnabled = (await assigned()).length === 1
    expect([
      ['200', 'DeleteConflict', 'DeleteConflict'],
      ['200', 'NoSuchEntity', 'NoSuchEntity'],
    ]).toContainEqual(outcome)
    expect(isEnabled).toBe(outcome[1] === 'DeleteConflict')
    if (!isEnabled) continue
    await asAdmin('DeactivateMFADevice', { UserName: 'ada', SerialNumber: device.serial })
    await asAdmin('DeleteVirtualMFADevice', { SerialNumber: device.serial })
  }
})

test('a user that is deleted gets neither a key nor a device that would outlive it', async () => {
  for (let round = 0; round < 6; round++) {
    const UserName = `gone-${round}`
    await asAdmin('CreateUser', { UserName })
    const device = await createDevice(server, account.admin, UserName)
    const outcome = await together([
      ['DeleteUser', { UserName }],
      ['CreateAccessKey', { UserName }],
      enabling(UserName, device),
      ['DeleteUser', { UserName }],
    ])
    const exists = (await asAdmin('GetUser', { UserName })).status === 200
    expect(outcome.filter((code) => !['200', 'NoSuchEntity', 'DeleteConflict'].includes(code))).toEqual([])
    const keys = await server.store.storage.reader
      .selectFrom('access_keys')
      .select('principal_id')
      .where('account_id', '=', account.accountId)
      .execute()
    if (exists) {
      await asAdmin('DeactivateMFADevice', { UserName, SerialNumber: device.serial })
      const { text } = await asAdmin('ListAccessKeys', { UserName })
      for (const AccessKeyId of elements(text, 'AccessKeyId'))
        await asAdmin('DeleteAccessKey', { UserName, AccessKeyId })
      expect((await asAdmin('DeleteUser', { UserName })).status).toBe(200)
    } else {
      expect(keys.map(({ principal_id }) => principal_id)).toEqual([account.admin.userId])
      expect(await assigned()).toEqual([])
    }
  }
})

test('a pair of codes resyncs once', async () => {
  const device = await createDevice(server, account.admin, 'clock')
  await enableDevice(server, account.admin, 'admin', device)
  server.clock.advance(30_000)
  const codes = twoCodes(server.clock, device)
  const resync: [string, CallParameters] = [
    'ResyncMFADevice',
    { UserName: 'admin', SerialNumber: device.serial, ...codes },
  ]
  const outcome = await together(times(6, () => resync))
  expect(outcome.filter((code) => code === '200')).toHaveLength(1)
})

test('names, aliases and tags that are asked for at once stay unique and within their number', async () => {
  const names = ['kim', 'Kim', 'KIM', 'kIm']
  expect(await together(names.map((UserName) => ['CreateUser', { UserName }]))).toEqual([
    '200',
    ...times(3, () => 'EntityAlreadyExists'),
  ])
  expect(await together(times(4, () => ['CreateVirtualMFADevice', { VirtualMFADeviceName: 'one' }]))).toEqual([
    '200',
    ...times(3, () => 'EntityAlreadyExists'),
  ])
  const outcome = await together(
    times(6, (i) => ['CreateAccountAlias', { AccountAlias: `race-${account.accountId}-${i}` }]),
  )
  expect(outcome).toEqual(times(6, () => '200'))
  const aliases = element((await asAdmin('ListAccountAliases')).text, 'AccountAliases')
  expect(elements(aliases, 'member')).toHaveLength(1)
  const tagged = (from: number): [string, CallParameters] => [
    'TagMFADevice',
    {
      SerialNumber: `arn:aws:iam::${account.accountId}:mfa/one`,
      ...Object.fromEntries(
        times(30, (i) => [
          [`Tags.member.${i + 1}.Key`, `k${from + i}`],
          [`Tags.member.${i + 1}.Value`, ''],
        ]).flat(),
      ),
    },
  ]
  expect(await together([tagged(0), tagged(30)])).toEqual(['200', 'LimitExceeded'])
})

test('a key that one server deleted is refused by the other at once, and its user is gone there too', async () => {
  const elsewhere = { url: second.url, clock: server.clock }
  for (let round = 0; round < 5; round++) {
    const user = await newUser(server, account.accountId, `short-${round}`)
    expect((await call(elsewhere, user, 'GetUser')).status).toBe(200)
    const own = { UserName: user.userName, AccessKeyId: user.accessKeyId }
    await asAdmin('UpdateAccessKey', { ...own, Status: 'Inactive' })
    expect(refusalOf(await call(elsewhere, user, 'GetUser')).code).toBe('InvalidClientTokenId')
    await asAdmin('UpdateAccessKey', { ...own, Status: 'Active' })
    expect((await call(elsewhere, user, 'GetUser')).status).toBe(200)
    await asAdmin('DeleteAccessKey', own)
    expect(refusalOf(await call(elsewhere, user, 'CreateAccessKey')).code).toBe('InvalidClientTokenId')
  }
})

/** The rows of a table up to `left` below AWS's quota: more than the calls of a test could make. */
async function fill(table: 'users' | 'mfa_devices', left: number): Promise<void> {
  const { accountId } = account
  const rows = times(5000 - left - (table === 'users' ? 1 : 0), (n) => n)
  const { reader } = server.store.storage
  for (let at = 0; at < rows.length; at += 500) {
    const some = rows.slice(at, at + 500)
    if (table === 'users') {
      const user = { account_id: accountId, path: '/', administrator: 0, password_hash: null, password_version: 0 }
      const none = { password_created_at: null, password_last_used_at: null, created_at: 0 }
      const values = some.map((n) => ({
        ...user,
        ...none,
        user_id: `F${n}`,
        user_name: `f${n}`,
        user_name_lower: `f${n}`,
      }))
      await reader.insertInto('users').values(values).execute()
    } else {
      const device = { account_id: accountId, path: '/', seed_sealed: '', created_at: 0, wizard_session: null }
      const none = { principal_id: null, enabled_at: null, last_step: -1, drift_set: 0, drift: 0, verified_at: null }
      const values = some.map((n) => ({ ...device, ...none, serial: `f${n}`, name: `f${n}` }))
      await reader.insertInto('mfa_devices').values(values).execute()
    }
  }
}

test('of 12 CreateUser at a quota of 5,000 that leaves 3, three make a user', async () => {
  await fill('users', 3)
  const outcomes = await together(times(12, (n) => ['CreateUser', { UserName: `late-${n}` }]))
  expect(outcomes).toEqual([...times(3, () => '200'), ...times(9, () => 'LimitExceeded')])
})

test('of 12 CreateVirtualMFADevice at a quota of 5,000 that leaves 3, three make a device', async () => {
  await fill('mfa_devices', 3)
  const outcomes = await together(times(12, (n) => ['CreateVirtualMFADevice', { VirtualMFADeviceName: `late-${n}` }]))
  expect(outcomes).toEqual([...times(3, () => '200'), ...times(9, () => 'LimitExceeded')])
})

test('of 8 UpdateUser to one name, one user gets it, and each keeps what it has', async () => {
  for (let n = 0; n < 8; n++) await asAdmin('CreateUser', { UserName: `user-${n}` })
  const outcomes = await together(times(8, (n) => ['UpdateUser', { UserName: `user-${n}`, NewUserName: 'Wanted' }]))
  expect(outcomes).toEqual(['200', ...times(7, () => 'EntityAlreadyExists')])
  expect(elements((await asAdmin('ListUsers')).text, 'UserName')).toHaveLength(9)
})

test('whoever is renamed while it is changed is found, or not, and nothing is lost', async () => {
  await asAdmin('CreateUser', { UserName: 'moving' })
  const outcomes = await together(
    times(12, (n) =>
      n % 3 === 0
        ? ['UpdateUser', { UserName: 'moving', NewPath: `/${n}/` }]
        : ['TagUser', { UserName: 'moving', 'Tags.member.1.Key': `k${n}`, 'Tags.member.1.Value': 'v' }],
    ),
  )
  const done = outcomes.filter((outcome) => outcome === '200').length
  expect(outcomes.every((outcome) => ['200', 'ConcurrentModification'].includes(outcome))).toBe(true)
  const tags = elements((await asAdmin('ListUserTags', { UserName: 'moving' })).text, 'Key').length
  expect(done - tags).toBeLessThanOrEqual(4)
  expect(done).toBeGreaterThan(0)
})
