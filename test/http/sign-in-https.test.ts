/** Behind a proxy with TLS (V3.3.1, V3.4.1): `--public-url https://…` makes every cookie a `__Host-` one and every answer strict. */
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkAnswer } from '../support/answers.ts'
import { type ClientAnswer, createHttpClient, type HttpClient } from '../support/http-client.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import { type Attacked, attackedRootWithDevice, freshCode, recordsOf, stepOf } from './sign-in-attacks.ts'

const host = 'console.example.com'
const origin = `https://${host}`

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ publicUrl: new URL(origin) })
})
afterAll(() => server.close())

/** What the proxy passes on. Each answer is looked at as the browser sees it: over https. */
async function ask(client: HttpClient, path: string, body?: object, headers: Record<string, string> = {}) {
  const sent =
    body === undefined ? { headers: { Host: host, ...headers } } : { headers: { Host: host, ...headers }, body }
  const answer = await client.request(path, sent)
  checkAnswer({ method: body === undefined ? 'GET' : 'POST', url: `${origin}${path}` }, answer, {
    expectSecret: cookiesOf(answer),
  })
  return answer
}

const setCookies = (answer: ClientAnswer) =>
  answer.headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value)

const cookiesOf = (answer: ClientAnswer) =>
  setCookies(answer)
    .map((cookie) => /=([^;]*)/.exec(cookie)?.[1] ?? '')
    .filter((value) => value !== '')

async function post(client: HttpClient, path: string, body: object, headers: Record<string, string> = {}) {
  const state = client.cookies.has('__Host-sallyport-session') ? '/console/session' : '/sign-in/state'
  const { antiForgery } = (await ask(client, state)).json<{ antiForgery: string }>()
  return ask(client, path, body, {
    'X-Anti-Forgery': antiForgery,
    Origin: origin,
    'Sec-Fetch-Site': 'same-origin',
    ...headers,
  })
}

async function signIn(root: Attacked & Awaited<ReturnType<typeof attackedRootWithDevice>>) {
  const client = createHttpClient(server.url)
  const answers = [
    await post(client, '/sign-in/root-email', { email: root.email }),
    await post(client, '/sign-in/password', { password: root.password }),
    await post(client, '/sign-in/mfa', { serial: root.device.serial, code: freshCode(server, root.device) }),
  ]
  return { client, answers }
}

test('a whole sign-in: every cookie is __Host-, Secure, HttpOnly and SameSite=Strict', async () => {
  const root = await attackedRootWithDevice(server)
  const { client, answers } = await signIn(root)
  expect(answers.map((answer) => stepOf(answer)?.name)).toEqual(['password', 'mfa', 'signed-in'])
  answers.push(await post(client, '/console/sign-out', {}))
  const cookies = answers.flatMap(setCookies)
  expect(cookies.length).toBeGreaterThanOrEqual(6)
  for (const cookie of cookies) {
    expect(cookie).toMatch(
      /^__Host-sallyport-[a-z0-9-]+=[\w.-]*; Path=\/; HttpOnly; SameSite=Strict(; Max-Age=\d+)?; Secure$/,
    )
  }
  const [record] = (await recordsOf(server, root.accountId)).slice(-1)
  expect(record?.additionalEventData).toMatchObject({ LoginTo: `${origin}/console/home` })
})

test('cookies without the prefix, as a page of another port or scheme could plant, are not read', async () => {
  const { client } = await signIn(await attackedRootWithDevice(server))
  const session = client.cookies.get('__Host-sallyport-session') ?? ''
  const read = async (cookie: string) =>
    (await ask(createHttpClient(server.url), '/console/session', undefined, { Cookie: cookie })).status
  expect(await read(`__Host-sallyport-session=${session}`)).toBe(200)
  expect(await read(`sallyport-session=${session}`)).toBe(401)
  expect(await read(`__Secure-sallyport-session=${session}`)).toBe(401)
  expect(await read(`__host-sallyport-session=${session}`)).toBe(401)
})

test('the page’s origin is the public one: a plain http page is a foreign one', async () => {
  const { client } = await signIn(await attackedRootWithDevice(server))
  for (const foreign of [`http://${host}`, `${origin}:8443`, server.url, 'https://example.com']) {
    expect([foreign, (await post(client, '/console/credentials', {}, { Origin: foreign })).status]).toEqual([
      foreign,
      403,
    ])
  }
  expect((await post(client, '/console/credentials', {})).status).toBe(200)
})

test('errors are as strict as answers, down to what is no HTTP', async () => {
  const client = createHttpClient(server.url)
  const statuses = [
    (await ask(client, '/nothing')).status,
    (await ask(client, '/console/session')).status,
    (await ask(client, '/sign-in/mfa', {})).status,
    (await ask(client, '/sign-in/state', undefined, { Host: 'evil.example' })).status,
    (await ask(client, '/sign-in/mfa', { x: 'a'.repeat(300_000) })).status,
    (await ask(client, '/healthz')).status,
  ]
  expect(statuses).toEqual([404, 401, 403, 421, 413, 200])
  const raw = await new Promise<string>((resolve) => {
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.once('close', () => resolve(text))
    socket.write('nonsense\r\n\r\n')
  })
  expect(raw).toMatch(/^HTTP\/1\.1 400 /)
  expect(raw).toContain('strict-transport-security: max-age=63072000; includeSubDomains\r\n')
})
