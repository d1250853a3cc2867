/** The clock set back, and set right again (security: A-25, I-3): no code twice, no session longer than its end, no owner locked out. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sdkClients } from '../support/sdk.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import {
  attackedRoot,
  attackedRootWithDevice,
  browserAtMfa,
  browserWithSession,
  enterRootPassword,
  freshCode,
  isSignedIn,
  recordsOf,
  stepOf,
  swiftBrowser,
} from './sign-in-attacks.ts'

let server: TestServer

beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

const dayMs = 86_400_000
const hourMs = 3_600_000

test('a day back: codes of that day, used or not, are older than the last one; the owner signs in when the clock is right again', async () => {
  const root = await attackedRootWithDevice(server)
  const { serial, app } = root.device
  const signIn = async (code: string) => {
    await server.store.storage.reader.deleteFrom('attempts').execute()
    const answer = await (await browserAtMfa(server, root)).post('/sign-in/mfa', { serial, code })
    return answer.status
  }
  const yesterday = server.clock.now()
  const usedYesterday = app.codeAt(yesterday)
  expect(await signIn(usedYesterday)).toBe(200)
  server.clock.set(yesterday + dayMs)
  const usedToday = app.codeAt(server.clock.now())
  expect(await signIn(usedToday)).toBe(200)

  server.clock.set(yesterday)
  for (let step = 0; step < 6; step++) {
    expect(await signIn(app.codeAt(server.clock.now()))).toBe(401)
    server.clock.advance(30_000)
  }
  expect(await signIn(usedToday)).toBe(401)
  const pair = { code1: app.codeAt(server.clock.now() - 30_000), code2: app.codeAt(server.clock.now()) }
  await server.store.storage.reader.deleteFrom('attempts').execute()
  expect((await (await browserAtMfa(server, root)).post('/sign-in/mfa', { serial, ...pair })).status).toBe(401)

  server.clock.set(yesterday + dayMs)
  expect(await signIn(usedToday)).toBe(401)
  expect(await signIn(freshCode(server, root.device))).toBe(200)
})

test('a session ends at its end by the clock, however the clock got there, and lives through being set back', async () => {
  const root = await attackedRoot(server)
  const browser = await browserWithSession(server, root)
  const begin = server.clock.now()
  const expiresAt = async () => (await browser.get('/console/session')).json<{ expiresAt: number }>().expiresAt
  expect(await expiresAt()).toBe(begin + 12 * hourMs)
  server.clock.set(begin - dayMs)
  expect(await expiresAt()).toBe(begin + 12 * hourMs)
  const { expiration } = (await browser.post('/console/credentials', {})).json<{ expiration: number }>()
  expect(expiration).toBeLessThanOrEqual(begin + 12 * hourMs)
  server.clock.set(begin + 12 * hourMs)
  expect(await isSignedIn(browser)).toBe(false)
})

test('a session that has ended stays ended when the clock is set back', async () => {
  const root = await attackedRoot(server)
  const browser = await browserWithSession(server, root)
  const stolen = { ...(await browser.credentials()) }
  const token = browser.client.cookies.get('sallyport-session') ?? ''
  await browser.post('/console/sign-out', {})
  server.clock.advance(-hourMs)
  browser.client.cookies.set('sallyport-session', token)
  expect(await isSignedIn(browser)).toBe(false)
  const { sts } = sdkClients(server.url, stolen, { now: server.clock.now })
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: expect.stringMatching(/Token/),
  })
})

test('a wait that was written by a clock ahead of its time is not sat out for a year; the count stays', async () => {
  const root = await attackedRootWithDevice(server)
  const { serial } = root.device
  const guess = async (code: string) => (await browserAtMfa(server, root)).post('/sign-in/mfa', { serial, code })
  server.clock.advance(365 * dayMs)
  for (let n = 0; n < 3; n++) expect((await guess('x')).status).toBe(401)
  expect((await guess('x')).status).toBe(429)
  server.clock.advance(-365 * dayMs)
  expect((await guess(root.device.app.codeAt(server.clock.now()))).status).toBe(200)
  expect((await guess('x')).status).toBe(401)
  expect(stepOf(await guess('x'))).toMatchObject({ retryAfterSeconds: 2 })
})

test('the record keeps its order when the clock is set back', async () => {
  const root = await attackedRoot(server)
  await enterRootPassword(swiftBrowser(server), { ...root, password: 'not this one' })
  server.clock.advance(-dayMs)
  await enterRootPassword(swiftBrowser(server), root)
  const outcomes = (await recordsOf(server, root.accountId)).map(
    ({ responseElements }) => responseElements?.['ConsoleLogin'],
  )
  expect(outcomes).toEqual(['Failure', 'Success'])
})
