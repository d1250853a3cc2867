import { describe, expect, test } from 'vitest'
import { hotp } from './hotp.ts'
import { timeStep } from './totp.ts'
import { verifyCode } from './verify-code.ts'
import { clockSearchSteps, resyncSpanSteps, verifyConsecutiveCodes } from './verify-consecutive-codes.ts'

const seed = Buffer.from('12345678901234567890')
const now = Date.UTC(2026, 10, 24, 12, 0, 10)
const step = timeStep(now)
const codeAt = (offset: number): string => hotp(seed, step + offset)
const verifyPair = (a: number, b: number, lastStep = -1) =>
  verifyConsecutiveCodes({ seed, lastStep }, codeAt(a), codeAt(b), now)

test('the example of the docstring', () => {
  expect(verifyConsecutiveCodes({ seed, lastStep: -1 }, '755224', '287082', 59_000)).toEqual({
    ok: true,
    firstStep: 0,
    step: 1,
    drift: 0,
  })
})

test('the span allows 40 pairs: q = 40 · 10⁻¹² (security §4.2)', () => {
  expect(resyncSpanSteps).toBe(40)
  const accepted = []
  for (let a = -24; a <= 24; a++) if (verifyPair(a, a + 1).ok) accepted.push(a)
  expect(accepted).toEqual(Array.from({ length: 40 }, (_, index) => index - 20))
})

test.each([-20, -6, -1, 0, 19])('after two codes from %d steps away, the next sign-in passes', (a) => {
  const result = verifyPair(a, a + 1)
  if (!result.ok) expect.fail(result.reason)
  expect(result).toEqual({ ok: true, firstStep: step + a, step: step + a + 1, drift: a + 1 })
  const device = { seed, lastStep: result.step, driftSet: result.drift, drift: result.drift }
  expect(verifyCode(device, codeAt(a + 1), now)).toEqual({ ok: false, reason: 'already-used' })
  expect(verifyCode(device, codeAt(a + 3), now + 60_000)).toMatchObject({ ok: true, step: step + a + 3 })
})

describe('each reason of refusal', () => {
  test.each([
    ['the same code twice', 0, 0, 'same-code'],
    ['a gap', -2, 0, 'not-consecutive'],
    ['a gap as wide as the span', -20, 20, 'not-consecutive'],
    ['the reverse order', 0, -1, 'reversed'],
    ['the reverse order with a gap', 1, -3, 'reversed'],
    ['one code outside, though they are far apart', 0, 200, 'wrong'],
    ['both too old by more than a day', -clockSearchSteps - 2, -clockSearchSteps - 1, 'wrong'],
    ['both too far ahead by more than a day', clockSearchSteps, clockSearchSteps + 1, 'wrong'],
  ] as const)('%s', (_name, a, b, reason) => {
    expect(verifyPair(a, b)).toEqual({ ok: false, reason })
  })

  test.each([
    ['both', -1, 0, step],
    ['the first', 0, 1, step],
  ] as const)('already used: %s', (_name, a, b, lastStep) => {
    expect(verifyPair(a, b, lastStep)).toEqual({ ok: false, reason: 'already-used' })
  })

  test('both unused, the step before used: accepted', () => {
    expect(verifyPair(1, 2, step)).toMatchObject({ ok: true, step: step + 2, drift: 2 })
  })

  test.each([
    [-21, -600],
    [20, 630],
    [120, 3_630],
    [-1_440, -43_170],
    [clockSearchSteps - 1, 86_400],
  ])('a clock that is off: first code %d steps away, told %d seconds', (a, offBySeconds) => {
    expect(verifyPair(a, a + 1)).toEqual({ ok: false, reason: 'clock-off', offBySeconds })
  })

  test('reversed codes of a clock that is off are only wrong', () => {
    expect(verifyPair(121, 120)).toEqual({ ok: false, reason: 'wrong' })
  })

  test('one right code is told no better than none', () => {
    const neither = verifyConsecutiveCodes({ seed, lastStep: -1 }, '000000', '000001', now)
    expect(verifyConsecutiveCodes({ seed, lastStep: -1 }, codeAt(0), '000001', now)).toEqual(neither)
    expect(verifyConsecutiveCodes({ seed, lastStep: -1 }, '000000', codeAt(1), now)).toEqual(neither)
    expect(neither).toEqual({ ok: false, reason: 'wrong' })
  })

  test.each([
    ['12345', codeAt(1)],
    [codeAt(0), ` ${codeAt(1)}`],
    [[codeAt(0)], codeAt(1)],
    [undefined, codeAt(1)],
    [Number(codeAt(0)), codeAt(1)],
  ])('%j and %j are malformed', (code1: unknown, code2: unknown) => {
    expect(verifyConsecutiveCodes({ seed, lastStep: -1 }, code1, code2, now)).toEqual({
      ok: false,
      reason: 'malformed',
    })
  })

  test('codes of another device are wrong', () => {
    const other = { seed: Buffer.from('another seed, same length'), lastStep: -1 }
    expect(verifyConsecutiveCodes(other, codeAt(0), codeAt(1), now)).toEqual({ ok: false, reason: 'wrong' })
  })
})

test('near 1970 there are no steps before the first', () => {
  expect(verifyConsecutiveCodes({ seed, lastStep: -1 }, hotp(seed, 0), hotp(seed, 1), 31_000)).toEqual({
    ok: true,
    firstStep: 0,
    step: 1,
    drift: 0,
  })
})

test('a time that is none throws, so nobody passes', () => {
  expect(() => verifyConsecutiveCodes({ seed, lastStep: -1 }, codeAt(0), codeAt(1), Number.NaN)).toThrow(RangeError)
})
