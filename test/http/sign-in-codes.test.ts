/** Codes at the sign-in (security: A-03, A-03b, A-16): each works once, at its own device, in its own time, as six ASCII digits. */
import { EnableMFADeviceCommand, ResyncMFADeviceCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authenticatorApp } from '../support/authenticator-app.ts'
import { sdkClients } from '../support/sdk.ts'
import { type EnrolledDevice, newBrowser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  browserAtMfa,
  browserWithSession,
  errorCodeOf,
  freshCode,
  giveDevice,
  isSignedIn,
  recordsOf,
  snapshot,
  stepOf,
  wrongCode,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** Attempts one code from a browser of its own. The rate limits are another test's subject. */
async function tryCode(of: Attacked, device: EnrolledDevice, code: unknown) {
  await forgetAttempts(of)
  const browser = await browserAtMfa(server, of)
  const answer = await browser.post('/sign-in/mfa', { serial: device.serial, code })
  expect(await isSignedIn(browser)).toBe(answer.status === 200)
  return answer
}

const forgetAttempts = ({ accountId }: Attacked) =>
  server.store.storage.reader.deleteFrom('attempts').where('account_id', '=', accountId).execute()

async function expectRefused(of: Attacked, device: EnrolledDevice, code: unknown, status = 401): Promise<void> {
  const answer = await tryCode(of, device, code)
  expect([code, answer.status]).toEqual([code, status])
  expect(errorCodeOf(answer)).toBe(status === 401 ? 'AuthenticationFailed' : 'ValidationError')
}

const stepMs = 30_000

test('RFC 6238 §5.2: the codes of this step, of the one before and of the one after are taken, older and newer ones are not', async () => {
  for (const [steps, taken] of [
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
    [-120, false],
  ] as const) {
    const root = await attackedRootWithDevice(server)
    const code = root.device.app.codeAt(server.clock.now() + steps * stepMs)
    expect([steps, (await tryCode(root, root.device, code)).status]).toEqual([steps, taken ? 200 : 401])
  }
})

test('a code works once: not again, not in another browser, not an older one after a newer one', async () => {
  const root = await attackedRootWithDevice(server)
  const { device } = root
  const older = device.app.codeAt(server.clock.now() - stepMs)
  const code = device.app.codeAt(server.clock.now())
  expect((await tryCode(root, device, code)).status).toBe(200)
  await expectRefused(root, device, code)
  await expectRefused(root, device, older)
  server.clock.advance(stepMs)
  await expectRefused(root, device, code)
  expect((await tryCode(root, device, device.app.codeAt(server.clock.now()))).status).toBe(200)
})

test('of eight requests with one code at once exactly one begins a session, from one browser or from eight', async () => {
  for (const browsers of [1, 8]) {
    for (let round = 0; round < 3; round++) {
      const root = await attackedRootWithDevice(server)
      const code = freshCode(server, root.device)
      const first = await browserAtMfa(server, root)
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, n) => (browsers === 1 || n === 0 ? first : browserAtMfa(server, root))),
      )
      const answers = await Promise.all(
        all.map((browser) => browser.post('/sign-in/mfa', { serial: root.device.serial, code })),
      )
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
      for (const { status } of answers) expect([200, 401, 409, 429]).toContain(status)
      const sessions = server.store.storage.reader.selectFrom('sessions').select('session_hash')
      expect(await sessions.where('account_id', '=', root.accountId).execute()).toHaveLength(1)
    }
  }
})

test('a code is good for its own device only: not for the second one, not for another principal, not for another account', async () => {
  const root = await attackedRootWithDevice(server)
  const tablet = await giveDevice(server, root, 'tablet')
  const user = await attackedUser(server, root, 'ada')
  const userDevice = await giveDevice(server, user, 'ada-phone')
  const stranger = await attackedRootWithDevice(server)
  server.clock.advance(stepMs)
  const now = server.clock.now()
  const codeOf = (device: EnrolledDevice) => device.app.codeAt(now)
  for (const [device, code] of [
    [root.device, codeOf(tablet)],
    [tablet, codeOf(root.device)],
    // With the right code of somebody else's device: the device is not this principal's.
    [userDevice, codeOf(userDevice)],
    [stranger.device, codeOf(stranger.device)],
    [{ ...root.device, serial: root.device.serial.toUpperCase() }, codeOf(root.device)],
    [{ ...root.device, serial: ` ${root.device.serial}` }, codeOf(root.device)],
    [{ ...root.device, serial: '' }, codeOf(root.device)],
  ] as const) {
    await expectRefused(root, device, code)
  }
  // None of them was spent by that.
  expect((await tryCode(root, tablet, codeOf(tablet))).status).toBe(200)
  expect((await tryCode(root, root.device, codeOf(root.device))).status).toBe(200)
  expect((await tryCode(user, userDevice, codeOf(userDevice))).status).toBe(200)
  expect((await tryCode(stranger, stranger.device, codeOf(stranger.device))).status).toBe(200)
})

test('a device that was taken away, or that nobody has enabled, opens nothing', async () => {
  const root = await attackedRootWithDevice(server)
  await giveDevice(server, root, 'tablet')
  await server.store.storage.reader
    .updateTable('mfa_devices')
    .set({ principal_id: null, enabled_at: null })
    .where('serial', '=', root.device.serial)
    .execute()
  await expectRefused(root, root.device, freshCode(server, root.device))
})

/** A right code in fifty dresses, each of which another product has taken for the code (CVE-2025-6014). */
function decorations(code: string): readonly string[] {
  const fullWidth = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')
  const arabic = [...code].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join('')
  const spaces = [
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\v',
    '\f',
    '\u00a0',
    '\u2003',
    '\u200b',
    '\ufeff',
    '\u0000',
    '\u2028',
    '\u202e',
  ]
  const halves = `${code.slice(0, 3)}-${code.slice(3)}`
  return [
    ...spaces.flatMap((space) => [`${space}${code}`, `${code}${space}`]),
    `${code.slice(0, 3)} ${code.slice(3)}`,
    halves,
    ...['+', '-', '0', '00', '0x', '#', "'", '"'].map((before) => `${before}${code}`),
    ...['.0', '.', ',', 'e0', 'n', 'L', '%20', '%00', ';', '\\n'].map((after) => `${code}${after}`),
    fullWidth,
    arabic,
    `${fullWidth.slice(0, 1)}${code.slice(1)}`,
    code.slice(0, 5),
    `${code}${code}`,
    '',
    `[${code}]`,
  ]
}

test('fifty decorations of a used code, and of an unused one, are no codes', async () => {
  const root = await attackedRootWithDevice(server)
  const code = freshCode(server, root.device)
  expect((await tryCode(root, root.device, code)).status).toBe(200)
  const dresses = decorations(code)
  expect(dresses.length).toBeGreaterThanOrEqual(50)
  const unused = freshCode(server, root.device)
  const browser = await browserAtMfa(server, root)
  for (const dress of [...dresses, ...decorations(unused)]) {
    await forgetAttempts(root)
    const answer = await browser.post('/sign-in/mfa', { serial: root.device.serial, code: dress })
    // A control character is in no text: such a request is refused before anything is looked at.
    const refused = /\p{Cc}/u.test(dress) ? [400, 'ValidationError'] : [401, 'AuthenticationFailed']
    expect([dress, answer.status, errorCodeOf(answer)]).toEqual([dress, ...refused])
  }
  expect((await tryCode(root, root.device, unused)).status).toBe(200)
})

test('what is no text is no code: it is refused before an attempt is counted', async () => {
  const root = await attackedRootWithDevice(server)
  const code = freshCode(server, root.device)
  const browser = await browserAtMfa(server, root)
  const before = await snapshot(server)
  const { serial } = root.device
  for (const body of [
    { serial, code: [code] },
    { serial, code: [code, code] },
    { serial, code: Number(code) },
    { serial, code: { 0: code } },
    { serial, code: { toString: code } },
    { serial, code: null },
    { serial, code: true },
    { serial },
    { serial: [serial], code },
    { serial: { serial }, code },
    { serial: null, code },
    { code },
    { serial, code: code.repeat(20) },
    { serial, code1: [code], code2: code },
    { serial, code1: code },
    { serial, code, code1: code },
    { serial, code: '\ud800' },
    {},
  ]) {
    const answer = await browser.post('/sign-in/mfa', body)
    expect([body, answer.status, errorCodeOf(answer)]).toEqual([body, 400, 'ValidationError'])
  }
  expect(await snapshot(server)).toEqual(before)
  expect((await browser.post('/sign-in/mfa', { serial, code })).status).toBe(200)
})

test('where one code is shown two consecutive ones do as well, and nothing near them', async () => {
  const root = await attackedRootWithDevice(server)
  const { serial, app } = root.device
  server.clock.advance(40 * stepMs)
  const at = (steps: number) => app.codeAt(server.clock.now() + steps * stepMs)
  for (const [code1, code2] of [
    [at(0), at(0)],
    [at(0), at(-1)],
    [at(-2), at(0)],
    [at(-22), at(-21)],
    [at(21), at(22)],
    [at(0), wrongCode(server, root.device)],
    [`${at(-1)} `, at(0)],
  ]) {
    await forgetAttempts(root)
    const browser = await browserAtMfa(server, root)
    const answer = await browser.post('/sign-in/mfa', { serial, code1, code2 })
    expect([answer.status, errorCodeOf(answer)]).toEqual([401, 'AuthenticationFailed'])
    // Which rule was broken is said to who is signed in, never here.
    expect(answer.json<{ error: object }>().error).toEqual({
      code: 'AuthenticationFailed',
      title: 'Authentication failed',
      message: 'Your authentication information is incorrect. Please try again.',
    })
  }
  const browser = await browserAtMfa(server, root)
  expect((await browser.post('/sign-in/mfa', { serial, code1: at(-1), code2: at(0) })).status).toBe(200)
  await expectRefused(root, root.device, at(-1))
  await expectRefused(root, root.device, at(0))
})

test('drift: a device that runs away by a step at each sign-in is followed for four steps, and no further', async () => {
  const root = await attackedRootWithDevice(server)
  const { device } = root
  for (const [ahead, status] of [
    [1, 200],
    [2, 200],
    [3, 200],
    [4, 200],
    // The fifth step is in the window, but the drift stays at four.
    [5, 200],
    [6, 401],
    [5, 200],
  ] as const) {
    server.clock.advance(10 * stepMs)
    const code = device.app.codeAt(server.clock.now() + ahead * stepMs)
    expect([ahead, (await tryCode(root, device, code)).status]).toEqual([ahead, status])
  }
})

test('a wrong code moves nothing: neither the drift nor the last step', async () => {
  const root = await attackedRootWithDevice(server)
  const rowOf = () =>
    server.store.storage.reader.selectFrom('mfa_devices').selectAll().where('serial', '=', root.device.serial).execute()
  const before = await rowOf()
  await expectRefused(root, root.device, wrongCode(server, root.device))
  await expectRefused(root, root.device, root.device.app.codeAt(server.clock.now() + 3 * stepMs))
  expect(await rowOf()).toEqual(before)
})

test('one count of used codes: enrolment, sign-in and resync spend them for each other', async () => {
  const root = await attackedRoot(server)
  const browser = newBrowser(server)
  browser.client.cookies.set('sallyport-session', await sessionTokenOf(root))
  const { iam } = sdkClients(server.url, await browser.credentials(), { now: server.clock.now })
  const { CreateVirtualMFADeviceCommand } = await import('@aws-sdk/client-iam')
  const { VirtualMFADevice: made } = await iam.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }),
  )
  const app = authenticatorApp(Buffer.from(made?.Base32StringSeed ?? []).toString())
  const serial = made?.SerialNumber ?? ''
  const device = { serial, app }
  const codes = () => ({
    SerialNumber: serial,
    AuthenticationCode1: app.codeAt(server.clock.now() - stepMs),
    AuthenticationCode2: app.codeAt(server.clock.now()),
  })

  // Neither code of the enrolment signs in.
  await iam.send(new EnableMFADeviceCommand(codes() as never))
  await expectRefused(root, device, codes().AuthenticationCode1)
  await expectRefused(root, device, codes().AuthenticationCode2)

  // A code of a sign-in is no code of a resync.
  server.clock.advance(2 * stepMs)
  expect((await tryCode(root, device, app.codeAt(server.clock.now() - stepMs))).status).toBe(200)
  await forgetAttempts(root)
  await expect(iam.send(new ResyncMFADeviceCommand(codes() as never))).rejects.toThrow(/used before/)

  // Neither code of a resync signs in.
  server.clock.advance(2 * stepMs)
  await forgetAttempts(root)
  await iam.send(new ResyncMFADeviceCommand(codes() as never))
  await expectRefused(root, device, codes().AuthenticationCode1)
  await expectRefused(root, device, codes().AuthenticationCode2)
  expect((await tryCode(root, device, freshCode(server, device))).status).toBe(200)
})

test('each refused code is one ConsoleLogin failure in the record, each accepted one a success with its device', async () => {
  const root = await attackedRootWithDevice(server)
  const code = freshCode(server, root.device)
  await expectRefused(root, root.device, wrongCode(server, root.device))
  await tryCode(root, root.device, code)
  await expectRefused(root, root.device, code)
  const records = await recordsOf(server, root.accountId)
  expect(
    records.map(({ responseElements, additionalEventData }) => [responseElements, additionalEventData]),
  ).toMatchObject([
    [{ ConsoleLogin: 'Failure' }, { MFAUsed: 'Yes' }],
    [{ ConsoleLogin: 'Success' }, { MFAUsed: 'Yes', MFAIdentifier: root.device.serial }],
    [{ ConsoleLogin: 'Failure' }, { MFAUsed: 'Yes' }],
  ])
})

test('a principal whose devices have all gone between the factors gets no session without one: it starts again', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserAtMfa(server, root)
  await server.store.storage.reader.deleteFrom('mfa_devices').where('serial', '=', root.device.serial).execute()
  const answer = await browser.post('/sign-in/mfa', {
    serial: root.device.serial,
    code: freshCode(server, root.device),
  })
  expect([answer.status, stepOf(answer)]).toMatchObject([401, { name: 'mfa' }])
  expect(await isSignedIn(browser)).toBe(false)
})

async function sessionTokenOf(root: Attacked): Promise<string> {
  const browser = await browserWithSession(server, root)
  return browser.client.cookies.get('sallyport-session') ?? ''
}
