/** Steps and states (security: ): every request in every state, and what the password alone reaches. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webRoutes } from '../../src/http/web-routes.ts'
import { lockPrincipal, rootPrincipal } from '../../src/iam/principals/find-principal.ts'
import { endOtherSessions } from '../../src/iam/sessions/session-store.ts'
import type { SignInState } from '../../src/sign-in/state.ts'
import { steps } from '../../src/sign-in/steps.ts'
import { newBrowser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  browserAt,
  browserAtMfa,
  enterRootPassword,
  errorCodeOf,
  freshCode,
  isSignedIn,
  mfaState,
  snapshot,
  stepOf,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

type StateName = SignInState['name']

const stateOf = (name: StateName, of: Attacked): SignInState => {
  switch (name) {
    case 'identify':
      return { name }
    case 'password':
      return { name, email: of.email }
    case 'mfa':
      return mfaState(of)
    default:
      return name satisfies never
  }
}

const stateNames: readonly StateName[] = ['identify', 'password', 'mfa']
const stepNames = Object.keys(steps) as (keyof typeof steps)[]

/** A request of each step with which the step, in its right state, gets as far as it can. */
const bodies = (of: Attacked, serial: string, code: string): Record<keyof typeof steps, object> => ({
  'root-email': { email: of.email },
  password: { password: of.password },
  'iam-user': { account: of.accountId, userName: 'nobody', password: of.password },
  mfa: { serial, code },
  'start-over': {},
})

test('the table of steps and the routes are the same list', () => {
  const routes = webRoutes.POST.filter((path) => path.startsWith('/sign-in/'))
  expect(routes).toEqual(stepNames.map((name) => `/sign-in/${name}`))
})

test.each(stateNames.flatMap((state) => stepNames.map((step) => [state, step] as const)))(
  'in the state %s the step %s is refused and changes nothing, or it is one of the table',
  async (stateName, step) => {
    const root = await attackedRootWithDevice(server)
    const browser = await browserAt(server, stateOf(stateName, root))
    const body = bodies(root, root.device.serial, freshCode(server, root.device))[step]
    const allowed: readonly StateName[] = steps[step].from
    const before = await snapshot(server)
    const answer = await browser.post(`/sign-in/${step}`, body)
    if (allowed.includes(stateName)) {
      expect(errorCodeOf(answer)).not.toBe('SignInExpired')
      expect(answer.status).toBeLessThan(500)
    } else {
      expect([answer.status, errorCodeOf(answer), stepOf(answer)]).toEqual([409, 'SignInExpired', { name: 'identify' }])
      expect(await snapshot(server)).toEqual(before)
    }
    expect(await isSignedIn(browser)).toBe(step === 'mfa' && stateName === 'mfa')
  },
)

test('what comes after the password is the challenge: no other route and no API call answers to a half-done sign-in', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = newBrowser(server)
  expect(stepOf(await enterRootPassword(browser, root))).toMatchObject({ name: 'mfa' })
  const half = browser.client.cookies.get('sallyport-sign-in') ?? ''
  const before = await snapshot(server)

  const challengeRoutes = [
    'GET /sign-in/state',
    'POST /sign-in/mfa',
    'POST /sign-in/root-email',
    'POST /sign-in/start-over',
  ]
  const expected: Record<string, number> = {
    'POST /console/sign-out': 204,
    'POST /setup': 403,
    'POST /setup/check-password': 403,
  }
  const form = { token: 'x', accountName: 'x', email: 'x@example.com', phone: '1', password: root.password }
  const bodiesOf: Record<string, object> = {
    '/setup': form,
    '/setup/check-password': form,
    '/sign-in/password': { password: root.password },
    '/sign-in/iam-user': { account: root.accountId, userName: 'x', password: root.password },
  }
  for (const cookies of [
    [['sallyport-sign-in', half]],
    // The same token where a session's would be, and in both places.
    [['sallyport-session', half]],
    [['sallyport-session', `${root.accountId}.${half}`]],
    [
      ['sallyport-sign-in', half],
      ['sallyport-session', `${root.accountId}.${half}`],
    ],
  ] as const) {
    for (const [method, paths] of Object.entries(webRoutes)) {
      for (const path of paths) {
        const route = `${method} ${path}`
        const isHalfSignedIn = cookies.some(([name]) => name === 'sallyport-sign-in')
        // Without its own cookie a sign-in stands at the start, from where a user's form may be sent.
        if (challengeRoutes.includes(route) || (!isHalfSignedIn && path === '/sign-in/iam-user')) continue
        const copy = newBrowser(server)
        for (const [name, value] of cookies) copy.client.cookies.set(name, value)
        const { antiForgery = '' } = (await copy.get('/sign-in/state')).json<{ antiForgery?: string }>()
        const answer =
          method === 'GET'
            ? await copy.get(path)
            : await copy.client.post(path, bodiesOf[path] ?? {}, { headers: { 'X-Anti-Forgery': antiForgery } })
        expect([route, answer.status]).toEqual([route, expected[route] ?? (path.startsWith('/console/') ? 401 : 409)])
        expect(answer.text).not.toContain(root.accountId)
      }
    }
  }
  expect(await snapshot(server)).toEqual(before)

  const form2 = 'Action=GetAccountSummary&Version=2010-05-08'
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  for (const headers of [
    type,
    { ...type, Authorization: `Bearer ${half}` },
    { ...type, 'X-Amz-Security-Token': half },
    { ...type, Authorization: `AWS4-HMAC-SHA256 Credential=${half}/20261124/us-east-1/iam/aws4_request` },
  ]) {
    const answer = await browser.client.request('/', { method: 'POST', headers, body: form2 })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  }
  expect(await snapshot(server)).toEqual(before)
})

test('a sign-in ends with one session, however often and wherever its code is sent', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserAtMfa(server, root)
  const copy = newBrowser(server)
  for (const [name, value] of browser.client.cookies) copy.client.cookies.set(name, value)
  const code = freshCode(server, root.device)
  expect(stepOf(await browser.post('/sign-in/mfa', { serial: root.device.serial, code }))?.name).toBe('signed-in')
  // The back button, the second tab, the copied cookie: the half-done sign-in is consumed.
  const later = freshCode(server, root.device)
  expect((await copy.post('/sign-in/mfa', { serial: root.device.serial, code: later })).status).toBe(409)
  expect((await browser.post('/sign-in/mfa', { serial: root.device.serial, code: later })).status).toBe(409)
  const { rows } = await sessionsOf(root)
  expect(rows).toHaveLength(1)
})

test('a half-done sign-in lasts ten minutes', async () => {
  const root = await attackedRootWithDevice(server)
  const late = await browserAtMfa(server, root)
  const justInTime = await browserAtMfa(server, root)
  server.clock.advance(599_000)
  const { serial, app } = root.device
  expect((await justInTime.post('/sign-in/mfa', { serial, code: app.codeAt(server.clock.now()) })).status).toBe(200)
  server.clock.advance(1_000)
  expect((await late.post('/sign-in/mfa', { serial, code: freshCode(server, root.device) })).status).toBe(409)
  expect((await late.get('/sign-in/state')).json()).toMatchObject({ step: { name: 'identify' } })
})

test('a password that was changed between the two factors ends the sign-in', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserAtMfa(server, root)
  await server.store.storage.reader
    .updateTable('accounts')
    .set({ password_version: 2 })
    .where('account_id', '=', root.accountId)
    .execute()
  const code = freshCode(server, root.device)
  expect((await browser.post('/sign-in/mfa', { serial: root.device.serial, code })).status).toBe(409)
  expect((await sessionsOf(root)).rows).toEqual([])
})

test('a user who was deleted between the two factors cannot finish the sign-in', async () => {
  const user = await attackedUser(server, await attackedRoot(server), 'gone')
  const browser = await browserAtMfa(server, user)
  await server.store.storage.reader.deleteFrom('users').where('user_id', '=', user.principalId).execute()
  const answer = await browser.post('/sign-in/mfa', { serial: 'arn:aws:iam::1:mfa/x', code: '123456' })
  expect(answer.status).toBe(409)
})

test('a device that is enabled while the password is looked at is asked for: no session without MFA begins beside it', async () => {
  const root = await attackedRoot(server)
  const { storage } = server.store
  const browser = newBrowser(server)
  await browser.post('/sign-in/root-email', { email: root.email })
  const { answer } = await storage.transaction(async (tx) => {
    // What EnableMFADevice does: lock, assign, end the other sessions, commit.
    await lockPrincipal(tx, rootPrincipal(root.accountId))
    const answering = browser.post('/sign-in/password', { password: root.password })
    await untilSomebodyWaits(tx)
    await tx
      .insertInto('mfa_devices')
      .values({
        account_id: root.accountId,
        serial: `arn:aws:iam::${root.accountId}:mfa/new`,
        name: 'new',
        path: '/',
        seed_sealed: '',
        created_at: 0,
        wizard_session: null,
        principal_id: root.principalId,
        enabled_at: 0,
        last_step: 0,
        drift_set: 0,
        drift: 0,
        verified_at: null,
      })
      .execute()
    await endOtherSessions(tx, root.accountId, root.principalId, undefined, server.clock.now())
    return { answer: answering }
  })
  expect(stepOf(await answer)).toMatchObject({ name: 'mfa' })
  expect((await sessionsOf(root)).rows).toEqual([])
})

test('a password that is changed while the code is looked at ends the sign-in, and the code is not spent', async () => {
  const root = await attackedRootWithDevice(server)
  const { storage } = server.store
  const browser = await browserAtMfa(server, root)
  const code = freshCode(server, root.device)
  const { answer } = await storage.transaction(async (tx) => {
    await lockPrincipal(tx, rootPrincipal(root.accountId))
    const answering = browser.post('/sign-in/mfa', { serial: root.device.serial, code })
    await untilSomebodyWaits(tx)
    const accounts = tx.updateTable('accounts').set({ password_version: 2 })
    await accounts.where('account_id', '=', root.accountId).execute()
    return { answer: answering }
  })
  expect((await answer).status).toBe(409)
  expect((await sessionsOf(root)).rows).toEqual([])
  const again = await browserAtMfa(server, { ...root, passwordVersion: 2 })
  expect((await again.post('/sign-in/mfa', { serial: root.device.serial, code })).status).toBe(200)
})

type Tx = TestServer['store']['storage']['reader']

/** On PostgreSQL the sign-in runs on until it needs the lock; SQLite lets it begin only afterwards. */
async function untilSomebodyWaits(tx: Tx): Promise<void> {
  if (server.store.storage.engine === 'sqlite') return
  const { sql } = await import('kysely')
  for (;;) {
    const { rows } = await sql`select 1 from pg_locks where not granted`.execute(tx)
    if (rows.length > 0) return
  }
}

async function sessionsOf({ accountId }: Attacked) {
  const rows = await server.store.storage.reader
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .execute()
  return { rows }
}
