/** The brake on passwords (docs/rate-limits.md; security: §4.2, A-02, A-12, A-14, A-48): twenty a day, then work, then tomorrow. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proofMs } from '../../src/credentials/proof-of-work.ts'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import { passwordPrice, reservePasswordAttempt } from '../../src/rate-limits/password-attempts.ts'
import type { ClientAnswer } from '../support/http-client.ts'
import { solveChallenge } from '../support/solve-proof-of-work.ts'
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
import { challengeOf } from './sign-in-proof.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const guess = (browser: SwiftBrowser, proofOfWork?: string, password = 'not this one') =>
  browser.post('/sign-in/password', proofOfWork === undefined ? { password } : { password, proofOfWork })

const stranger = ({ email }: Attacked, spelled = email) => browserAt(server, { name: 'password', email: spelled })

const guessAsStranger = async (of: Attacked, spelled?: string) => guess(await stranger(of, spelled))

const counts = ({ accountId, principalId }: Attacked) =>
  server.store.storage.reader
    .selectFrom('attempts')
    .select(['failures'])
    .where('account_id', '=', accountId)
    .where('subject', '=', principalId)
    .where('kind', '=', 'password')
    .execute()

async function failuresOf(of: Attacked): Promise<number> {
  return (await counts(of))[0]?.failures ?? 0
}

/** As many wrong passwords as these have been tried today. */
async function setFailures(of: Attacked, failures: number): Promise<void> {
  if ((await counts(of)).length === 0) await guessAsStranger(of)
  const all = server.store.storage.reader.updateTable('attempts').set({ failures }).where('kind', '=', 'password')
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
  for (let n = 0; n < rateLimits.passwordFreeAttempts; n++) {
    expectEvaluated(await guessAsStranger(root, spellings[n % spellings.length]))
  }
  for (const spelled of spellings) expectChallenge(await guessAsStranger(root, spelled))
  // The right password is not looked at either: there is no attempt without work.
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

test('work that was done buys one attempt at the name that it was set for', async () => {
  const root = await attackedRoot(server)
  const other = await attackedRoot(server)
  await setFailures(root, 20)
  await setFailures(other, 20)
  const challenge = expectChallenge(await guess(await stranger(root)))
  const { proof } = solveChallenge(challenge)

  expectChallenge(await guess(await stranger(other), proof))
  expect(await failuresOf(other)).toBe(20)

  // It is bound to the name and not to the browser: who works for others gains nothing by it.
  expectEvaluated(await guess(await stranger(root), proof))
  expect(await failuresOf(root)).toBe(21)
  const next = expectChallenge(await guess(await stranger(root), proof))
  expect(next.token).not.toBe(challenge.token)
  expect(await failuresOf(root)).toBe(21)
})

test('a proof ends after two minutes', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const { proof } = solveChallenge(expectChallenge(await guess(await stranger(root))))
  server.clock.advance(proofMs)
  expectChallenge(await guess(await stranger(root), proof))
  server.clock.advance(-1)
  expectEvaluated(await guess(await stranger(root), proof))
})

test('of eight requests with one proof at once one is looked at', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const { proof } = solveChallenge(expectChallenge(await guess(await stranger(root))))
  const browsers = await Promise.all(Array.from({ length: 8 }, () => stranger(root)))
  const answers = await Promise.all(browsers.map((browser) => guess(browser, proof)))
  expect(answers.filter((answer) => errorCodeOf(answer) === 'AuthenticationFailed')).toHaveLength(1)
  expect(answers.filter((answer) => errorCodeOf(answer) === 'ProofOfWorkRequired')).toHaveLength(7)
  expect(await failuresOf(root)).toBe(21)
})

test('an owner with the right password passes by the same work, and gets back that one attempt', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 30)
  const browser = swiftBrowser(server)
  const { proof } = solveChallenge(expectChallenge(await enterRootPassword(browser, root)))
  expect(stepOf(await guess(browser, proof, root.password))?.name).toBe('signed-in')
  expect(await failuresOf(root)).toBe(30)
})

test('what is no proof is answered with a challenge, and spends nothing', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const browser = await stranger(root)
  const { proof } = solveChallenge(expectChallenge(await guess(browser)))
  for (const flawed of ['', 'x', proof.slice(0, -1), `${proof}0`, `1${proof}`, ` ${proof}`]) {
    expectChallenge(await guess(browser, flawed))
  }
  expect((await guess(browser, 'A'.repeat(513))).status).toBe(400)
  expect(await failuresOf(root)).toBe(20)
  expectEvaluated(await guess(browser, proof))
})

test('challenges that were collected while they were cheap do not pay for dearer attempts', async () => {
  const root = await attackedRoot(server)
  await setFailures(root, 20)
  const browser = await stranger(root)
  const { proof } = solveChallenge(expectChallenge(await guess(browser)))
  await setFailures(root, 20 + rateLimits.proofOfWorkDoublesAfter)
  expectChallenge(await guess(browser, proof))
  expect(await failuresOf(root)).toBe(36)
})

test('the work grows: it doubles after every sixteen attempts, and is set to the upper half of its range', async () => {
  const root = await attackedRoot(server)
  const subject = { accountId: root.accountId, subject: root.principalId }
  for (const [failures, numbers] of [
    [19, 0],
    [20, 400_000],
    [35, 400_000],
    [36, 800_000],
    [52, 1_600_000],
    [99, 6_400_000],
    [100, 'closed'],
  ] as const) {
    await setFailures(root, failures)
    const price = await passwordPrice(server.store.storage.reader, subject, server.clock.now())
    expect([failures, price.open ? price.numbers : 'closed']).toEqual([failures, numbers])
  }
  await setFailures(root, 20)
  const { number } = solveChallenge(expectChallenge(await guess(await stranger(root))))
  expect(number).toBeGreaterThanOrEqual(200_000)
  expect(number).toBeLessThan(400_000)
})

test('a hundred a day, whatever work is done; the next day, in UTC, is open again', async () => {
  const root = await attackedRoot(server)
  const subject = { accountId: root.accountId, subject: root.principalId }
  server.clock.set(Date.UTC(2026, 11, 1, 23, 0))
  const reserve = (proved: boolean) =>
    reservePasswordAttempt(server.store.storage.reader, subject, proved, undefined, server.clock.now())
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

test('a trusted browser has ten attempts of its own, whatever strangers have used up; then it is one of them', async () => {
  const root = await attackedRoot(server)
  const known = swiftBrowser(server)
  expect(stepOf(await enterRootPassword(known, root))?.name).toBe('signed-in')
  await setFailures(root, 100)
  await known.post('/sign-in/root-email', { email: root.email })
  for (let n = 0; n < rateLimits.trustedBrowserPasswordAttempts - 1; n++) expectEvaluated(await guess(known))
  // The tenth is right: it gives itself back, and makes the browser known anew.
  expect(stepOf(await guess(known, undefined, root.password))?.name).toBe('signed-in')
  await known.post('/sign-in/root-email', { email: root.email })
  for (let n = 0; n < rateLimits.trustedBrowserPasswordAttempts; n++) expectEvaluated(await guess(known))
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
        if ((await reservePasswordAttempt(tx, subject, true, undefined, now)).reserved) count += 1
    }
    return count
  })
  expect(evaluated).toBe(10 * rateLimits.passwordAttemptsMax)
  expect(365 * rateLimits.passwordAttemptsMax).toBe(36_500)
})
