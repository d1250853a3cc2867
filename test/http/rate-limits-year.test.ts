/**
 * A year of the best attacker there can be (security: §4.2 test b): has the password, as many sessions, addresses and servers as it
 * likes, and attempts at the first moment it may. Straight at the rate limits, with real devices and codes; the clock is moved.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { newSeed } from '../../src/credentials/totp/new-seed.ts'
import { verifyCode } from '../../src/credentials/totp/verify-code.ts'
import { resyncSpanSteps, verifyConsecutiveCodes } from '../../src/credentials/totp/verify-consecutive-codes.ts'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import { mfaAllowance, reserveMfaAttempt } from '../../src/rate-limits/mfa-attempts.ts'
import { rememberBrowser, type TrustedBrowser } from '../../src/rate-limits/trusted-browsers.ts'
import type { Tx } from '../../src/storage/schema.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const dayMs = 86_400_000

interface Evaluated {
  single: number
  pairs: number
  won: number
}

interface Attack {
  readonly of: { readonly accountId: string; readonly principalId: string; readonly passwordVersion: number }
  readonly seed: Uint8Array
  readonly browser?: TrustedBrowser
}

/** From `now` on, for `days`, at each first moment: a single code where one will do, two where two are asked for. */
async function attack(tx: Tx, { of, seed, browser }: Attack, now: number, days: number): Promise<Evaluated> {
  const evaluated: Evaluated = { single: 0, pairs: 0, won: 0 }
  const device = { seed, lastStep: -1, drift: 0, driftSet: 0 }
  let guess = 0
  for (let at = now; at < now + days * dayMs; ) {
    const { mode, waitMs } = await mfaAllowance(tx, of, browser, at)
    if (mode === 'closed') {
      at += dayMs
      continue
    }
    at += waitMs
    const shown = mode
    // Early, and in the form that is not asked for: neither is looked at.
    if (waitMs > 0) expect((await reserveMfaAttempt(tx, of, shown, browser, at - 1)).reserved).toBe(false)
    if (mode === 'two-codes') expect((await reserveMfaAttempt(tx, of, 'single', browser, at)).reserved).toBe(false)
    const attempt = await reserveMfaAttempt(tx, of, shown, browser, at)
    if (!attempt.reserved) throw new Error('what was allowed was not reserved')
    const codes = [guess++, guess++].map((number) => String((number * 7919) % 1_000_000).padStart(6, '0'))
    const verdict =
      shown === 'single' ? verifyCode(device, codes[0], at) : verifyConsecutiveCodes(device, codes[0], codes[1], at)
    if (shown === 'single') evaluated.single += 1
    else evaluated.pairs += 1
    if (verdict.ok) evaluated.won += 1
  }
  return evaluated
}

const { mfaSingleCodeAttempts, mfaAttemptsMax, trustedBrowserMfaAttempts, trustedBrowsersMax } = rateLimits

/** What a right guess would end is left out: the number of guesses is the subject, and a win is next to impossible. */
const budget = { single: mfaSingleCodeAttempts, pairs: mfaAttemptsMax - mfaSingleCodeAttempts, won: 0 }

test('a year against one password: ten single codes and forty pairs, on the first day and never again', async () => {
  const of = { accountId: '300000000001', principalId: '300000000001', passwordVersion: 1 }
  const seed = newSeed(systemRandom)
  const evaluated = await server.store.storage.transaction((tx) => attack(tx, { of, seed }, server.clock.now(), 365))
  expect(evaluated).toEqual(budget)
})

test('with all five trusted browsers in the wrong hands too: a hundred, which is the most that NIST allows', async () => {
  const of = { accountId: '300000000002', principalId: '300000000002', passwordVersion: 1 }
  const seed = newSeed(systemRandom)
  const now = server.clock.now()
  const evaluated = await server.store.storage.transaction(async (tx) => {
    let all = 0
    for (let n = 0; n < trustedBrowsersMax; n++) {
      const browser = { ...of, tokenHash: `known ${n}` }
      await rememberBrowser(tx, browser, { former: undefined, mfaUsed: true }, now + n)
    }
    for (let n = 0; n < trustedBrowsersMax; n++) {
      const browser = { ...of, tokenHash: `known ${n}` }
      const { single, pairs } = await attack(tx, { of, seed, browser }, now, 30)
      all += single + pairs
    }
    return all
  })
  expect(evaluated).toBe(mfaAttemptsMax + trustedBrowsersMax * trustedBrowserMfaAttempts)
  expect(evaluated).toBe(100)
})

test('an owner who comes each week by two codes gives the attacker nothing: what is closed is closed to both', async () => {
  const of = { accountId: '300000000003', principalId: '300000000003', passwordVersion: 1 }
  const seed = newSeed(systemRandom)
  const weeks = 26
  const total = await server.store.storage.transaction(async (tx) => {
    const sum: Evaluated = { single: 0, pairs: 0, won: 0 }
    for (let week = 0; week < weeks; week++) {
      const begin = server.clock.now() + week * 7 * dayMs
      // The owner comes while two codes are still taken, and has them right.
      const owner = await reserveMfaAttempt(tx, of, 'two-codes', undefined, begin)
      if (owner.reserved) await owner.refund(tx)
      const { single, pairs } = await attack(tx, { of, seed }, begin, 7)
      sum.single += single
      sum.pairs += pairs
    }
    return sum
  })
  // Closed is closed: from the second week on the owner needs a trusted browser.
  expect(total).toEqual(budget)
})

test('the chances are what docs/rate-limits.md says, for ever', () => {
  const single = 3e-6
  const pair = resyncSpanSteps * 1e-12
  const passwordAlone = budget.single * single + budget.pairs * pair
  expect(passwordAlone).toBeLessThan(3.1e-5)
  expect(passwordAlone + trustedBrowsersMax * trustedBrowserMfaAttempts * single).toBeLessThan(1.9e-4)
})
