/** Users' devices with real codes: enabling, resync, removal, and the rules that no policy lifts (aws-behaviour §1.4 to §1.7; A-10). */
import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ResyncMFADeviceCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticatorApp } from '../support/authenticator-app.ts'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { newUser, nextCodes, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  browserOf,
  type CallParameters,
  type CreatedDevice,
  call,
  codesAt,
  consoleOf,
  createDevice,
  element,
  elements,
  enableDevice,
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
  account = await accountWithAdmin(server)
})
afterAll(() => server.close())

let usersMade = 0
const anyUser = () => newUser(server, account.accountId, `user-${++usersMade}`)
const deviceOf = (credentials: SdkCredentials) => createDevice(server, credentials, `device-${++usersMade}`)
const wrongCodes = refusal(403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.')
const needsMfa = refusal(
  403,
  'AccessDenied',
  'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.',
)
const invalidForUser = refusal(404, 'NoSuchEntity', 'MFA Device invalid for user.')
const inUse = refusal(409, 'EntityAlreadyExists', 'MFA Device is already in use.')
const alreadyOf = (userName: string) =>
  refusal(409, 'EntityAlreadyExists', `MFA Device for user ${userName} already exists.`)

const send = (name: string, by: SdkCredentials, userName: string, { serial }: CreatedDevice, codes: CallParameters) =>
  call(server, by, name, { UserName: userName, SerialNumber: serial, ...codes })
const enable = (by: SdkCredentials, userName: string, device: CreatedDevice, codes: CallParameters) =>
  send('EnableMFADevice', by, userName, device, codes)
const resync = (by: SdkCredentials, userName: string, device: CreatedDevice, codes: CallParameters) =>
  send('ResyncMFADevice', by, userName, device, codes)
const deactivate = (by: SdkCredentials, userName: string, { serial }: CreatedDevice) =>
  call(server, by, 'DeactivateMFADevice', { UserName: userName, SerialNumber: serial })

test("a user's whole way with AWS's SDK: make, enable, list, resync, and removal by an administrator", async () => {
  const user = await anyUser()
  const { iam } = sdkClients(server.url, user, { now: server.clock.now })
  const { VirtualMFADevice: made } = await iam.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: user.userName }),
  )
  const SerialNumber = made?.SerialNumber ?? ''
  const app = authenticatorApp(Buffer.from(made?.Base32StringSeed ?? []).toString('latin1'))
  const about = { UserName: user.userName, SerialNumber }
  await iam.send(new EnableMFADeviceCommand({ ...about, ...nextCodes(server.clock, app) }))
  const { MFADevices, IsTruncated } = await iam.send(new ListMFADevicesCommand({}))
  expect(MFADevices).toEqual([{ ...about, EnableDate: new Date(server.clock.now()) }])
  expect(IsTruncated).toBe(false)
  server.clock.advance(30_000)
  await iam.send(new ResyncMFADeviceCommand({ ...about, ...nextCodes(server.clock, app) }))
  await expect(iam.send(new DeactivateMFADeviceCommand(about))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: needsMfa.message,
    $metadata: { httpStatusCode: 403 },
  })
  const { iam: admin } = sdkClients(server.url, account.admin, { now: server.clock.now })
  await admin.send(new DeactivateMFADeviceCommand(about))
  expect((await admin.send(new ListMFADevicesCommand({ UserName: user.userName }))).MFADevices).toEqual([])
})

describe('EnableMFADevice takes two consecutive codes within 10 minutes of now', () => {
  test.each([
    ['the same code twice', 0, 0],
    ['a code left out', -2, 0],
    ['the reverse', 0, -1],
    ['codes of an hour ago', -120, -119],
    ['a clock that is 10 minutes and a half behind', -21, -20],
    ['a clock that is 10 minutes and a half ahead', 20, 21],
  ])('and not %s', async (_, first, second) => {
    const user = await anyUser()
    const device = await deviceOf(user)
    expect(refusalOf(await enable(user, user.userName, device, codesAt(server.clock, device, first, second)))).toEqual(
      wrongCodes,
    )
    expect(elements((await call(server, user, 'ListMFADevices')).text, 'SerialNumber')).toEqual([])
  })

  test.each([
    ['now', -1, 0],
    ['a clock that is 10 minutes behind', -20, -19],
    ['a clock that is 10 minutes ahead', 19, 20],
  ])('and so those of %s', async (_, first, second) => {
    const user = await anyUser()
    const device = await deviceOf(user)
    const done = await enable(user, user.userName, device, codesAt(server.clock, device, first, second))
    expect(done.text).toBe(answerOf('EnableMFADevice', undefined, done.requestId))
  })

  test('and no other text than six digits, nor the codes of another device', async () => {
    const user = await anyUser()
    const [device, other] = [await deviceOf(user), await deviceOf(user)]
    const codes = codesAt(server.clock, device, -1, 0)
    expect(refusalOf(await enable(user, user.userName, device, codesAt(server.clock, other, -1, 0)))).toEqual(
      wrongCodes,
    )
    for (const code of ['１２３４５６', '12345', '1234567', ' 12345', '12345a', '', '-12345', '1e5555'])
      expect(
        refusalOf(await enable(user, user.userName, device, { ...codes, AuthenticationCode2: code })),
      ).toMatchObject({ status: 400, code: 'ValidationError' })
    const { AuthenticationCode1 = '' } = codes
    expect(refusalOf(await enable(user, user.userName, device, { AuthenticationCode1 }))).toEqual(
      refusal(
        400,
        'ValidationError',
        "1 validation error detected: Value at 'authenticationCode2' failed to satisfy constraint: Member must not be null",
      ),
    )
    const list = { 'AuthenticationCode1.member.1': '123456', AuthenticationCode2: '123456' }
    expect(refusalOf(await enable(user, user.userName, device, list))).toMatchObject({ code: 'MalformedInput' })
  })

  test('once: neither the same codes nor older ones, also after the device was taken away', async () => {
    const user = await anyUser()
    const device = await deviceOf(user)
    const codes = twoCodes(server.clock, device)
    await enable(user, user.userName, device, codes)
    for (const name of [user.userName, user.userName.toUpperCase()])
      expect(refusalOf(await enable(account.admin, name, device, codes))).toEqual(alreadyOf(user.userName))
    await deactivate(account.admin, user.userName, device)
    const used = [codes, codesAt(server.clock, device, -2, -1), codesAt(server.clock, device, 0, 1)]
    for (const each of used)
      expect(refusalOf(await enable(account.admin, user.userName, device, each))).toEqual(wrongCodes)
    // Three in vain: a second to wait.
    server.clock.advance(1000)
    // The next two of the app, in one go: the clock may be as much as ten minutes off.
    expect((await enable(account.admin, user.userName, device, codesAt(server.clock, device, 1, 2))).status).toBe(200)
    await deactivate(account.admin, user.userName, device)
    await call(server, account.admin, 'DeleteVirtualMFADevice', { SerialNumber: device.serial })
    const again = await createDevice(server, user, device.serial.split('/').at(-1) ?? '')
    expect(again.serial).toBe(device.serial)
    expect(refusalOf(await enable(user, user.userName, again, codesAt(server.clock, device, 3, 4)))).toEqual(wrongCodes)
    expect((await enable(user, user.userName, again, codesAt(server.clock, again, -1, 0))).status).toBe(200)
  })
})

test('EnableMFADevice refuses an unknown user, an unknown serial, a device in use, a ninth one', async () => {
  const user = await anyUser()
  const device = await deviceOf(user)
  const codes = codesAt(server.clock, device, -1, 0)
  const admin = account.admin
  expect(refusalOf(await enable(admin, 'nobody', device, codes))).toEqual(noSuchUser('nobody'))
  const none = { ...device, serial: `${device.serial}-none` }
  expect(refusalOf(await enable(admin, user.userName, none, codes))).toEqual(noSuchDevice(none.serial))
  const devices = [device]
  while (devices.length < 8) devices.push(await deviceOf(admin))
  for (const each of devices) await enableDevice(server, admin, user.userName, each)
  const other = await anyUser()
  expect(refusalOf(await enable(admin, other.userName, device, codesAt(server.clock, device, 1, 2)))).toEqual(inUse)
  const ninth = await deviceOf(admin)
  expect(refusalOf(await enable(admin, user.userName, ninth, codesAt(server.clock, ninth, -1, 0)))).toEqual(
    refusal(409, 'LimitExceeded', 'Cannot exceed quota for MFADevicesPerUser: 8'),
  )
  const listed = await call(server, admin, 'ListMFADevices', { UserName: user.userName, MaxItems: '7' })
  const rest = { UserName: user.userName, Marker: element(listed.text, 'Marker') }
  const serials = [listed, await call(server, admin, 'ListMFADevices', rest)].flatMap(({ text }) =>
    elements(text, 'SerialNumber'),
  )
  expect(serials.sort()).toEqual(devices.map(({ serial }) => serial).sort())
})

describe('who has a device', () => {
  test('neither adds nor removes one of its own without having signed in with one', async () => {
    const user = await anyUser()
    const [first, second] = [await deviceOf(user), await deviceOf(user)]
    await enableDevice(server, user, user.userName, first)
    const withoutMfa = await consoleOf(server, account.accountId, { userId: user.userId })
    const codes = twoCodes(server.clock, second)
    for (const by of [user, withoutMfa]) {
      expect(refusalOf(await enable(by, user.userName, second, codes))).toEqual(needsMfa)
      expect(refusalOf(await deactivate(by, user.userName, first))).toEqual(needsMfa)
      expect(refusalOf(await call(server, by, 'DeactivateMFADevice', { SerialNumber: first.serial }))).toEqual(needsMfa)
    }
    const withMfa = await consoleOf(server, account.accountId, { userId: user.userId, mfaSerial: first.serial })
    expect((await enable(withMfa, user.userName, second, codes)).status).toBe(200)
    // The console may leave the name out; it then means itself.
    const removed = await call(server, withMfa, 'DeactivateMFADevice', { SerialNumber: first.serial })
    expect(removed.text).toBe(answerOf('DeactivateMFADevice', undefined, removed.requestId))
    // The device of this session's sign-in is gone: it proves nothing any more.
    expect(refusalOf(await deactivate(withMfa, user.userName, second))).toEqual(needsMfa)
  })

  test('is told so before anything about the device: that it is there already, or nowhere', async () => {
    const [user, other] = [await anyUser(), await anyUser()]
    const [device, free, ofOther] = [await deviceOf(user), await deviceOf(user), await deviceOf(user)]
    await enableDevice(server, user, user.userName, device)
    await enableDevice(server, account.admin, other.userName, ofOther)
    const none = { ...device, serial: `${device.serial}-none` }
    const codes = codesAt(server.clock, device, 1, 2)
    for (const each of [device, free, ofOther, none]) {
      expect(refusalOf(await enable(user, user.userName, each, codes))).toEqual(needsMfa)
      expect(refusalOf(await deactivate(user, user.userName, each))).toEqual(needsMfa)
    }
    // Who proved a device, and who changes another's, is told.
    const withMfa = await consoleOf(server, account.accountId, { userId: user.userId, mfaSerial: device.serial })
    for (const by of [withMfa, account.admin]) {
      expect(refusalOf(await enable(by, user.userName, device, codes))).toEqual(alreadyOf(user.userName))
      expect(refusalOf(await enable(by, user.userName, ofOther, codes))).toEqual(inUse)
      expect(refusalOf(await enable(by, user.userName, none, codes))).toEqual(noSuchDevice(none.serial))
      for (const each of [free, ofOther])
        expect(refusalOf(await deactivate(by, user.userName, each))).toEqual(invalidForUser)
      expect(refusalOf(await deactivate(by, user.userName, none))).toEqual(noSuchDevice(none.serial))
    }
  })

  test('changes other people’s devices by its key alone, and its own again when the last one is gone', async () => {
    const admin = await newUser(server, account.accountId, `user-${++usersMade}`, true)
    const other = await anyUser()
    const [own, ofOther, second] = [await deviceOf(admin), await deviceOf(admin), await deviceOf(admin)]
    await enableDevice(server, admin, admin.userName, own)
    await enableDevice(server, admin, other.userName, ofOther)
    expect((await deactivate(admin, other.userName, ofOther)).status).toBe(200)
    const codes = codesAt(server.clock, second, 1, 2)
    expect(refusalOf(await enable(admin, admin.userName, second, codes))).toEqual(needsMfa)
    await deactivate(account.admin, admin.userName, own)
    expect((await enable(admin, admin.userName, second, codes)).status).toBe(200)
  })

  test('ends its other sessions by adding one; those that an administrator adds end all', async () => {
    const user = await anyUser()
    const of = { userId: user.userId }
    const [here, there] = [
      await browserOf(server, account.accountId, of),
      await browserOf(server, account.accountId, of),
    ]
    const alive = async () => [
      (await here.get('/console/session')).status,
      (await there.get('/console/session')).status,
    ]
    const device = await deviceOf(user)
    await enableDevice(server, await here.credentials(), undefined, device)
    expect(await alive()).toEqual([200, 401])
    await deactivate(account.admin, user.userName, device)
    expect(await alive()).toEqual([401, 401])
  })
})

describe('ResyncMFADevice', () => {
  test('by two new consecutive codes sets the clock of the device, by its user without MFA too', async () => {
    const user = await anyUser()
    const device = await deviceOf(user)
    expect(refusalOf(await resync(user, user.userName, device, codesAt(server.clock, device, -1, 0)))).toEqual(
      invalidForUser,
    )
    const codes = twoCodes(server.clock, device)
    await enable(user, user.userName, device, codes)
    expect(refusalOf(await resync(user, user.userName, device, codes))).toEqual(wrongCodes)
    expect(refusalOf(await resync(user, user.userName, device, codesAt(server.clock, device, 0, 1)))).toEqual(
      wrongCodes,
    )
    server.clock.advance(30_000)
    const late = codesAt(server.clock, device, 15, 16)
    const done = await resync(user, user.userName, device, late)
    expect(done.text).toBe(answerOf('ResyncMFADevice', undefined, done.requestId))
    const row = await server.store.storage.reader
      .selectFrom('mfa_devices')
      .select(['drift', 'drift_set'])
      .where('serial', '=', device.serial)
      .executeTakeFirst()
    expect(row).toEqual({ drift: 16, drift_set: 16 })
    const other = await anyUser()
    expect(refusalOf(await resync(account.admin, other.userName, device, late))).toEqual(invalidForUser)
    expect(refusalOf(await resync(account.admin, 'nobody', device, late))).toEqual(noSuchUser('nobody'))
  })

  test('by a key needs the name, as EnableMFADevice does', async () => {
    const user = await anyUser()
    const device = await deviceOf(user)
    const { serial: SerialNumber } = device
    const missing =
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null"
    for (const name of ['EnableMFADevice', 'ResyncMFADevice'])
      expect(
        refusalOf(await call(server, user, name, { SerialNumber, ...codesAt(server.clock, device, -1, 0) })),
      ).toEqual(refusal(400, 'ValidationError', missing))
  })
})

test('a seed that was moved to another device opens nothing', async () => {
  const user = await anyUser()
  const [device, other] = [await deviceOf(user), await deviceOf(user)]
  const { reader } = server.store.storage
  const sealed = ({ serial }: CreatedDevice) =>
    reader.selectFrom('mfa_devices').select('seed_sealed').where('serial', '=', serial)
  const { seed_sealed } = await sealed(device).executeTakeFirstOrThrow()
  await reader.updateTable('mfa_devices').set({ seed_sealed }).where('serial', '=', other.serial).execute()
  const stolen = { ...device, serial: other.serial }
  expect(refusalOf(await enable(user, user.userName, stolen, codesAt(server.clock, device, -1, 0)))).toMatchObject({
    status: 500,
    code: 'ServiceFailure',
  })
  expect(elements((await call(server, user, 'ListMFADevices')).text, 'SerialNumber')).toEqual([])
  expect((await enable(user, user.userName, device, codesAt(server.clock, device, -1, 0))).status).toBe(200)
})

describe('attempts in vain', () => {
  const exhaust = async (attempt: () => Promise<{ status: number; code: string; message: string }>) => {
    for (let count = 1; count <= 50; count++) {
      expect(await attempt()).toEqual(wrongCodes)
      server.clock.advance(60_000)
    }
    return attempt()
  }

  test('are waited for after three, and end at fifty: for this device and who tried, nobody else', async () => {
    const [user, other] = [await anyUser(), await anyUser()]
    const device = await deviceOf(account.admin)
    const wrong = { AuthenticationCode1: '000000', AuthenticationCode2: '000000' }
    for (let count = 0; count < 3; count++) await enable(user, user.userName, device, wrong)
    expect(refusalOf(await enable(user, user.userName, device, wrong))).toMatchObject({
      status: 400,
      code: 'Throttling',
      message: 'Rate exceeded. Too many MFA codes were tried: try again in 1 seconds.',
    })
    server.clock.advance(1000)
    const fresh = await deviceOf(account.admin)
    expect(await exhaust(async () => refusalOf(await enable(user, user.userName, fresh, wrong)))).toMatchObject({
      code: 'Throttling',
      message: expect.stringMatching(/^Rate exceeded\. 50 pairs of MFA codes were tried in vain: delete this device/),
    })
    const right = codesAt(server.clock, fresh, -1, 0)
    expect(refusalOf(await enable(user, user.userName, fresh, right))).toMatchObject({ code: 'Throttling' })
    expect((await enable(other, other.userName, fresh, right)).status).toBe(200)
    // The device begins anew, and so does one of its name.
    await deactivate(account.admin, other.userName, fresh)
    expect((await enable(user, user.userName, fresh, codesAt(server.clock, fresh, 1, 2))).status).toBe(200)
  })

  test('are not counted where no code is looked at: for devices that are not there, or not the user’s', async () => {
    const user = await anyUser()
    const device = await deviceOf(user)
    const wrong = { AuthenticationCode1: '000000', AuthenticationCode2: '000001' }
    const none = { ...device, serial: `${device.serial}-none` }
    for (let count = 0; count < 5; count++) {
      expect(refusalOf(await enable(user, user.userName, none, wrong))).toEqual(noSuchDevice(none.serial))
      expect(refusalOf(await resync(user, user.userName, device, wrong))).toEqual(invalidForUser)
    }
    const { attempts } = await server.store.storage.reader
      .selectFrom('attempts')
      .select((eb) => eb.fn.countAll<number>().as('attempts'))
      .where('subject', 'in', [user.userId, `${none.serial} ${user.userId}`])
      .executeTakeFirstOrThrow()
    expect(Number(attempts)).toBe(0)
  })
})
