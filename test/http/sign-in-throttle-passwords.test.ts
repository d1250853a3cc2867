/** The brake on passwords (docs/throttle.md; security: §4.2, A-02, A-12, A-14, A-48): twenty a day, then work, then tomorrow. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { throttleLimits } from '../../src/throttle/limits.ts'
import { proofOfWorkDue, reservePasswordTry } from '../../src/throttle/password-tries.ts'
import type { ClientAnswer } from '../support/http-client.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedUser,
  browserAt,
  enterRootPassword,
  errorCodeOf,
  recordsOf,
  type SwiftBrowser,
  stepOf,
  swiftBrowser,
} from './sign-in-attacks.ts'
import { challengeOf, solveProof, toPayload } from './sign-in-proof.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const guess = (browser: SwiftBrowser, proofOfWork?: string, password = 'not this one') =>
  browser.post('/sign-in/password', proofOfWork === undefined ? { password } : { password, proofOfWork })

const stranger = ({ email }: Attacked, spelled = email) => browserAt(server, { name: 'password', email: spelled })

const guessAsStranger = async (of: Attacked, spelled?: string) => guess(await stranger(of, spelled))

const ledgers = ({ accountId, principalId }: Attacked) =>
  server.store.storage.reader
    .selectFrom('tries')
    .select(['failures'])
    .where('account_id', '=', accountId)
    .where('subject', '=', principalId)
    .where('kind', '=', 'password')
    .execute()

async function failuresOf(of: Attacked): Promise<number> {
  return (await ledgers(of))[0]?.failures ?? 0
}

/** As many wrong passwords as these have been tried today. */
async function setFailures(of: Attacked, failures: number): Promise<void> {
  if ((await ledgers(of)).length === 0) await guessAsStranger(of)
  const all = server.store.storage.reader.updateTable('tries').set({ failures }).where('kind', '=', 'password')
  await all.where('account_id', '=', of.accountId).where('subject', '=', of.principalId).execute()
}

function expectChallenge(answer: ClientAnswer) {
  expect([answer.status, errorCodeOf(answer)]).toEqual([401, 'ProofOfWorkRequired'])
  return challengeOf(answer)
}

const expectEvaluated = (answer: ClientAnswer) =>
  expect([answer.status, errorCodeOf(answer)]).toEqual([401, 'AuthenticationFailed'])

test('twenty wrong passwords cost nothing, in whatever spelling and from whatever browser; the next one costs work', async () => {
  const root = await attackedRoot(server)
  const spellings = [root.email, root.email.toUpperCase(), ` ${root.email} `, root.email.replace('e', 'E')]
  for (let n = 0; n < throttleLimits.passwordFreeTries; n++) {
    expectEvaluated(await guessAsStranger(root, spellings[n % spellings.length]))
  }
  for (const spelled of spellings) expectChallenge(await guessAsStranger(root, spelled))
  // The right password is not looked at either: there is no try without work.
  expectChallenge(await guess(await stranger(root), undefined, root.password))
  expect(await failuresOf(root)).toBe(20)
  expect(await recordsOf(server, root.accountId)).toHaveLength(20)
})

test('a user’s account id and alias, and all spellings of the name, have one counter', async () => {
  const root = await attackedRoot(server)
  const user = await attackedUser(server, root, 'Ada')
  await server.store.storage.reader
    .insertInto('account_aliases')
    .values({ account_id: root.accountId, alias: 'counted', created_at: 0 })
    .execute()
  await setUserFailures(user, 17)
  const answers: (string | undefined)[] = []
  for (const [account, userName] of [
    [root.accountId, 'Ada'],
    ['counted', 'ada'],
    ['COUNTED', 'ADA'],
    [root.accountId, ' aDa '],
  ]) {
    const form = { account, userName, password: 'not this one' }
    answers.push(errorCodeOf(await swiftBrowser(server).post('/sign-in/iam-user', form)))
  }
  expect(answers).toEqual([...Array(3).fill('AuthenticationFailed'), 'ProofOfWorkRequired'])
})

async function setUserFailures(user: Attacked, failures: number): Promise<void> {
  const form = { account: user.accountId, userName: user.userName, password: 'not this one' }
  await swiftBrowser(server).post('/sign-in/iam-user', form)
  await setFailures(user, failures)
}

test('work that was done buys one try, for the sign-in that it was set to', async () => {
  const root = await attackedRoot(server)
  const other = await attackedRoot(server)
  await setFailures(root, 20)
  await setFailures(other, 20)
  const browser = await stranger(root)
  const challenge = expectChallenge(await guess(browser))
  const { payload } = await solveProof(challenge)
  const before = { cookie: browser.client.cookies.get('sallyport-sign-in') ?? '', failures: await failuresOf(root) }

  // In another browser, for another name, and where the same cookie has been asked for another challenge: no.
  expectChallenge(await guess(await stranger(root), payload))
  expectChallenge(await guess(await stranger(other), payload))
  expect(await failuresOf(root)).toBe(before.failures)

  expectEvaluated(await guess(browser, payload))
  expect(await failuresOf(root)).toBe(21)
  // Once: not by the same cookie, not by the cookie as it was.
  const next = expectChallenge(await guess(browser, payload))
  expect(next.signature).not.toBe(challenge.signature)
  const replay = await stranger(root)
  replay.client.cookies.set('sallyport-sign-in', before.cookie)
  expect((await guess(replay, payload)).status).toBe(409)
  expect(await failuresOf(root)).toBe(21)
})

test('of eight requests with one proof at once one is looked at', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const browser = await stranger(root)
  const { payload } = await solveProof(expectChallenge(await guess(browser)))
  const answers = await Promise.all(Array.from({ length: 8 }, () => guess(browser, payload)))
  expect(answers.filter((answer) => errorCodeOf(answer) === 'AuthenticationFailed')).toHaveLength(1)
  expect(await failuresOf(root)).toBe(21)
})

test('an owner with the right password passes by the same work, and gets back that one try', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 30)
  const browser = swiftBrowser(server)
  const { payload } = await solveProof(expectChallenge(await enterRootPassword(browser, root)))
  expect(stepOf(await guess(browser, payload, root.password))?.name).toBe('signed-in')
  expect(await failuresOf(root)).toBe(30)
})

test('what is no solution of the challenge is none', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const browser = await stranger(root)
  const solve = async () => {
    const challenge = expectChallenge(await guess(browser))
    const { payload } = await solveProof(challenge)
    const parsed = JSON.parse(Buffer.from(payload, 'base64').toString()) as { solution: { derivedKey: string } }
    return { challenge, payload, solution: parsed.solution }
  }
  const { challenge, payload, solution } = await solve()
  const { parameters } = challenge
  const flawed = [
    '',
    'x',
    'bnVsbA==',
    toPayload(null),
    toPayload([]),
    toPayload({ challenge }),
    toPayload({ challenge, solution: { counter: 0, derivedKey: '' } }),
    toPayload({ challenge, solution: { ...solution, counter: -1 } }),
    toPayload({ challenge, solution: { ...solution, counter: 1e300 } }),
    toPayload({ challenge, solution: { ...solution, derivedKey: `${parameters.keyPrefix}${'0'.repeat(32)}` } }),
    toPayload({ challenge: { ...challenge, parameters: { ...parameters, keyPrefix: '00' } }, solution }),
    toPayload({ challenge: { ...challenge, parameters: { ...parameters, keyPrefix: '' } }, solution }),
    toPayload({ challenge: { ...challenge, signature: '' }, solution }),
    toPayload({ challenge: { ...challenge, signature: undefined }, solution }),
    toPayload({ challenge: { ...challenge, parameters: { ...parameters, algorithm: 'NONE' } }, solution }),
    toPayload({ challenge: { ...challenge, parameters: { ...parameters, cost: 0 } }, solution }),
    toPayload({ challenge: { ...challenge, parameters: null }, solution }),
    payload.slice(0, -8),
  ]
  for (const proof of flawed) {
    // A wrong proof is answered with a new challenge: the former one would not be good any more.
    expectChallenge(await guess(browser, proof))
  }
  expect((await guess(browser, 'A'.repeat(5000))).status).toBe(400)
  expectChallenge(await guess(browser, payload))
  expect(await failuresOf(root)).toBe(20)
})

test('challenges that were collected while they were cheap do not pay for dearer tries', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const browser = await stranger(root)
  const { payload } = await solveProof(expectChallenge(await guess(browser)))
  await setFailures(root, 20 + throttleLimits.proofOfWorkDoublesAfter)
  expectChallenge(await guess(browser, payload))
  expect(await failuresOf(root)).toBe(36)
})

test('the work grows: it doubles after every sixteen tries, and is set to the upper half of its range', async () => {
  const root = await attackedRoot(server)
  const subject = { accountId: root.accountId, subject: root.principalId }
  for (const [failures, numbers] of [
    [19, 0],
    [20, 50_000],
    [35, 50_000],
    [36, 100_000],
    [52, 200_000],
    [99, 800_000],
    [100, 0],
  ] as const) {
    await setFailures(root, failures)
    const due = await proofOfWorkDue(server.store.storage.reader, subject, undefined, server.clock.now())
    expect([failures, due]).toEqual([failures, numbers])
  }
  await setFailures(root, 20)
  const { counter } = await solveProof(expectChallenge(await guess(await stranger(root))))
  expect(counter).toBeGreaterThanOrEqual(25_000)
  expect(counter).toBeLessThan(50_000)
})

test('a hundred a day, whatever work is done; the next day, in UTC, is open again', async () => {
  const root = await attackedRoot(server)
  const subject = { accountId: root.accountId, subject: root.principalId }
  server.clock.set(Date.UTC(2026, 11, 1, 23, 0))
  const reserve = (proved: boolean) =>
    reservePasswordTry(server.store.storage.reader, subject, proved, undefined, server.clock.now())
  const reserved = { free: 0, proved: 0 }
  for (let n = 0; n < 25; n++) if ((await reserve(false)).reserved) reserved.free += 1
  for (let n = 0; n < 90; n++) if ((await reserve(true)).reserved) reserved.proved += 1
  expect(reserved).toEqual({ free: 20, proved: 80 })

  const closed = await guess(await stranger(root), undefined, root.password)
  expect([closed.status, errorCodeOf(closed), closed.header('retry-after')]).toEqual([429, 'TooManyAttempts', '3600'])
  server.clock.set(Date.UTC(2026, 11, 1, 23, 59, 59, 999))
  expect((await guess(await stranger(root), undefined, root.password)).status).toBe(429)
  server.clock.set(Date.UTC(2026, 11, 2))
  expectEvaluated(await guessAsStranger(root))
  expect(stepOf(await guess(await stranger(root), undefined, root.password))?.name).toBe('signed-in')
})

test('a known browser has ten tries of its own, whatever strangers have used up; then it is one of them', async () => {
  const root = await attackedRoot(server)
  const known = swiftBrowser(server)
  expect(stepOf(await enterRootPassword(known, root))?.name).toBe('signed-in')
  await setFailures(root, 100)
  await known.post('/sign-in/root-email', { email: root.email })
  for (let n = 0; n < throttleLimits.knownBrowserPasswordTries - 1; n++) expectEvaluated(await guess(known))
  // The tenth is right: it gives itself back, and makes the browser known anew.
  expect(stepOf(await guess(known, undefined, root.password))?.name).toBe('signed-in')
  await known.post('/sign-in/root-email', { email: root.email })
  for (let n = 0; n < throttleLimits.knownBrowserPasswordTries; n++) expectEvaluated(await guess(known))
  expect((await guess(known, undefined, root.password)).status).toBe(429)
  expect(await failuresOf(root)).toBe(100)
})

test('of two hundred passwords at once twenty are looked at; the others are told the price', async () => {
  const root = await attackedRoot(server)
  const browsers = await Promise.all(Array.from({ length: 10 }, () => stranger(root)))
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => guess(browsers[n % browsers.length] as SwiftBrowser)),
  )
  const count = (code: string) => answers.filter((answer) => errorCodeOf(answer) === code).length
  const evaluated = count('AuthenticationFailed')
  // Beyond what the queue of hashes takes they are refused unseen, and given back.
  expect(evaluated + count('ServiceUnavailable')).toBeGreaterThan(0)
  expect(evaluated).toBeLessThanOrEqual(20)
  expect(count('TooManyAttempts')).toBe(0)
  expect(await failuresOf(root)).toBe(evaluated)
  expect(await recordsOf(server, root.accountId)).toHaveLength(evaluated)
})

test('day after day no more than a hundred: 36,500 a year', async () => {
  const root = await attackedRoot(server)
  const subject = { accountId: root.accountId, subject: root.principalId }
  const evaluated = await server.store.storage.transaction(async (tx) => {
    let count = 0
    for (let day = 0; day < 10; day++) {
      const now = server.clock.now() + day * 86_400_000
      for (let n = 0; n < 104; n++)
        if ((await reservePasswordTry(tx, subject, true, undefined, now)).reserved) count += 1
    }
    return count
  })
  expect(evaluated).toBe(10 * throttleLimits.passwordTriesMax)
  expect(365 * throttleLimits.passwordTriesMax).toBe(36_500)
})
