/** The sign-in's requests as bytes (security, V4.1, V3.3, V3.4): hosts, paths, methods, senders, bodies. */
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { antiForgeryToken } from '../../src/http/anti-forgery.ts'
import { httpLimits } from '../../src/http/listener.ts'
import { webRoutes } from '../../src/http/web-routes.ts'
import { checkAnswer } from '../support/answers.ts'
import { createHttpClient } from '../support/http-client.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import {
  attackedRoot,
  attackedRootWithDevice,
  browserAtMfa,
  browserWithSession,
  errorCodeOf,
  foreignToken,
  freshCode,
  recordsOf,
  snapshot,
  swiftBrowser,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const portOf = ({ url }: TestServer) => Number(new URL(url).port)

/** Sends the bytes as they are over a connection of its own; gives what comes back until the server hangs up: it must. */
async function sendRaw(text: string): Promise<{ status: number; headers: [string, string][]; body: Buffer }> {
  const socket = net.connect(portOf(server), '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // What the server did not want to read to its end it may cut off; its answer has come before.
  socket.on('error', () => {})
  socket.write(Buffer.from(text, 'latin1'))
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const raw = Buffer.concat(chunks)
  const end = raw.indexOf('\r\n\r\n')
  const [first = '', ...lines] = raw.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const answer = { status: Number(first.split(' ')[1] ?? 0), headers, body: raw.subarray(end + 4) }
  checkAnswer({ method: 'GET', url: `${server.url}/` }, { ...answer, body: undefined })
  return answer
}

test('pages and routes are served under our own names only', async () => {
  const port = portOf(server)
  const browser = await browserWithSession(server, await attackedRoot(server))
  const ask = async (host: string, path: string) => (await browser.client.get(path, { headers: { Host: host } })).status
  for (const path of ['/sign-in/state', '/console/session', '/', '/sign-in', '/console/home']) {
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1:${port}.evil.example`,
      `127.0.0.1.evil.example:${port}`,
      `evil.example@127.0.0.1:${port}`,
      `127.0.0.1:${port}@evil.example`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.1:${port}`,
      `2130706433:${port}`,
      `0.0.0.0:${port}`,
      `localhost.:${port}`,
      `127.0.0.1:0${port}`,
      `127.0.0.1:${port}/`,
      '',
    ]) {
      expect([path, host, await ask(host, path)]).toEqual([path, host, 421])
    }
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
    expect([host, await ask(host, '/console/session')]).toEqual([host, 200])
  }
})

test('a foreign host gets nothing done, and no cookie', async () => {
  const root = await attackedRoot(server)
  const browser = await browserWithSession(server, root)
  const before = await snapshot(server)
  const token = antiForgeryToken(
    server.store.sealer,
    browser.client.cookies.get('sallyport-form') ?? '',
    browser.client.cookies.get('sallyport-session'),
  )
  for (const path of webRoutes.POST) {
    const headers = { Host: 'evil.example', 'X-Anti-Forgery': token, Origin: 'http://evil.example' }
    const answer = await browser.client.post(path, {}, { headers })
    expect([path, answer.status, answer.header('set-cookie')]).toEqual([path, 421, undefined])
  }
  expect(await snapshot(server)).toEqual(before)
})

test('what the request line and the host say apart, the host decides; without a host there is no page', async () => {
  const host = `127.0.0.1:${portOf(server)}`
  const get = (target: string, lines: string) => sendRaw(`GET ${target} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`)
  expect((await get('/sign-in/state', '')).status).toBe(421)
  expect((await get(`http://${host}/sign-in/state`, 'Host: evil.example\r\n')).status).toBe(421)
  expect((await get(`http://evil.example/sign-in/state`, `Host: ${host}\r\n`)).status).toBe(400)
  expect((await get('*', `Host: ${host}\r\n`)).status).toBe(400)
  expect((await get('/sign-in/state', `Host: ${host}\r\n`)).status).toBe(200)
})

test('what is no HTTP is refused with the headers of every answer', async () => {
  const host = `Host: 127.0.0.1:${portOf(server)}\r\n`
  for (const text of [
    `get /sign-in/state HTTP/1.1\r\n${host}\r\n`,
    `GET /sign-in/state HTTP/9.9\r\n${host}\r\n`,
    `GET /sign-in/\x00state HTTP/1.1\r\n${host}\r\n`,
    `GET /sign-in/state HTTP/1.1\r\n${host}X: a\x00b\r\n\r\n`,
    `GET /sign-in/state HTTP/1.1\r\n${host} folded: x\r\n\r\n`,
    `GET /sign-in/state HTTP/1.1\r\n${host}X: ${'a'.repeat(httpLimits.headerBytesMax + 1)}\r\n\r\n`,
    `POST /sign-in/mfa HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    `POST /sign-in/mfa HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    `POST /sign-in/mfa HTTP/1.1\r\n${host}Content-Length: +2\r\n\r\n{}`,
  ]) {
    expect([text.slice(0, 60), (await sendRaw(text)).status]).toEqual([text.slice(0, 60), 400])
  }
})

test('a path is what the table says, letter by letter: every other spelling of a route reaches nothing', async () => {
  const root = await attackedRootWithDevice(server)
  const code = freshCode(server, root.device)
  const browser = await browserAtMfa(server, root)
  const before = await snapshot(server)
  const post = async (path: string) => (await browser.post(path, { serial: root.device.serial, code })).status
  for (const path of [
    '//sign-in/mfa',
    '/sign-in//mfa',
    '/sign-in/mfa/',
    '/sign-in/./mfa',
    '/sign-in/x/../mfa',
    '/sign-in/..;/sign-in/mfa',
    '/sign-in/mfa;x=1',
    '/sign-in%2fmfa',
    '/sign-in%2Fmfa',
    '/sign-in%5cmfa',
    '/sign-in\\mfa',
    '/sign-in/mfa%00',
    '/sign-in/mfa%20',
    '/sign-in/%6dfa',
    '/%73ign-in/mfa',
    '/sign-in/mfa.json',
    '/sign-in/MFA',
    '/Sign-In/mfa',
    '/sign-in/mfa%23',
    '/sign-in/mfa%3f',
    '/sign-in/mfa%252e',
    '/sign-in/toString',
    '/sign-in/__proto__',
    '/sign-in/constructor',
    '/constructor',
    '/__proto__',
  ]) {
    expect([path, [400, 404, 405].includes(await post(path))]).toEqual([path, true])
  }
  expect(await snapshot(server)).toEqual(before)
  // What follows a question mark is no part of the path, and nothing reads it.
  expect(await post(`/sign-in/mfa?code=${code}&serial=x`)).toBe(200)
})

test('a path that a proxy may read in another way is no page either', async () => {
  const browser = swiftBrowser(server)
  for (const path of [
    '//',
    '/console//home',
    '/console/../sign-in',
    '/console/%2e%2e/x',
    '/console/..;/x',
    '/console/a%2fb',
    '/console/%00',
    '/console/a\\b',
    '/console/.',
    '/console/%252f',
  ]) {
    expect([path, (await browser.get(path)).status]).toEqual([path, 400])
  }
})

test('methods that are not used are refused everywhere, and signed-in routes answer to no other method', async () => {
  const browser = await browserWithSession(server, await attackedRoot(server))
  const before = await snapshot(server)
  for (const path of [...webRoutes.GET, ...webRoutes.POST, '/', '/sign-in']) {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']) {
      const answer = await browser.client.request(path, { method })
      expect([method, path, answer.status]).toEqual([method, path, 405])
      expect(answer.header('access-control-allow-origin')).toBeUndefined()
    }
  }
  for (const path of webRoutes.GET) {
    expect([403, 405]).toContain((await browser.client.post(path, {})).status)
  }
  expect(await snapshot(server)).toEqual(before)
})

test('no header says for a request where it comes from', async () => {
  const names = [
    'X-Forwarded-For',
    'X-Real-IP',
    'X-Client-IP',
    'X-Originating-IP',
    'X-Remote-IP',
    'X-Remote-Addr',
    'X-Cluster-Client-IP',
    'CF-Connecting-IP',
    'True-Client-IP',
    'Fastly-Client-IP',
    'Forwarded',
    'X-Forwarded-Host',
  ]
  expect(names).toHaveLength(12)
  const root = await attackedRootWithDevice(server)
  const results: unknown[] = []
  for (const [index, name] of names.entries()) {
    const browser = swiftBrowser(server)
    const form = browser.client.cookies.get('sallyport-form') ?? ''
    const headers = {
      'X-Anti-Forgery': antiForgeryToken(server.store.sealer, form, undefined),
      [name]: index % 2 === 0 ? '203.0.113.9' : 'for="unknown, \'"',
    }
    await browser.client.post('/sign-in/root-email', { email: root.email }, { headers })
    const answer = await browser.client.post('/sign-in/password', { password: 'not this one' }, { headers })
    results.push([answer.status, answer.text])
  }
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
  const [attempts] = await server.store.storage.reader
    .selectFrom('attempts')
    .select('failures')
    .where('account_id', '=', root.accountId)
    .execute()
  expect(attempts?.failures).toBe(12)
  const records = await recordsOf(server, root.accountId)
  expect(records.map((record) => record['sourceIPAddress'])).toEqual(Array(12).fill('127.0.0.1'))
})

test('a body is one JSON object in UTF-8 of bounded size; nothing else is looked at', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserAtMfa(server, root)
  const form = browser.client.cookies.get('sallyport-form') ?? ''
  const headers = {
    'X-Anti-Forgery': antiForgeryToken(server.store.sealer, form, undefined),
    'Content-Type': 'application/json',
  }
  const before = await snapshot(server)
  const post = (body: string | Uint8Array) => browser.client.request('/sign-in/mfa', { method: 'POST', headers, body })
  const text = JSON.stringify({ serial: root.device.serial, code: freshCode(server, root.device) })
  const nested = (open: string, close: string) => `${open.repeat(2_000)}1${close.repeat(2_000)}`
  for (const body of [
    '',
    ' ',
    'null',
    'true',
    '1',
    '"x"',
    '[]',
    `[${text}]`,
    `${text}${text}`,
    `${text.slice(0, -1)},}`,
    text.replaceAll('"', "'"),
    `/**/${text}`,
    `)]}'\n${text}`,
    Buffer.from(text, 'utf16le'),
    Buffer.concat([Buffer.from('{"serial":"'), Buffer.from([0xff, 0xfe]), Buffer.from('","code":"1"}')]),
    Buffer.concat([Buffer.from('{"serial":"'), Buffer.from([0xc0, 0x80]), Buffer.from('","code":"1"}')]),
    Buffer.concat([Buffer.from('{"serial":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('","code":"1"}')]),
    nested('[', ']'),
    nested('{"a":', '}'),
    nested('[', ''),
    '{"__proto__":{"serial":"x","code":"1"}}',
    '{"constructor":{"prototype":{"serial":"x","code":"1"}}}',
    '{"serial":{"__proto__":"x"},"code":["1"]}',
    '{"toString":"x"}',
  ]) {
    const answer = await post(body)
    expect([String(body).slice(0, 40), answer.status]).toEqual([String(body).slice(0, 40), 400])
    expect(errorCodeOf(answer)).toBe('ValidationError')
  }
  for (const large of [`{"x":"${'a'.repeat(20_000)}"}`, '['.repeat(300_000)]) {
    expect((await post(large)).status).toBe(413)
  }
  expect({}).not.toHaveProperty('serial')
  expect(await snapshot(server)).toEqual(before)
  // Of a member that comes twice JSON.parse takes the last; the request is still one code at one device.
  expect((await post(text)).status).toBe(200)
})

test('a body without an end is cut off, whatever its length is said to be', async () => {
  const host = `Host: 127.0.0.1:${portOf(server)}`
  const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
  const chunked = `POST /sign-in/mfa HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(6)}`
  expect((await sendRaw(chunked)).status).toBe(413)
  const announced = `POST /sign-in/mfa HTTP/1.1\r\n${host}\r\nContent-Length: 99999999999\r\n\r\n`
  expect((await sendRaw(announced)).status).toBe(413)
})

test('garbage in the cookie header is no cookie, and nothing breaks', async () => {
  const root = await attackedRoot(server)
  const session = (await browserWithSession(server, root)).client.cookies.get('sallyport-session')
  const client = createHttpClient(server.url)
  const ask = async (cookie: string) => (await client.get('/console/session', { headers: { Cookie: cookie } })).status
  for (const cookie of [
    '',
    ';',
    '=',
    ';;;===',
    'sallyport-session',
    'sallyport-session=',
    'sallyport-session=;',
    `sallyport-session = ${session}`,
    `sallyport-session="${session}"`,
    `sallyport-session=${session}%00`,
    `Sallyport-session=${session}`,
    `x=sallyport-session=${session}`,
    `sallyport-session=${session}, a=b`,
    `${'a=b; '.repeat(2000)}sallyport-session=${session}`,
    `sallyport-session=${'a'.repeat(7000)}`,
  ]) {
    expect([cookie.slice(0, 60), await ask(cookie)]).toEqual([cookie.slice(0, 60), 401])
  }
  expect(await ask(`a=b; sallyport-session=${session} ; c=${foreignToken()}`)).toBe(200)
})
