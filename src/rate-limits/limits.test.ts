import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rateLimits } from './limits.ts'

const doc = readFileSync(new URL('../../docs/rate-limits.md', import.meta.url), 'utf8')

/** `| name | numbers | why |` */
function numbersOf(section: string): Record<string, number[]> {
  const [, text = ''] = doc.split(`\n## ${section}\n`)
  const rows = (text.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| ([\d, ]+) \|/gm)
  return Object.fromEntries(Array.from(rows, ([, name = '', numbers = '']) => [name, numbers.split(',').map(Number)]))
}

const toLists = (limits: object) =>
  Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, [value].flat()]))

it('ASVS V6.1.1: docs/rate-limits.md says the numbers that hold', () => {
  expect({
    ...numbersOf('MFA codes'),
    ...numbersOf('Passwords'),
    ...numbersOf('The queue of passwords'),
  }).toEqual(toLists(rateLimits))
})

it('security §4.2: the numbers are those that were reckoned with', () => {
  expect(rateLimits).toEqual({
    mfaSingleCodeAttempts: 10,
    mfaSingleCodeWaitSeconds: [0, 0, 0, 1, 2, 4, 8, 16, 30, 60],
    mfaTwoCodesWaitSeconds: 30,
    mfaAttemptsMax: 50,
    trustedBrowserMfaAttempts: 10,
    trustedBrowserPasswordAttempts: 10,
    trustedBrowsersMax: 5,
    passwordFreeAttempts: 20,
    passwordAttemptsMax: 100,
    proofOfWorkFirstMax: 400_000,
    proofOfWorkDoublesAfter: 16,
    queueFreeLength: 16,
    queueProofFirstMax: 400_000,
    queueProofDoublingsMax: 3,
  })
  const {
    mfaSingleCodeWaitSeconds,
    mfaSingleCodeAttempts,
    mfaAttemptsMax,
    trustedBrowsersMax,
    trustedBrowserMfaAttempts,
  } = rateLimits
  expect(mfaSingleCodeWaitSeconds).toHaveLength(mfaSingleCodeAttempts)
  expect(mfaAttemptsMax + trustedBrowsersMax * trustedBrowserMfaAttempts).toBe(100)
})
