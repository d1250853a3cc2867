/** Sessions and their cookies (security: V7.2–7.4, A-08, A-18, A-47): forged, replayed, foreign, expired, ended. */
import { DeactivateMFADeviceCommand, GetAccountSummaryCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionLimits } from '../../src/iam/sessions/session-store.ts'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { enrolRootDevice, newBrowser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  browserAtMfa,
  browserWithSession,
  enterRootPassword,
  errorCodeOf,
  foreignToken,
  freshCode,
  isSignedIn,
  type SwiftBrowser,
  snapshot,
  stepOf,
  swiftBrowser,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const sessionOf = (browser: SwiftBrowser) => browser.client.cookies.get('sallyport-session') ?? ''

/** Sends these cookies, as they stand, to everything that needs a session. */
async function expectNoSession(cookie: string): Promise<void> {
  for (const path of ['/console/session', '/console/mfa-devices']) {
    const answer = await getWith(path, cookie)
    expect([cookie, answer.status, errorCodeOf(answer)]).toEqual([cookie, 401, 'NoSession'])
  }
}

const getWith = (path: string, cookie: string) => swiftBrowser(server).client.get(path, { headers: { Cookie: cookie } })

/** AWS's errors for credentials that are not, or no longer, good. */
const credentialErrors = ['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'SignatureDoesNotMatch']

async function expectRefused(credentials: SdkCredentials): Promise<void> {
  const error = await callIdentity(credentials).catch((failure: Error) => failure)
  expect(credentialErrors).toContain(error instanceof Error ? error.name : 'no error')
}

const callIdentity = (credentials: SdkCredentials) =>
  sdkClients(server.url, credentials, { now: server.clock.now }).sts.send(new GetCallerIdentityCommand({}))

test('forged, foreign and misplaced session cookies open nothing', async () => {
  const root = await attackedRootWithDevice(server)
  const other = await attackedRoot(server)
  const token = sessionOf(await browserWithSession(server, root, root.device.serial))
  const [, secret = ''] = token.split('.')
  const half = (await browserAtMfa(server, root)).client.cookies.get('sallyport-sign-in') ?? ''
  const before = await snapshot(server)
  for (const value of [
    `${root.accountId}.${foreignToken()}`,
    // One's own secret with another account's id, and the other way about.
    `${other.accountId}.${secret}`,
    secret,
    root.accountId,
    `${root.accountId}.`,
    `.${secret}`,
    `${root.accountId}.${secret.slice(0, -1)}`,
    `${token}A`,
    `${root.accountId}.${secret.slice(0, 20)}${secret.slice(20).toUpperCase()}`,
    ` ${root.accountId}`,
    `"${token}"`,
    encodeURIComponent(token).replace('.', '%2E'),
    half,
    `${root.accountId}.${half}`,
    `${root.accountId}.${'A'.repeat(43)}`,
    "' or 1=1 --",
    '%00',
    '../../etc/passwd',
    '__proto__',
    'null',
    'A'.repeat(5000),
  ]) {
    await expectNoSession(`sallyport-session=${value}`)
  }
  // The session's token where the half-done sign-in's would be, and under other names.
  for (const name of [
    'sallyport-sign-in',
    'sallyport-form',
    '__Host-sallyport-session',
    'Sallyport-Session',
    'session',
    'xsallyport-session',
  ]) {
    await expectNoSession(`${name}=${token}`)
  }
  expect((await getWith('/sign-in/state', `sallyport-sign-in=${token}`)).json()).toMatchObject({
    step: { name: 'identify' },
  })
  expect(await snapshot(server)).toEqual(before)
  expect((await getWith('/console/session', `sallyport-session=${token}`)).status).toBe(200)
})

test('of two session cookies neither counts: one of them may have been planted', async () => {
  const root = await attackedRoot(server)
  const token = sessionOf(await browserWithSession(server, root))
  const own = `sallyport-session=${token}`
  const planted = `sallyport-session=${sessionOf(await browserWithSession(server, await attackedRoot(server)))}`
  for (const cookie of [`${own}; ${planted}`, `${planted}; ${own}`, `${own}; ${own}`, `${own};sallyport-session=`]) {
    await expectNoSession(cookie)
  }
  expect((await getWith('/console/session', `a=b; ${own}; c=d`)).status).toBe(200)
})

test('signing out ends the session on the server: its cookie and its credentials are dead at once', async () => {
  const root = await attackedRoot(server)
  const browser = await browserWithSession(server, root)
  const stolen = `sallyport-session=${sessionOf(browser)}`
  const credentials = await browser.credentials()
  expect(await callIdentity(credentials)).toMatchObject({ Account: root.accountId })
  expect((await browser.post('/console/sign-out', {})).status).toBe(204)
  expect(browser.client.cookies.has('sallyport-session')).toBe(false)
  await expectNoSession(stolen)
  await expectRefused(credentials)
})

test('a sign-out that cannot reach the session says so', async () => {
  const browser = await browserWithSession(server, await attackedRoot(server))
  const { reader } = server.store.storage
  await reader.schema.alterTable('sessions').renameTo('sessions_away').execute()
  const answer = await browser
    .post('/console/sign-out', {})
    .finally(() => reader.schema.alterTable('sessions_away').renameTo('sessions').execute())
  expect(answer.status).toBe(500)
  expect(await isSignedIn(browser)).toBe(true)
})

test('a session ends after twelve hours, however busy it was, and its credentials with it', async () => {
  for (const [of, idleMs] of [
    [await attackedRoot(server), sessionLimits.idleRootMs],
    [await attackedUser(server, await attackedRoot(server), 'busy'), sessionLimits.idleUserMs],
  ] as const) {
    const browser = await browserWithSession(server, of)
    const end = server.clock.now() + 12 * 3_600_000
    while (server.clock.now() + idleMs - 1 < end) {
      server.clock.advance(idleMs - 1)
      expect(await isSignedIn(browser)).toBe(true)
    }
    server.clock.set(end - 1)
    expect(await isSignedIn(browser)).toBe(true)
    const credentials = await browser.credentials()
    server.clock.set(end)
    await expectNoSession(`sallyport-session=${sessionOf(browser)}`)
    await expectRefused(credentials)
  }
})

test('a session ends when it is not used: root after 15 minutes, a user after an hour', async () => {
  const root = await attackedRoot(server)
  for (const [of, minutes] of [
    [root, 15],
    [await attackedUser(server, root, 'idle'), 60],
  ] as const) {
    const unused = await browserWithSession(server, of)
    const used = await browserWithSession(server, of)
    const credentials = await unused.credentials()
    server.clock.advance(minutes * 60_000 - 1)
    expect(await isSignedIn(used)).toBe(true)
    server.clock.advance(1)
    await expectNoSession(`sallyport-session=${sessionOf(unused)}`)
    await expectRefused(credentials)
    expect(await isSignedIn(used)).toBe(true)
  }
})

test('looking without a right cookie, or at the sign-in page, does not keep a session alive', async () => {
  const browser = await browserWithSession(server, await attackedRoot(server))
  server.clock.advance(14 * 60_000)
  await browser.get('/sign-in/state')
  await expectNoSession(`sallyport-session=${sessionOf(browser)}x`)
  server.clock.advance(60_000)
  expect(await isSignedIn(browser)).toBe(false)
})

test('each sign-in gives a new id, and the browser’s former session ends, also when it was another principal’s', async () => {
  const root = await attackedRootWithDevice(server)
  const other = await attackedRoot(server)
  const browser = await browserAtMfa(server, root)
  const { serial } = root.device
  await browser.post('/sign-in/mfa', { serial, code: freshCode(server, root.device) })
  const first = sessionOf(browser)
  expect(stepOf(await enterRootPassword(browser, other))?.name).toBe('signed-in')
  const second = sessionOf(browser)
  expect(stepOf(await enterRootPassword(browser, other))?.name).toBe('signed-in')
  const third = sessionOf(browser)
  expect(new Set([first, second, third]).size).toBe(3)
  await expectNoSession(`sallyport-session=${first}`)
  await expectNoSession(`sallyport-session=${second}`)
  expect((await browser.get('/console/session')).json()).toMatchObject({ accountId: other.accountId })
})

test('an id that was planted before the sign-in is not the session’s afterwards', async () => {
  const root = await attackedRoot(server)
  const planted = `${root.accountId}.${foreignToken()}`
  const browser = swiftBrowser(server)
  browser.client.cookies.set('sallyport-session', planted)
  expect(stepOf(await enterRootPassword(browser, root))?.name).toBe('signed-in')
  expect(sessionOf(browser)).not.toBe(planted)
  await expectNoSession(`sallyport-session=${planted}`)
})

test('signing in again ends the session before it leads to the password', async () => {
  const root = await attackedRoot(server)
  const browser = await browserWithSession(server, root)
  const former = `sallyport-session=${sessionOf(browser)}`
  const answer = await browser.post('/console/sign-in-again', {})
  expect([answer.status, answer.json()]).toEqual([200, { location: '/sign-in' }])
  await expectNoSession(former)
  expect((await browser.get('/sign-in/state')).json()).toMatchObject({ step: { name: 'password', email: root.email } })
  expect((await browser.post('/console/sign-in-again', {})).status).toBe(401)
})

test('credentials are good with their own session token only', async () => {
  const root = await attackedRoot(server)
  const mine = await (await browserWithSession(server, root)).credentials()
  const second = await (await browserWithSession(server, root)).credentials()
  const theirs = await (await browserWithSession(server, await attackedRoot(server))).credentials()
  for (const sessionToken of [
    second.sessionToken,
    theirs.sessionToken,
    `${mine.sessionToken}A`,
    mine.sessionToken.slice(0, -2),
  ]) {
    await expectRefused({ ...mine, sessionToken })
  }
  await expectRefused({ accessKeyId: mine.accessKeyId, secretAccessKey: mine.secretAccessKey })
  await expectRefused({ ...mine, accessKeyId: second.accessKeyId })
  await expectRefused({ ...mine, secretAccessKey: second.secretAccessKey })
  expect(await callIdentity(mine)).toMatchObject({ Account: root.accountId })
})

test('enabling and deactivating a device end every other session of the principal, and nobody else’s', async () => {
  const root = await attackedRoot(server)
  const user = await browserWithSession(server, await attackedUser(server, root, 'colleague'))
  const first = newBrowser(server)
  const others = [await browserWithSession(server, root), await browserWithSession(server, root)]
  const stolen = await (others[0] as SwiftBrowser).credentials()
  first.client.cookies.set('sallyport-session', sessionOf(await browserWithSession(server, root)))

  const device = await enrolRootDevice(server, first, 'phone')
  for (const browser of others) expect(await isSignedIn(browser)).toBe(false)
  await expectRefused(stolen)
  expect((await first.get('/console/session')).json()).toMatchObject({ mfaSerial: null, mfaEnabled: true })
  expect(await isSignedIn(user)).toBe(true)

  const withMfa = await browserAtMfa(server, root)
  await withMfa.post('/sign-in/mfa', { serial: device.serial, code: freshCode(server, device) })
  const { iam } = sdkClients(server.url, await withMfa.credentials(), { now: server.clock.now })
  await iam.send(new DeactivateMFADeviceCommand({ SerialNumber: device.serial } as never))
  expect((await first.get('/console/session')).status).toBe(401)
  expect(await isSignedIn(withMfa)).toBe(true)
  expect(await isSignedIn(user)).toBe(true)
})

test('a session says of itself how it began, whatever happened to the devices since', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserWithSession(server, root)
  const { iam } = sdkClients(server.url, await browser.credentials(), { now: server.clock.now })
  await expect(iam.send(new DeactivateMFADeviceCommand({ SerialNumber: root.device.serial } as never))).rejects.toThrow(
    'please ensure that you are authenticated with an MFA device',
  )
  const summary = await iam.send(new GetAccountSummaryCommand({}))
  expect(summary.SummaryMap?.['AccountMFAEnabled']).toBe(1)
})

test('the cookie that makes a browser known is one principal’s, and no session', async () => {
  const root = await attackedRootWithDevice(server)
  const other = await attackedRootWithDevice(server)
  const known = async (of: Attacked & typeof root) => {
    const browser = await browserAtMfa(server, of)
    await browser.post('/sign-in/mfa', { serial: of.device.serial, code: freshCode(server, of.device) })
    return [...browser.client.cookies].find(([name]) => name.startsWith('sallyport-known-')) ?? ['', '']
  }
  const [rootName, rootToken] = await known(root)
  const [otherName, otherToken] = await known(other)
  expect(rootName).not.toBe(otherName)
  await expectNoSession(`sallyport-session=${rootToken}`)
  // Ten wrong codes at once would be a trusted browser's; a stranger has three before it waits.
  for (const [name, value, isKnown] of [
    [rootName, otherToken, false],
    [otherName, otherToken, false],
    [otherName, rootToken, false],
    [rootName, foreignToken(), false],
    [rootName, rootToken, true],
  ] as const) {
    await server.store.storage.reader.deleteFrom('attempts').where('account_id', '=', root.accountId).execute()
    const browser = await browserAtMfa(server, root)
    browser.client.cookies.set(name, value)
    const answers: number[] = []
    for (let n = 0; n < 5; n++) {
      answers.push((await browser.post('/sign-in/mfa', { serial: root.device.serial, code: 'no' })).status)
    }
    expect([name, answers]).toEqual([name, isKnown ? [401, 401, 401, 401, 401] : [401, 401, 401, 429, 429]])
  }
})
