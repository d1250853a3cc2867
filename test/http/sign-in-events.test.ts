/** What the record says of sign-ins (aws-behaviour: §6.1–6.5), and what it never says. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAccountId } from '../../src/core/account-id.ts'
import { canaries } from '../support/canaries.ts'
import { rootPassword, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  browserAtMfa,
  enterRootPassword,
  freshCode,
  giveDevice,
  recordsOf,
  snapshot,
  stepOf,
  swiftBrowser,
  wrongCode,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** What every record of a sign-in shares. */
const frame = (accountId: string, time: number) => ({
  eventVersion: '1.11',
  eventTime: `${new Date(time).toISOString().slice(0, 19)}Z`,
  eventSource: 'signin.amazonaws.com',
  awsRegion: 'us-east-1',
  sourceIPAddress: '127.0.0.1',
  userAgent: '',
  requestParameters: null,
  eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
  readOnly: false,
  eventType: 'AwsConsoleSignIn',
  managementEvent: true,
  recipientAccountId: accountId,
  eventCategory: 'Management',
})

const loginData = (facts: object) => ({ LoginTo: `${server.url}/console/home`, MobileVersion: 'No', ...facts })

const rootIdentity = (accountId: string) => ({
  type: 'Root',
  principalId: accountId,
  arn: `arn:aws:iam::${accountId}:root`,
  accountId,
  accessKeyId: '',
})

const failure = { responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' }
const success = { responseElements: { ConsoleLogin: 'Success' } }

test('root without a device: one ConsoleLogin, MFAUsed No', async () => {
  const root = await attackedRoot(server)
  await enterRootPassword(swiftBrowser(server), root)
  expect(await recordsOf(server, root.accountId)).toEqual([
    {
      ...frame(root.accountId, server.clock.now()),
      eventName: 'ConsoleLogin',
      userIdentity: rootIdentity(root.accountId),
      ...success,
      additionalEventData: loginData({ MFAUsed: 'No' }),
    },
  ])
})

test('root’s wrong password: a failure with its arn and MFAUsed No', async () => {
  const root = await attackedRootWithDevice(server)
  await enterRootPassword(swiftBrowser(server), { ...root, password: 'not this one' })
  expect(await recordsOf(server, root.accountId)).toEqual([
    {
      ...frame(root.accountId, server.clock.now()),
      eventName: 'ConsoleLogin',
      userIdentity: rootIdentity(root.accountId),
      ...failure,
      additionalEventData: loginData({ MFAUsed: 'No' }),
    },
  ])
})

test('root with a device: CheckMfa, a failure for each wrong code, then the success with its device', async () => {
  const root = await attackedRootWithDevice(server)
  const { serial } = root.device
  const browser = swiftBrowser(server)
  expect(stepOf(await enterRootPassword(browser, root))?.name).toBe('mfa')
  const begin = server.clock.now()
  await browser.post('/sign-in/mfa', { serial, code: wrongCode(server, root.device) })
  await browser.post('/sign-in/mfa', { serial, code: freshCode(server, root.device) })
  const userIdentity = rootIdentity(root.accountId)
  expect(await recordsOf(server, root.accountId)).toEqual([
    {
      ...frame(root.accountId, begin),
      eventName: 'CheckMfa',
      userIdentity,
      responseElements: { CheckMfa: 'Success' },
      additionalEventData: { MfaType: 'Virtual MFA' },
    },
    {
      ...frame(root.accountId, begin),
      eventName: 'ConsoleLogin',
      userIdentity,
      ...failure,
      additionalEventData: loginData({ MFAUsed: 'Yes' }),
    },
    {
      ...frame(root.accountId, server.clock.now()),
      eventName: 'ConsoleLogin',
      userIdentity,
      ...success,
      additionalEventData: loginData({ MFAUsed: 'Yes', MFAIdentifier: serial }),
    },
  ])
})

test('root’s identity shows the alias as user name when the account has one', async () => {
  const root = await attackedRoot(server)
  await server.store.storage.reader
    .insertInto('account_aliases')
    .values({ account_id: root.accountId, alias: 'recorded', created_at: 0 })
    .execute()
  await enterRootPassword(swiftBrowser(server), root)
  const [record] = await recordsOf(server, root.accountId)
  expect(record?.userIdentity).toEqual({ ...rootIdentity(root.accountId), userName: 'recorded' })
})

const enterUser = (user: Attacked, userName: string, password: string) =>
  swiftBrowser(server).post('/sign-in/iam-user', { account: user.accountId, userName, password })

test('a user: the arn stands in successes only, and the name as it was created', async () => {
  const root = await attackedRoot(server)
  const user = await attackedUser(server, root, 'Ada')
  const identity = {
    type: 'IAMUser',
    principalId: user.principalId,
    accountId: root.accountId,
    accessKeyId: '',
    userName: 'Ada',
  }
  const arn = `arn:aws:iam::${root.accountId}:user/Ada`
  await enterUser(user, 'ada', 'not this one')
  await enterUser(user, 'ADA', user.password)
  const device = await giveDevice(server, user, 'ada-phone')
  await enterUser(user, 'Ada', user.password)
  const browser = await browserAtMfa(server, user)
  await browser.post('/sign-in/mfa', { serial: device.serial, code: wrongCode(server, device) })
  await browser.post('/sign-in/mfa', { serial: device.serial, code: freshCode(server, device) })
  const records = await recordsOf(server, root.accountId)
  expect(
    records.map(({ eventName, userIdentity, errorMessage, responseElements, additionalEventData }) => ({
      eventName,
      userIdentity,
      errorMessage,
      responseElements,
      additionalEventData,
    })),
  ).toEqual([
    {
      eventName: 'ConsoleLogin',
      userIdentity: identity,
      ...failure,
      additionalEventData: loginData({ MFAUsed: 'No' }),
    },
    {
      eventName: 'ConsoleLogin',
      userIdentity: { ...identity, arn },
      ...success,
      errorMessage: undefined,
      additionalEventData: loginData({ MFAUsed: 'No' }),
    },
    {
      eventName: 'CheckMfa',
      userIdentity: identity,
      errorMessage: undefined,
      responseElements: { CheckMfa: 'Success' },
      additionalEventData: { MfaType: 'Virtual MFA' },
    },
    {
      eventName: 'ConsoleLogin',
      userIdentity: identity,
      ...failure,
      additionalEventData: loginData({ MFAUsed: 'Yes' }),
    },
    {
      eventName: 'ConsoleLogin',
      userIdentity: { ...identity, arn },
      ...success,
      errorMessage: undefined,
      additionalEventData: loginData({ MFAUsed: 'Yes', MFAIdentifier: device.serial }),
    },
  ])
})

test('an unknown user’s name is hidden: people type passwords into that field', async () => {
  const root = await attackedRoot(server)
  const typed = 'hunter2-hunter2-hunter2'
  canaries.add(typed, 'what was typed as a user name')
  await enterUser(root, typed, rootPassword)
  expect(await recordsOf(server, root.accountId)).toEqual([
    {
      ...frame(root.accountId, server.clock.now()),
      eventName: 'ConsoleLogin',
      userIdentity: {
        type: 'IAMUser',
        accountId: root.accountId,
        accessKeyId: '',
        userName: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      },
      responseElements: { ConsoleLogin: 'Failure' },
      errorMessage: 'No username found in supplied account',
      additionalEventData: loginData({ MFAUsed: 'No' }),
    },
  ])
})

test('a wrong email, and a wrong account, stand in no account’s record', async () => {
  const root = await attackedRoot(server)
  const events = async () => (await snapshot(server))['events'] ?? []
  const before = new Set(await events())
  await enterRootPassword(swiftBrowser(server), { ...root, email: 'nobody-at-all@example.com' })
  await enterUser({ ...root, accountId: parseAccountId('999999999999') }, 'somebody-else', 'x')
  const added = (await events()).filter((row) => !before.has(row))
  expect(added).toHaveLength(2)
  for (const row of added) {
    expect(JSON.parse(row)).toMatchObject({ account_id: '' })
    expect(row).not.toMatch(/nobody-at-all|999999999999|somebody-else/)
  }
})

test('what is refused before a secret is looked at is no event: expired steps, waits, forgeries, invalid fields', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserAtMfa(server, root)
  const guess = () => browser.post('/sign-in/mfa', { serial: root.device.serial, code: 'x' })
  for (let n = 0; n < 3; n++) expect((await guess()).status).toBe(401)
  expect((await guess()).status).toBe(429)
  await browser.post('/sign-in/mfa', { serial: root.device.serial, code: 123456 })
  await browser.post('/sign-in/password', { password: 'x' })
  await browser.client.post('/sign-in/mfa', { serial: root.device.serial, code: 'x' })
  expect(await recordsOf(server, root.accountId)).toHaveLength(3)
})

test('a user agent of any kind is kept as text, and cut', async () => {
  const root = await attackedRoot(server)
  const browser = swiftBrowser(server)
  const userAgent = `Mozilla/5.0 "}\\u0000,{"eventName":"X"} ${'é'.repeat(20)}${'a'.repeat(2000)}`
  await browser.post('/sign-in/root-email', { email: root.email })
  const { antiForgery } = (await browser.get('/sign-in/state')).json<{ antiForgery: string }>()
  const headers = { 'X-Anti-Forgery': antiForgery, 'User-Agent': Buffer.from(userAgent).toString('latin1') }
  await browser.client.post('/sign-in/password', { password: 'x' }, { headers })
  const [record] = await recordsOf(server, root.accountId)
  expect(record).toMatchObject({ eventName: 'ConsoleLogin', userIdentity: rootIdentity(root.accountId) })
  expect(String(record?.['userAgent']).length).toBe(1024)
})

test('no secret of any sign-in of this file stands in a record or in the log', async () => {
  const root = await attackedRootWithDevice(server)
  canaries.add(root.device.app.secret, 'a seed')
  const browser = swiftBrowser(server)
  await enterRootPassword(browser, root)
  const code = freshCode(server, root.device)
  await browser.post('/sign-in/mfa', { serial: root.device.serial, code })
  await browser.credentials()
  const records = await server.store.storage.reader.selectFrom('events').select('record').execute()
  expect(canaries.size).toBeGreaterThan(10)
  const all = records.map(({ record }) => record).join('\n')
  canaries.scan(all, 'the record')
  canaries.scan(server.log(), 'the log')
  expect(all).not.toContain(`"${code}"`)
  for (const { email } of [root]) expect(all + server.log()).not.toContain(email)
})
