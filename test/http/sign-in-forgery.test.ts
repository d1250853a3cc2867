/** Forged requests (ASVS V3.5.1–3, security: A-17): for every route that changes something, every way in which another site could ask. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSetupLink } from '../../src/accounts/setup-link.ts'
import { systemRandom } from '../../src/core/random.ts'
import { antiForgeryToken } from '../../src/http/anti-forgery.ts'
import { webRoutes } from '../../src/http/web-routes.ts'
import type { SignInState } from '../../src/sign-in/state.ts'
import type { ClientRequest } from '../support/http-client.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import {
  attackedRoot,
  attackedRootWithDevice,
  browserWithSession,
  foreignToken,
  freshCode,
  mfaState,
  putAt,
  type SwiftBrowser,
  snapshot,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

/** The state in which a route would do something, and what it would do it with. */
interface Target {
  readonly state: SignInState
  readonly body: object
}

function targetOf(path: string, of: Awaited<ReturnType<typeof attackedRootWithDevice>>, setupToken: string): Target {
  const password: SignInState = { name: 'password', email: of.email }
  const form = {
    token: setupToken,
    accountName: 'New',
    email: 'new@example.com',
    phone: '+43 1 2345678',
    password: of.password,
  }
  const targets: Record<string, Target> = {
    '/setup': { state: password, body: form },
    '/setup/check-password': { state: password, body: form },
    '/sign-in/root-email': { state: password, body: { email: of.email } },
    '/sign-in/password': { state: password, body: { password: of.password } },
    '/sign-in/iam-user': { state: password, body: { account: of.accountId, userName: 'x', password: 'x' } },
    '/sign-in/mfa': { state: mfaState(of), body: { serial: of.device.serial, code: freshCode(server, of.device) } },
    '/sign-in/start-over': { state: mfaState(of), body: {} },
    '/console/credentials': { state: password, body: {} },
    '/console/sign-out': { state: password, body: {} },
    '/console/sign-in-again': { state: password, body: {} },
  }
  const target = targets[path]
  if (target === undefined) throw new Error(`the route ${path} is not attacked yet: add it here`)
  return target
}

interface Forged extends ClientRequest {
  readonly how: string
  /** What comes back: a refusal, or a page that is only read. */
  readonly statuses?: readonly number[]
}

function forgeries(browser: SwiftBrowser, otherSession: string, body: object): readonly Forged[] {
  const form = browser.client.cookies.get('sallyport-form') ?? ''
  const session = browser.client.cookies.get('sallyport-session')
  const tokenOf = (of: string, at: string | undefined) => antiForgeryToken(server.store.sealer, of, at)
  const token = tokenOf(form, session)
  const text = JSON.stringify(body)
  const json = { 'Content-Type': 'application/json' }
  const right = { ...json, 'X-Anti-Forgery': token }
  const post = (how: string, headers: Record<string, string>, more: object = {}): Forged => ({
    how,
    method: 'POST',
    headers,
    body: text,
    ...more,
  })
  const host = server.url.replace('http://', '')
  return [
    post('no token', json),
    post('an empty token', { ...json, 'X-Anti-Forgery': '' }),
    post('another browser’s token', { ...json, 'X-Anti-Forgery': tokenOf(foreignToken(), session) }),
    post('another session’s token', { ...json, 'X-Anti-Forgery': tokenOf(form, otherSession) }),
    post('a token from before the sign-in', { ...json, 'X-Anti-Forgery': tokenOf(form, undefined) }),
    post('the token twice', { ...json, 'X-Anti-Forgery': `${token}, ${token}` }),
    post('the token in other letters', { ...json, 'X-Anti-Forgery': token.toLowerCase() }),
    post('the form cookie as token', { ...json, 'X-Anti-Forgery': form }),
    post('no form cookie', { ...right, Cookie: `sallyport-session=${session}` }),
    post('a planted form cookie', { ...right, Cookie: `sallyport-form=${form}; sallyport-form=${foreignToken()}` }),
    post('the token in the body', json, {
      body: JSON.stringify({ ...body, antiForgery: token, 'X-Anti-Forgery': token }),
    }),
    post('text/plain, as a form can send', { ...right, 'Content-Type': 'text/plain' }, { statuses: [415] }),
    post('a form', { ...right, 'Content-Type': 'application/x-www-form-urlencoded' }, { statuses: [415] }),
    post('a form with files', { ...right, 'Content-Type': 'multipart/form-data; boundary=x' }, { statuses: [415] }),
    post('JSON by another name', { ...right, 'Content-Type': 'text/plain; application/json' }, { statuses: [415] }),
    post('no content type', { 'X-Anti-Forgery': token, 'Content-Type': '' }, { statuses: [415] }),
    ...['cross-site', 'same-site', 'none', 'Same-Origin', ''].map((site) =>
      post(`Sec-Fetch-Site: ${site}`, { ...right, 'Sec-Fetch-Site': site }),
    ),
    ...[
      'https://evil.example',
      'null',
      '',
      `https://${host}`,
      `http://${host}.evil.example`,
      `http://evil.example/${server.url}`,
      'http://127.0.0.1',
      'http://127.0.0.1:1',
      `http://localhost:${host.split(':')[1]}`,
      server.url.toUpperCase(),
    ].map((origin) => post(`Origin: ${origin}`, { ...right, Origin: origin })),
    { how: 'GET', method: 'GET', headers: right, statuses: [200, 404] },
    { how: 'HEAD', method: 'HEAD', headers: right, statuses: [200, 404] },
    {
      how: 'GET that says it is POST',
      method: 'GET',
      headers: { ...right, 'X-HTTP-Method-Override': 'POST' },
      statuses: [200, 404],
    },
    ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].map((method) => ({
      how: method,
      method,
      headers: right,
      statuses: [405],
    })),
  ]
}

test.each(webRoutes.POST)('%s is refused to every forger, and changes nothing', async (path) => {
  const root = await attackedRootWithDevice(server)
  const link = await newSetupLink(server.store.storage.reader, systemRandom, server.clock.now())
  const { state, body } = targetOf(path, root, link)
  const browser = await browserWithSession(server, root, root.device.serial)
  await putAt(server, browser, state)
  const other = await browserWithSession(server, await attackedRoot(server))
  const otherSession = other.client.cookies.get('sallyport-session') ?? ''
  const before = await snapshot(server)
  const cookies = [...browser.client.cookies]

  for (const { how, statuses = [403], ...request } of forgeries(browser, otherSession, body)) {
    const answer = await browser.client.request(path, request)
    expect([how, statuses.includes(answer.status) ? 'refused' : answer.status]).toEqual([how, 'refused'])
    expect([how, answer.header('set-cookie')]).toEqual([how, undefined])
    if (answer.status === 200) expect(answer.header('content-type')).toMatch(/^text\/html/)
  }
  expect(await snapshot(server)).toEqual(before)
  expect([...browser.client.cookies]).toEqual(cookies)

  // The same request from our own page is taken: it was the forgery that was refused.
  const honest = await browser.post(path, body)
  expect(honest.text).not.toContain('"Forbidden"')
  expect(honest.status).toBeLessThan(500)
})

test.each(webRoutes.GET)('%s is read by our own pages and by who typed it, not by another site', async (path) => {
  const browser = await browserWithSession(server, await attackedRoot(server))
  const read = async (site: string) => (await browser.client.get(path, { headers: { 'Sec-Fetch-Site': site } })).status
  expect([await read('same-origin'), await read('none'), await read('cross-site'), await read('same-site')]).toEqual([
    200, 200, 403, 403,
  ])
})

test('a page that was opened before the sign-in cannot act in the session: its token is of another time', async () => {
  const root = await attackedRoot(server)
  const browser = await browserWithSession(server, root)
  const session = browser.client.cookies.get('sallyport-session') ?? ''
  browser.client.cookies.delete('sallyport-session')
  const { antiForgery } = (await browser.get('/sign-in/state')).json<{ antiForgery: string }>()
  browser.client.cookies.set('sallyport-session', session)
  const headers = { 'X-Anti-Forgery': antiForgery }
  expect((await browser.client.post('/console/credentials', {}, { headers })).status).toBe(403)
})
