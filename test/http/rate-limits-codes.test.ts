/** The brake on MFA codes (docs/rate-limits.md; security: §4.2, A-01, A-12, A-14, A-15): what an attacker gets who has the password. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import { type EnrolledDevice, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  browserAtMfa,
  enterRootPassword,
  errorCodeOf,
  freshCode,
  giveDevice,
  isSignedIn,
  recordsOf,
  type SwiftBrowser,
  stepOf,
  swiftBrowser,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

type Guarded = Attacked & { readonly device: EnrolledDevice }

/** Never right, and no code at all: what is counted does not depend on what was typed. */
const wrong = { code: 'wrong' }
const wrongPair = { code1: 'wrong', code2: 'wrong' }

const guess = (browser: SwiftBrowser, of: Guarded, codes: object) =>
  browser.post('/sign-in/mfa', { serial: of.device.serial, ...codes })

/** A guess with a new session, new cookies and nothing known. */
const guessAsStranger = async (of: Guarded, codes: object) => guess(await browserAtMfa(server, of), of, codes)

async function subjectOf({ accountId, principalId }: Attacked) {
  const row = await server.store.storage.reader
    .selectFrom('attempts')
    .select(['failures', 'period', 'next_attempt_at'])
    .where('account_id', '=', accountId)
    .where('subject', '=', principalId)
    .where('kind', '=', 'mfa')
    .executeTakeFirst()
  return row ?? { failures: 0, period: '', next_attempt_at: 0 }
}

async function setFailures(of: Guarded, failures: number): Promise<void> {
  if ((await subjectOf(of)).period === '') await guessAsStranger(of, wrong)
  const all = server.store.storage.reader.updateTable('attempts').set({ failures, next_attempt_at: 0 })
  await all.where('account_id', '=', of.accountId).where('kind', '=', 'mfa').execute()
}

/** A browser that has signed in with a code before. */
async function trustedBrowser(of: Guarded): Promise<SwiftBrowser> {
  const browser = await browserAtMfa(server, of)
  const answer = await guess(browser, of, { code: freshCode(server, of.device) })
  expect(answer.status).toBe(200)
  return browser
}

/** The same browser at the challenge again. */
async function again(browser: SwiftBrowser, of: Guarded): Promise<SwiftBrowser> {
  const next = await browserAtMfa(server, of)
  for (const [name, value] of browser.client.cookies) {
    if (name.startsWith('sallyport-known-')) next.client.cookies.set(name, value)
  }
  return next
}

test('ten single codes from untrusted browsers, each after its wait, whatever is new about the next one', async () => {
  const root = await attackedRootWithDevice(server)
  for (const [index, seconds] of rateLimits.mfaSingleCodeWaitSeconds.entries()) {
    if (seconds > 0) {
      server.clock.advance(seconds * 1000 - 1)
      const early = await guessAsStranger(root, wrong)
      expect([index, early.status, errorCodeOf(early)]).toEqual([index, 429, 'TooManyAttempts'])
      expect(early.header('retry-after')).toBe('1')
      expect(stepOf(early)).toMatchObject({ name: 'mfa', mode: 'single', retryAfterSeconds: 1 })
      server.clock.advance(1)
    }
    expect([index, (await guessAsStranger(root, wrong)).status]).toEqual([index, 401])
  }
  expect((await subjectOf(root)).failures).toBe(10)
})

test('a wait is told in full, and a right code does not shorten it', async () => {
  const root = await attackedRootWithDevice(server)
  await setFailures(root, 9)
  const last = await guessAsStranger(root, wrong)
  expect([last.status, stepOf(last)]).toMatchObject([401, { mode: 'two-codes', retryAfterSeconds: 30 }])
  const other = await attackedRootWithDevice(server)
  await setFailures(other, 8)
  expect(stepOf(await guessAsStranger(other, wrong))).toMatchObject({ mode: 'single', retryAfterSeconds: 60 })
  server.clock.advance(30_000)
  const right = await guessAsStranger(other, { code: other.device.app.codeAt(server.clock.now()) })
  expect([right.status, right.header('retry-after')]).toEqual([429, '30'])
  server.clock.advance(30_000)
  expect((await guessAsStranger(other, { code: other.device.app.codeAt(server.clock.now()) })).status).toBe(200)
})

test('after ten, two consecutive codes, half a minute apart; after fifty, nothing from untrusted browsers', async () => {
  const root = await attackedRootWithDevice(server)
  const owner = await trustedBrowser(root)
  await setFailures(root, 10)
  // Single codes do not even cost an attempt any more, right ones included.
  const single = await guessAsStranger(root, { code: freshCode(server, root.device) })
  expect([single.status, errorCodeOf(single), stepOf(single)]).toMatchObject([
    429,
    'TwoCodesRequired',
    { mode: 'two-codes' },
  ])
  for (let tried = 10; tried < rateLimits.mfaAttemptsMax; tried++) {
    const answer = await guessAsStranger(root, wrongPair)
    expect([tried, answer.status]).toEqual([tried, 401])
    server.clock.advance(rateLimits.mfaTwoCodesWaitSeconds * 1000 - 1)
    if (tried % 13 === 0) expect((await guessAsStranger(root, wrongPair)).status).toBe(429)
    server.clock.advance(1)
  }
  for (let days = 0; days < 3; days++) {
    server.clock.advance(days * 86_400_000)
    const now = server.clock.now()
    const pair = { code1: root.device.app.codeAt(now - 30_000), code2: root.device.app.codeAt(now) }
    for (const codes of [wrong, wrongPair, pair]) {
      const closed = await guessAsStranger(root, codes)
      expect([closed.status, errorCodeOf(closed), stepOf(closed)]).toMatchObject([
        429,
        'TooManyAttempts',
        { mode: 'closed' },
      ])
    }
  }
  expect((await subjectOf(root)).failures).toBe(50)
  // The owner's own browser is asked for one code, as ever.
  const back = await again(owner, root)
  expect((await back.get('/sign-in/state')).json()).toMatchObject({ step: { mode: 'single', retryAfterSeconds: 0 } })
  expect((await guess(back, root, { code: freshCode(server, root.device) })).status).toBe(200)
  expect((await subjectOf(root)).failures).toBe(50)
})

test('two right codes let the owner in where a single one is no longer asked for', async () => {
  const root = await attackedRootWithDevice(server)
  await setFailures(root, 30)
  server.clock.advance(60_000)
  const now = server.clock.now()
  const pair = { code1: root.device.app.codeAt(now - 30_000), code2: root.device.app.codeAt(now) }
  expect((await guessAsStranger(root, pair)).status).toBe(200)
  // What two codes open again is two codes: the ten single ones stay used.
  expect((await subjectOf(root)).failures).toBe(10)
  expect(errorCodeOf(await guessAsStranger(root, { code: freshCode(server, root.device) }))).toBe('TwoCodesRequired')
})

test('a success gives back its own attempt and no other', async () => {
  const root = await attackedRootWithDevice(server)
  await setFailures(root, 5)
  expect((await guessAsStranger(root, { code: freshCode(server, root.device) })).status).toBe(200)
  expect((await subjectOf(root)).failures).toBe(5)
  expect((await guessAsStranger(root, wrong)).status).toBe(401)
  expect(stepOf(await guessAsStranger(root, wrong))).toMatchObject({ retryAfterSeconds: 8 })
})

test('all devices of a principal have one budget, and another password has a new one', async () => {
  const root = await attackedRootWithDevice(server)
  const serials = [
    root.device.serial,
    (await giveDevice(server, root, 'tablet')).serial,
    'no device',
    root.device.serial,
  ]
  const answers: number[] = []
  for (const serial of serials) {
    answers.push((await (await browserAtMfa(server, root)).post('/sign-in/mfa', { serial, ...wrong })).status)
  }
  expect(answers).toEqual([401, 401, 401, 429])
  await server.store.storage.reader
    .updateTable('accounts')
    .set({ password_version: 2 })
    .where('account_id', '=', root.accountId)
    .execute()
  expect((await guessAsStranger({ ...root, passwordVersion: 2 }, wrong)).status).toBe(401)
  expect(await subjectOf(root)).toMatchObject({ failures: 1, period: '2' })
})

test('no spelling of the name, by id or alias, on whichever page, buys an attempt', async () => {
  const root = await attackedRootWithDevice(server)
  const user = await attackedUser(server, root, 'Ada')
  const device = await giveDevice(server, user, 'ada-phone')
  await server.store.storage.reader
    .insertInto('account_aliases')
    .values({ account_id: root.accountId, alias: 'spelled', created_at: 0 })
    .execute()
  const emails = [root.email, root.email.toUpperCase(), ` ${root.email}\u00a0`, root.email.replace('a', 'A')]
  const rootAnswers: number[] = []
  for (const email of emails) {
    const browser = swiftBrowser(server)
    expect(stepOf(await enterRootPassword(browser, { ...root, email }))?.name).toBe('mfa')
    rootAnswers.push((await guess(browser, root, wrong)).status)
  }
  expect(rootAnswers).toEqual([401, 401, 401, 429])
  const names = [
    [root.accountId, 'Ada'],
    ['spelled', 'ada'],
    ['SPELLED', 'ADA'],
    [` ${root.accountId} `, ' ada '],
  ]
  const userAnswers: number[] = []
  for (const [account, userName] of names) {
    const browser = swiftBrowser(server)
    const answer = await browser.post('/sign-in/iam-user', { account, userName, password: user.password })
    expect(stepOf(answer)?.name).toBe('mfa')
    userAnswers.push((await browser.post('/sign-in/mfa', { serial: device.serial, ...wrong })).status)
  }
  expect(userAnswers).toEqual([401, 401, 401, 429])
})

test('what the request says of its sender buys no attempt', async () => {
  const root = await attackedRootWithDevice(server)
  const answers: number[] = []
  for (const header of ['X-Forwarded-For', 'X-Real-IP', 'User-Agent', 'Forwarded']) {
    const browser = await browserAtMfa(server, root)
    const { antiForgery } = (await browser.get('/sign-in/state')).json<{ antiForgery: string }>()
    const headers = { 'X-Anti-Forgery': antiForgery, [header]: '198.51.100.7', 'Accept-Language': header }
    const body = { serial: root.device.serial, ...wrong }
    answers.push((await browser.client.post('/sign-in/mfa', body, { headers })).status)
  }
  expect(answers).toEqual([401, 401, 401, 429])
})

/** As many as the machine takes in a few seconds; each is a connection of its own. */
const parallel = process.env['SALLYPORT_TEST_STORE'] === 'postgres' ? 200 : 1000

test('of a thousand guesses at once as many are looked at as one after the other', async () => {
  const root = await attackedRootWithDevice(server)
  const browser = await browserAtMfa(server, root)
  const answers = await Promise.all(Array.from({ length: parallel }, () => guess(browser, root, wrong)))
  expect(answers.filter((answer) => answer.status === 401)).toHaveLength(3)
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(parallel - 3)
  expect((await subjectOf(root)).failures).toBe(3)
  // Looked at is what stands in the record.
  expect(await recordsOf(server, root.accountId)).toHaveLength(3)
})

test('a trusted browser has ten attempts of its own and no waits, also all at once; then it is a stranger', async () => {
  const root = await attackedRootWithDevice(server)
  const known = await again(await trustedBrowser(root), root)
  const answers = await Promise.all(Array.from({ length: 60 }, () => guess(known, root, wrong)))
  // Ten of its own, and the three that strangers have before they wait.
  expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10 + 3)
  expect((await subjectOf(root)).failures).toBe(3)
  expect(errorCodeOf(await guess(await again(known, root), root, wrong))).toBe('TooManyAttempts')
})

test('each success makes the browser known anew, under another token', async () => {
  const root = await attackedRootWithDevice(server)
  const first = await trustedBrowser(root)
  const second = await again(first, root)
  for (let n = 0; n < 9; n++) expect((await guess(second, root, wrong)).status).toBe(401)
  expect((await guess(second, root, { code: freshCode(server, root.device) })).status).toBe(200)
  const third = await again(second, root)
  for (let n = 0; n < 10; n++) expect((await guess(third, root, wrong)).status).toBe(401)
  expect((await subjectOf(root)).failures).toBe(0)
  // A copy of the cookie as it was before is a stranger's.
  await setFailures(root, 50)
  expect(errorCodeOf(await guess(await again(first, root), root, wrong))).toBe('TooManyAttempts')
})

test('five browsers are known; the sixth takes the place of the oldest', async () => {
  const root = await attackedRootWithDevice(server)
  const browsers: SwiftBrowser[] = []
  for (let n = 0; n < rateLimits.trustedBrowsersMax + 1; n++) browsers.push(await trustedBrowser(root))
  await setFailures(root, 50)
  const statuses: number[] = []
  for (const browser of browsers) statuses.push((await guess(await again(browser, root), root, wrong)).status)
  expect(statuses).toEqual([429, 401, 401, 401, 401, 401])
})

test('a password alone makes no browser known for codes: who had it before there was a device is a stranger', async () => {
  const root = await attackedRoot(server)
  const thief = swiftBrowser(server)
  expect(stepOf(await enterRootPassword(thief, root))?.name).toBe('signed-in')
  const guarded = { ...root, device: await giveDevice(server, root, 'phone') }
  const back = await again(thief, guarded)
  const answers: number[] = []
  for (let n = 0; n < 4; n++) answers.push((await guess(back, guarded, wrong)).status)
  expect(answers).toEqual([401, 401, 401, 429])
  expect(await isSignedIn(back)).toBe(false)
})

test('an attack on one principal is nobody else’s', async () => {
  const root = await attackedRootWithDevice(server)
  const user = await attackedUser(server, root, 'ada')
  const guarded = { ...user, device: await giveDevice(server, user, 'ada-phone') }
  await setFailures(root, 50)
  expect((await guessAsStranger(guarded, { code: freshCode(server, guarded.device) })).status).toBe(200)
})
