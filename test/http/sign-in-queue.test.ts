/**
 * Nobody keeps the owner out by filling the line of passwords to be looked at (OWASP, "Slow Down Online Guessing Attacks with Device
 * Cookies"; ASVS V6.1.1): whose turn it is, what it costs, and that who is sent away makes the server write nothing.
 */
import net from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { listRecords } from '../../src/cloudtrail/event-store.ts'
import { randomToken, systemRandom } from '../../src/core/random.ts'
import { hashesWaitingMax } from '../../src/credentials/password/hash-password.ts'
import { antiForgeryToken } from '../../src/http/anti-forgery.ts'
import { startServer } from '../../src/main.ts'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import { proofOfWorkForPlace } from '../../src/rate-limits/password-attempts.ts'
import type { ClientAnswer } from '../support/http-client.ts'
import { solveChallenge } from '../support/solve-proof-of-work.ts'
import { movedClock, startTestServer, type TestServer } from '../support/test-server.ts'
import { type HeldQueue, holdQueue } from './held-queue.ts'
import {
  type Attacked,
  attackedRoot,
  browserAt,
  enterRootPassword,
  errorCodeOf,
  recordsOf,
  type SwiftBrowser,
  snapshot,
  stepOf,
  swiftBrowser,
} from './sign-in-attacks.ts'
import { challengeOf } from './sign-in-proof.ts'

const { queueFreeLength } = rateLimits

let server: TestServer
let held: HeldQueue | undefined

beforeAll(async () => {
  server = await startTestServer()
})
afterEach(async () => {
  await held?.letGo()
  held = undefined
})
afterAll(() => server.close())

const guessAs = (userName: string): Promise<ClientAnswer> =>
  swiftBrowser(server).post('/sign-in/iam-user', { account: '111122223333', userName, password: 'not this one' })

/** A browser in which root's email has been entered. */
const atPassword = (of: Attacked): Promise<SwiftBrowser> => browserAt(server, { name: 'password', email: of.email })

/** A browser with root's device cookie, at the same place. */
async function trustedAtPassword(of: Attacked): Promise<SwiftBrowser> {
  const browser = swiftBrowser(server)
  expect(stepOf(await enterRootPassword(browser, of))?.name).toBe('signed-in')
  await browser.post('/sign-in/root-email', { email: of.email })
  return browser
}

test('the owner’s turn: a device cookie is next but one, a new browser has its turn among the names', async () => {
  const root = await attackedRoot(server)
  const trusted = await trustedAtPassword(root)
  const fresh = await atPassword(root)
  held = await holdQueue()
  const order: string[] = []
  const inOrder = (name: string, answering: Promise<ClientAnswer>) =>
    answering.then((answer) => {
      order.push(name)
      return answer
    })

  // Four names with four connections each, and many more who find that a place has its price.
  const guesses: Promise<ClientAnswer>[] = []
  for (let n = 0; n < queueFreeLength; n++) {
    guesses.push(inOrder(`guess ${n}`, guessAs(`made-up-${n % 4}`)))
    await held.until({ open: n + 1 })
  }
  const sentAway = await Promise.all(Array.from({ length: 24 }, (_, n) => guessAs(`made-up-${n}`)))
  expect(sentAway.map(errorCodeOf)).toEqual(Array(24).fill('ProofOfWorkRequired'))

  const { proof } = solveChallenge(challengeOf(await fresh.post('/sign-in/password', { password: root.password })))
  const byProof = inOrder(
    'new browser',
    fresh.post('/sign-in/password', { password: root.password, proofOfWork: proof }),
  )
  await held.until({ open: queueFreeLength + 1 })
  const byCookie = inOrder('device cookie', trusted.post('/sign-in/password', { password: root.password }))
  await held.until({ trusted: 1 })

  await held.letGo()
  expect([stepOf(await byCookie)?.name, stepOf(await byProof)?.name]).toEqual(['signed-in', 'signed-in'])
  expect((await Promise.all(guesses)).map(errorCodeOf)).toEqual(Array(queueFreeLength).fill('AuthenticationFailed'))
  expect(order.indexOf('device cookie')).toBeLessThanOrEqual(2)
  // One turn of each of the four names, and of the device cookie.
  expect(order.indexOf('new browser')).toBeLessThanOrEqual(6)
})

test('a place is taken before anything is written: neither an attempt nor a proof is spent by who waits, or is sent away', async () => {
  const root = await attackedRoot(server)
  await server.store.storage.reader
    .insertInto('attempts')
    .values({
      account_id: root.accountId,
      subject: root.principalId,
      kind: 'password',
      period: String(Math.floor(server.clock.now() / 86_400_000)),
      failures: 20,
      next_attempt_at: 0,
    })
    .execute()
  const browser = await atPassword(root)
  const { proof } = solveChallenge(challengeOf(await browser.post('/sign-in/password', { password: 'not this one' })))
  const before = await snapshot(server)
  held = await holdQueue()
  const waiting = browser.post('/sign-in/password', { password: 'not this one', proofOfWork: proof })
  await held.until({ open: 1 })
  await held.fill(hashesWaitingMax - 1)

  const others = await atPassword(root)
  const paid = solveChallenge(challengeOf(await others.post('/sign-in/password', { password: root.password }))).proof
  const withoutRow = { ...before, sign_ins: expect.anything() }
  const busy = await others.post('/sign-in/password', { password: root.password, proofOfWork: paid })
  expect([busy.status, errorCodeOf(busy), busy.header('retry-after')]).toEqual([503, 'ServerBusy', '2'])
  expect(busy.text).toContain('Your password was not checked.')
  expect(await snapshot(server)).toEqual(withoutRow)

  await held.letGo()
  expect(errorCodeOf(await waiting)).toBe('AuthenticationFailed')
  // The proof of who was sent away is still good.
  expect(stepOf(await others.post('/sign-in/password', { password: root.password, proofOfWork: paid }))?.name).toBe(
    'signed-in',
  )
})

test('a cookie that is only shown, or another principal’s, has no place of its own and saves no work', async () => {
  const root = await attackedRoot(server)
  const other = await attackedRoot(server)
  const mine = await trustedAtPassword(root)
  held = await holdQueue()
  await held.fill(queueFreeLength)
  const name = [...mine.client.cookies.keys()].find((each) => each.includes('known')) ?? ''

  const forged = await atPassword(root)
  forged.client.cookies.set(name, 'A'.repeat(43))
  expect(errorCodeOf(await forged.post('/sign-in/password', { password: root.password }))).toBe('ProofOfWorkRequired')

  await mine.post('/sign-in/root-email', { email: other.email })
  expect(errorCodeOf(await mine.post('/sign-in/password', { password: other.password }))).toBe('ProofOfWorkRequired')
})

test('a device cookie whose own place is taken pays for further ones as everybody does', async () => {
  const root = await attackedRoot(server)
  const browser = await trustedAtPassword(root)
  held = await holdQueue()
  await held.fill(queueFreeLength)
  const first = browser.post('/sign-in/password', { password: root.password })
  await held.until({ trusted: 1 })
  const second = await browser.post('/sign-in/password', { password: root.password })
  expect(errorCodeOf(second)).toBe('ProofOfWorkRequired')
  await held.letGo()
  expect(stepOf(await first)?.name).toBe('signed-in')
})

test('whoever hangs up leaves the queue, and nothing of it is counted or written', async () => {
  const root = await attackedRoot(server)
  held = await holdQueue()
  const before = await snapshot(server)
  const form = antiForgeryForm(server)
  const sockets = Array.from({ length: 5 }, (_, n) => {
    const body = JSON.stringify({ account: root.accountId, userName: `made-up-${n}`, password: 'not this one' })
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1')
    // One connection with several requests at once holds one place.
    socket.write(requestText(server, form, body).repeat(n === 0 ? 3 : 1))
    return socket
  })
  await held.until({ open: 5 })
  for (const socket of sockets) socket.destroy()
  await held.until({ open: 0 })
  await held.letGo()
  expect(await snapshot(server)).toEqual(before)
})

/** The cookie and the token of a browser, for requests that are written by hand. */
function antiForgeryForm({ store }: TestServer): { readonly cookie: string; readonly token: string } {
  const form = randomToken(systemRandom)
  return { cookie: `sallyport-form=${form}`, token: antiForgeryToken(store.sealer, form, undefined) }
}

function requestText({ url }: TestServer, form: { cookie: string; token: string }, body: string): string {
  const lines = [
    'POST /sign-in/iam-user HTTP/1.1',
    `Host: ${new URL(url).host}`,
    'Content-Type: application/json',
    `Cookie: ${form.cookie}`,
    `X-Anti-Forgery: ${form.token}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

test('two requests of one device cookie: the second waits with the others, and pays as they do once the line is long', async () => {
  const root = await attackedRoot(server)
  const browser = await trustedAtPassword(root)
  held = await holdQueue()
  const attempts = [0, 1].map(() => browser.post('/sign-in/password', { password: 'not this one' }))
  await held.until({ trusted: 1, open: 1 })
  await held.letGo()
  const answers = await Promise.all(attempts)
  expect(answers.map(errorCodeOf)).toEqual(['AuthenticationFailed', 'AuthenticationFailed'])
})

test('the price of a place doubles with the queue, up to eight-fold', () => {
  const prices = [0, 15, 16, 31, 32, 64, 128, 256, 400, 4000].map(proofOfWorkForPlace)
  expect(prices).toEqual([0, 0, 400_000, 400_000, 800_000, 1_600_000, 3_200_000, 3_200_000, 3_200_000, 3_200_000])
})

test('refusals before anybody is known are one event for each reason, when the minute is over', async () => {
  const storage = { ...server.store.storage, close: async () => {} }
  const clock = movedClock()
  const outside = { clock, random: systemRandom, log: { info() {}, warn() {}, error() {} } }
  const counting = await startServer({ ...server.store, storage }, { host: '127.0.0.1', port: 0 }, outside)
  const browser = swiftBrowser({ ...server, url: counting.url })
  const form = { account: '111122223333', userName: 'made-up', password: 'not this one' }
  held = await holdQueue()
  await held.fill(queueFreeLength)
  const before = await snapshot(server)
  for (let n = 0; n < 30; n++) await browser.post('/sign-in/iam-user', { ...form, userName: `made-up-${n}` })
  for (let n = 0; n < 3; n++) await browser.post('/sign-in/iam-user', { ...form, password: n })
  await browser.post('/sign-in/root-email', { email: 'no address' })
  const forged = await browser.client.post(
    '/sign-in/root-email',
    {},
    { headers: { 'Content-Type': 'application/json' } },
  )
  expect(forged.status).toBe(403)
  expect(await snapshot(server)).toEqual(before)

  await counting.close()
  const records = await listRecords(server.store.storage.reader, '', 100)
  const counted = records
    .map((record) => JSON.parse(record))
    .filter(({ eventName }) => eventName === 'RefusedRequests')
    .map(({ errorCode, errorMessage, additionalEventData: { Count, Paths } }) => [
      errorCode,
      errorMessage,
      Count,
      Paths,
    ])
  expect(counted.toSorted()).toEqual([
    ['Forbidden', '1 request refused', 1, { '/sign-in/root-email': 1 }],
    ['ProofOfWorkRequired', '30 requests refused', 30, { '/sign-in/iam-user': 30 }],
    ['ValidationError', '4 requests refused', 4, { '/sign-in/iam-user': 3, '/sign-in/root-email': 1 }],
  ])
  expect(JSON.stringify(records)).not.toContain('made-up')
})

test('a failed attempt at a name, known or not, is an event of its own and is not counted besides', async () => {
  const root = await attackedRoot(server)
  const browser = await atPassword(root)
  expect(errorCodeOf(await browser.post('/sign-in/password', { password: 'not this one' }))).toBe(
    'AuthenticationFailed',
  )
  expect((await recordsOf(server, root.accountId)).map(({ eventName }) => eventName)).toEqual(['ConsoleLogin'])
})
