/** Root's devices: made, enabled and removed by root's own console session, and by nothing else (aws-behaviour §1.4, §1.14; A-10). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { authenticatorAppFromQr } from '../support/authenticator-app.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  browserOf,
  type CallParameters,
  call,
  codesAt,
  consoleOf,
  createDevice,
  element,
  elements,
  enableDevice,
  eventsOf,
  giveRootDevice,
  noSuchDevice,
  noSuchUser,
  refusal,
  refusalOf,
  twoCodes,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
})
beforeEach(async () => {
  account = await accountWithAdmin(server)
})
afterAll(() => server.close())

const needsMfa =
  'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.'
const rootSession = (mfaSerial: string | null = null) => consoleOf(server, account.accountId, { mfaSerial })
const serialOf = (name: string) => `arn:aws:iam::${account.accountId}:mfa/${name}`
const isEnabled = async () =>
  elements((await call(server, account.admin, 'ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })).text, 'Arn')

async function rootKey(): Promise<SdkCredentials> {
  const { text } = await call(server, await rootSession(), 'CreateAccessKey')
  return { accessKeyId: element(text, 'AccessKeyId'), secretAccessKey: element(text, 'SecretAccessKey') }
}

test("no key enables a device for root, its own or an administrator's, in whatever form root is named", async () => {
  const key = await rootKey()
  const { serial: SerialNumber, ...device } = await createDevice(server, key, 'phone')
  const codes = twoCodes(server.clock, { serial: SerialNumber, ...device })
  const { accountId } = account
  const forms: readonly [CallParameters, object][] = [
    [
      {},
      refusal(
        400,
        'ValidationError',
        "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null",
      ),
    ],
    [{ UserName: '' }, { status: 400, code: 'ValidationError' }],
    [{ UserName: 'AWS ROOT USER' }, { status: 400, code: 'ValidationError' }],
    [{ UserName: `arn:aws:iam::${accountId}:root` }, { status: 400, code: 'ValidationError' }],
    [{ UserName: '<root_account>' }, { status: 400, code: 'ValidationError' }],
    [{ UserName: 'root' }, noSuchUser('root')],
    [{ UserName: accountId }, noSuchUser(accountId)],
    [{ UserName: 'undefined' }, noSuchUser('undefined')],
    [{ UserName: 'null' }, noSuchUser('null')],
    [{ 'UserName.member.1': 'root' }, { status: 400, code: 'MalformedInput' }],
  ]
  for (const by of [key, account.admin])
    for (const [named, expected] of forms)
      for (const name of ['EnableMFADevice', 'ResyncMFADevice'])
        expect(refusalOf(await call(server, by, name, { ...named, SerialNumber, ...codes }))).toMatchObject(expected)
  // A user of that name is a user.
  await newUser(server, accountId, 'root')
  expect((await call(server, key, 'EnableMFADevice', { UserName: 'root', SerialNumber, ...codes })).status).toBe(200)
  expect(await isEnabled()).toEqual([`arn:aws:iam::${accountId}:user/root`])
  const summary = await call(server, account.admin, 'GetAccountSummary')
  expect(summary.text).toContain('<key>AccountMFAEnabled</key><value>0</value>')
})

test("root's console leaves the name out: the first device has root's old serial, further ones their name's", async () => {
  const browser = await browserOf(server, account.accountId)
  const session = await browser.credentials()
  const made = await call(server, session, 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'my-phone' })
  expect(element(made.text, 'SerialNumber')).toBe(serialOf('root-account-mfa-device'))
  const app = authenticatorAppFromQr(Buffer.from(element(made.text, 'QRCodePNG'), 'base64'))
  expect(app.label).toBe(`my-phone@${account.accountId}`)
  const first = { serial: serialOf('root-account-mfa-device'), app }
  await enableDevice(server, session, undefined, first)
  expect(await isEnabled()).toEqual([`arn:aws:iam::${account.accountId}:root`])

  const [event] = (await eventsOf(server, account.accountId)).filter(({ eventName }) => eventName === 'EnableMFADevice')
  expect(event).toMatchObject({
    userIdentity: { type: 'Root', arn: `arn:aws:iam::${account.accountId}:root` },
    requestParameters: { userName: 'AWS ROOT USER', serialNumber: first.serial },
    responseElements: null,
    sessionCredentialFromConsole: 'true',
  })
  const own = await call(server, session, 'ListMFADevices')
  expect(elements(own.text, 'SerialNumber')).toEqual([first.serial])
  expect(elements(own.text, 'UserName')).toEqual(['AWS ROOT USER'])

  // This session has been begun without MFA; only one that was begun with the device adds a second one.
  const second = await createDevice(server, session, 'tablet')
  expect(second.serial).toBe(serialOf('tablet'))
  const enabling = { SerialNumber: second.serial, ...twoCodes(server.clock, second) }
  for (const by of [session, await rootSession(serialOf('other')), await rootSession(second.serial)])
    expect(refusalOf(await call(server, by, 'EnableMFADevice', enabling))).toEqual(
      refusal(403, 'AccessDenied', needsMfa),
    )
  const withMfa = await rootSession(first.serial)
  expect((await call(server, withMfa, 'EnableMFADevice', enabling)).status).toBe(200)
  // A name that one of root's devices has cannot be told apart from it at sign-in.
  for (const name of ['tablet', 'my-phone', 'root-account-mfa-device'])
    expect(
      refusalOf(await call(server, withMfa, 'CreateVirtualMFADevice', { VirtualMFADeviceName: name })),
    ).toMatchObject({ code: 'EntityAlreadyExists' })
})

test('a device of root is removed within five minutes of a sign-in with MFA, by that session alone', async () => {
  const device = await giveRootDevice(server, account.accountId, 'phone')
  const parameters = { SerialNumber: device.serial }
  const remove = async (by: SdkCredentials, more: CallParameters = {}) =>
    call(server, by, 'DeactivateMFADevice', { ...parameters, ...more })
  const invalid = refusal(404, 'NoSuchEntity', 'MFA Device invalid for user.')
  expect(refusalOf(await remove(await rootSession()))).toEqual(refusal(403, 'AccessDenied', needsMfa))
  expect(refusalOf(await remove(account.admin))).toEqual(invalid)
  expect(refusalOf(await remove(account.admin, { UserName: 'admin' }))).toEqual(invalid)
  expect(refusalOf(await remove(account.admin, { UserName: account.accountId }))).toEqual(noSuchUser(account.accountId))
  expect(refusalOf(await call(server, account.admin, 'DeleteVirtualMFADevice', parameters))).toMatchObject({
    code: 'DeleteConflict',
  })
  const key = await rootKey()
  expect(refusalOf(await remove(key))).toEqual(refusal(403, 'AccessDenied', needsMfa))

  const late = await browserOf(server, account.accountId, { mfaSerial: device.serial })
  server.clock.advance(5 * 60_000 + 1)
  expect(refusalOf(await remove(await late.credentials()))).toEqual(
    refusal(
      403,
      'AccessDenied',
      'To remove an MFA device, sign in again with your password and MFA code: this session was authenticated more than 5 minutes ago.',
    ),
  )
  const fresh = await rootSession(device.serial)
  server.clock.advance(5 * 60_000)
  expect((await remove(fresh)).status).toBe(200)
  expect(await isEnabled()).toEqual([])
  expect((await late.get('/console/session')).status).toBe(401)
  // Free again, it is the account's; enabling it anew takes new codes, and root's console.
  const codes = codesAt(server.clock, device, -1, 0)
  expect(refusalOf(await call(server, key, 'EnableMFADevice', { ...parameters, ...codes }))).toMatchObject({
    code: 'ValidationError',
  })
  expect((await call(server, await rootSession(), 'EnableMFADevice', { ...parameters, ...codes })).status).toBe(200)
})

test('a wizard that begins again replaces its own device, with another seed, tags and attempts', async () => {
  const session = await rootSession()
  const abandoned = await createDevice(server, session, 'phone')
  const tag = { 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }
  await call(server, session, 'TagMFADevice', { SerialNumber: abandoned.serial, ...tag })
  const wrong = { AuthenticationCode1: '000000', AuthenticationCode2: '000000' }
  for (let count = 0; count < 3; count++)
    await call(server, session, 'EnableMFADevice', { SerialNumber: abandoned.serial, ...wrong })
  server.clock.advance(1)
  const again = await createDevice(server, session, 'phone')
  expect(again.serial).toBe(abandoned.serial)
  expect(again.app.secret).not.toBe(abandoned.app.secret)
  const tags = await call(server, session, 'ListMFADeviceTags', { SerialNumber: again.serial })
  expect(elements(tags.text, 'Key')).toEqual([])
  const enable = (codes: CallParameters) =>
    call(server, session, 'EnableMFADevice', { SerialNumber: again.serial, ...codes })
  expect(refusalOf(await enable(codesAt(server.clock, abandoned, -1, 0)))).toMatchObject({
    code: 'InvalidAuthenticationCode',
    message: expect.stringMatching(/^Authentication code for device is not valid\. They are not codes of this device/),
  })
  expect((await enable(codesAt(server.clock, again, -1, 0))).status).toBe(200)

  // The wizard of another session leaves this one's alone; what is left for half an hour goes.
  const other = await accountWithAdmin(server)
  const theirs = await createDevice(server, await consoleOf(server, other.accountId), 'phone')
  await createDevice(server, await consoleOf(server, other.accountId), 'second')
  const list = async () => elements((await call(server, other.admin, 'ListVirtualMFADevices')).text, 'SerialNumber')
  expect(await list()).toHaveLength(2)
  server.clock.advance(30 * 60_000 + 1)
  await createDevice(server, await consoleOf(server, account.accountId, { mfaSerial: again.serial }), 'further')
  expect(await list()).toEqual([])
  expect(refusalOf(await call(server, other.admin, 'DeleteVirtualMFADevice', { SerialNumber: theirs.serial }))).toEqual(
    noSuchDevice(theirs.serial),
  )
})

test('no other user of the account can use up what root has of attempts, before or while root enrols', async () => {
  const user = await newUser(server, account.accountId, 'mallory')
  const SerialNumber = serialOf('root-account-mfa-device')
  const wrong = { UserName: 'mallory', SerialNumber, AuthenticationCode1: '000000', AuthenticationCode2: '000001' }
  for (let count = 0; count < 4; count++)
    expect(refusalOf(await call(server, user, 'EnableMFADevice', wrong))).toEqual(noSuchDevice(SerialNumber))
  const session = await rootSession()
  const device = await createDevice(server, session, 'phone')
  for (let count = 0; count < 4; count++) await call(server, user, 'EnableMFADevice', wrong)
  expect(refusalOf(await call(server, user, 'EnableMFADevice', wrong))).toMatchObject({ code: 'Throttling' })
  // In the same moment: root has not to wait.
  const codes = codesAt(server.clock, device, -1, 0)
  expect((await call(server, session, 'EnableMFADevice', { SerialNumber, ...codes })).status).toBe(200)
  expect(await isEnabled()).toEqual([`arn:aws:iam::${account.accountId}:root`])
})

test('an account whose user took the old serial has its root under the name that root chose', async () => {
  const device = await createDevice(server, account.admin, 'root-account-mfa-device')
  await enableDevice(server, account.admin, 'admin', device)
  const ofRoot = await giveRootDevice(server, account.accountId, 'phone')
  expect(ofRoot.serial).toBe(serialOf('phone'))
  const { text } = await call(server, account.admin, 'ListVirtualMFADevices', { AssignmentStatus: 'Assigned' })
  expect(elements(text, 'Arn')).toEqual([`arn:aws:iam::${account.accountId}:root`, account.admin.arn])
})
