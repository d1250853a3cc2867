import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hotp } from './hotp.ts'
import { timeStep, totp } from './totp.ts'
import { learnedDriftStepsMax, type TotpDevice, verifyCode } from './verify-code.ts'

const seed = Buffer.from('12345678901234567890')
const now = Date.UTC(2026, 10, 24, 12, 0, 10)
const step = timeStep(now)
const fresh: TotpDevice = { seed, lastStep: -1, driftSet: 0, drift: 0 }
const codeAt = (offset: number): string => hotp(seed, step + offset)

test('the example of the docstring', () => {
  expect(verifyCode(fresh, '287082', 59_000)).toEqual({ ok: true, step: 1, drift: 0 })
})

describe('RFC 6238 §5.2: the window is exactly −1, 0, +1', () => {
  test.each([
    [-3, false],
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ])('a code %d steps from now: %s', (offset, accepted) => {
    const result = verifyCode(fresh, codeAt(offset), now)
    expect(result).toEqual(accepted ? { ok: true, step: step + offset, drift: offset } : { ok: false, reason: 'wrong' })
  })

  test.each([-4, -2, 3, 17])('and lies around the drift, here %d', (drift) => {
    const device = { ...fresh, driftSet: drift, drift }
    const accepted = [-3, -2, -1, 0, 1, 2, 3].filter((offset) => verifyCode(device, codeAt(drift + offset), now).ok)
    expect(accepted).toEqual([-1, 0, 1])
  })

  test('the first step of 1970 has none before it', () => {
    expect(verifyCode(fresh, totp(seed, 0), 5_000)).toEqual({ ok: true, step: 0, drift: 0 })
    expect(verifyCode(fresh, '000000', 5_000)).toEqual({ ok: false, reason: 'wrong' })
  })
})

describe('RFC 6238 §5.2: no step twice, and none that is older', () => {
  test.each([
    ['the same code again', 0, 0, 'already-used'],
    ['an older code that was never used', 0, -1, 'already-used'],
    ['an older code, after the one ahead was used', 1, 0, 'already-used'],
    ['the oldest, after the one ahead was used', 1, -1, 'already-used'],
  ] as const)('%s', (_name, used, tried, reason) => {
    expect(verifyCode({ ...fresh, lastStep: step + used }, codeAt(tried), now)).toEqual({ ok: false, reason })
  })

  test('the next code is accepted', () => {
    expect(verifyCode({ ...fresh, lastStep: step }, codeAt(1), now)).toMatchObject({ ok: true, step: step + 1 })
  })

  test('a clock that was set back by a day accepts nothing until it is right again', () => {
    const dayBefore = now - 86_400_000
    expect(verifyCode({ ...fresh, lastStep: step }, totp(seed, dayBefore), dayBefore)).toEqual({
      ok: false,
      reason: 'already-used',
    })
  })

  test('of two steps with the same digits the greater is spent', () => {
    // Found by search: the first step of this seed whose code is also that of the next one.
    const early = 910_737
    expect(hotp(seed, early)).toBe(hotp(seed, early + 1))
    const result = verifyCode(fresh, hotp(seed, early), early * 30_000)
    expect(result).toMatchObject({ ok: true })
    if (!result.ok) return
    expect(result.step).toBeGreaterThan(early)
    expect(verifyCode({ ...fresh, lastStep: result.step }, hotp(seed, early), early * 30_000).ok).toBe(false)
  })
})

describe('only ^[0-9]{6}$ is a code', () => {
  const right = codeAt(0)
  const fullWidth = [...right].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
  const arabic = [...right].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0x630)).join('')
  test.each([
    [fullWidth],
    [arabic],
    [[right]],
    [[...right]],
    [Number(right)],
    [new String(right)],
    [{ toString: () => right }],
    [Buffer.from(right)],
    [` ${right}`],
    [`${right} `],
    [`${right}\n`],
    [`\n${right}`],
    [`${right}\0`],
    [`+${right}`],
    [`-${right}`],
    [`0${right}`],
    [right.slice(1)],
    [`${right.slice(0, 3)} ${right.slice(3)}`],
    [`${right.slice(0, 3)}-${right.slice(3)}`],
    [`${right}.0`],
    [`${right}\u200b`],
    [`\ufeff${right}`],
    ['1e5000'],
    ['0x1234'],
    [''],
    [null],
    [undefined],
    [true],
  ])('%j is malformed', (code: unknown) => {
    expect(verifyCode(fresh, code, now)).toEqual({ ok: false, reason: 'malformed' })
  })

  test('a used code stays refused in 50 decorations', () => {
    const used = { ...fresh, lastStep: step }
    const decorations = [
      '\t',
      '\v',
      '\f',
      '\r',
      ' ',
      '\u00a0',
      '\u2003',
      '\u3000',
      '+',
      '0',
      '\0',
      '%20',
      '&',
      ',',
      ';',
      '#',
      '.',
    ]
    const decorated = decorations.flatMap((mark) => [
      right + mark,
      mark + right,
      right.slice(0, 3) + mark + right.slice(3),
    ])
    expect(decorated.length).toBeGreaterThan(50)
    expect(decorated.filter((code) => verifyCode(used, code, now).ok)).toEqual([])
  })
})

describe('RFC 6238 §6: the drift that sign-ins learn', () => {
  test('follows a clock that wanders, one step a success, and stops 4 from where it was set', () => {
    let device: TotpDevice = { ...fresh, driftSet: 2, drift: 2 }
    const drifts: number[] = []
    for (let offset = 3; offset <= 7; offset++) {
      const later = now + offset * 3_600_000
      const result = verifyCode(device, hotp(seed, timeStep(later) + offset), later)
      if (!result.ok) expect.fail(`refused at ${offset}: ${result.reason}`)
      device = { ...device, lastStep: result.step, drift: result.drift }
      drifts.push(result.drift)
    }
    expect(drifts).toEqual([3, 4, 5, 6, 6])
    const later = now + 100 * 3_600_000
    expect(verifyCode(device, hotp(seed, timeStep(later) + 8), later)).toEqual({ ok: false, reason: 'wrong' })
  })

  test('goes back when the clock was put right', () => {
    const result = verifyCode({ ...fresh, drift: 1 }, codeAt(0), now)
    expect(result).toEqual({ ok: true, step, drift: 0 })
  })

  test('a stored drift outside the bound does not move the window beyond it', () => {
    const device = { ...fresh, drift: 1_000 }
    expect(verifyCode(device, codeAt(1_000), now).ok).toBe(false)
    expect(verifyCode(device, codeAt(learnedDriftStepsMax), now)).toMatchObject({
      ok: true,
      drift: learnedDriftStepsMax,
    })
  })

  test('any course of time and tries: the last step only grows, no step wins twice, failures move nothing', () => {
    const course = fc.array(
      fc.record({
        waitMs: fc.integer({ min: -60_000, max: 120_000 }),
        // Near the window most of the time, so that successes, replays and misses all occur.
        offset: fc.integer({ min: -7, max: 7 }),
      }),
      { minLength: 1, maxLength: 60 },
    )
    fc.assert(
      fc.property(course, fc.integer({ min: -19, max: 20 }), (tries, driftSet) => {
        let device: TotpDevice = { seed, lastStep: -1, driftSet, drift: driftSet }
        let time = now
        const won = new Set<number>()
        for (const { waitMs, offset } of tries) {
          time += waitMs
          const tried = timeStep(time) + device.drift + offset
          const before = device
          const result = verifyCode(device, hotp(seed, tried), time)
          expect(device).toBe(before)
          if (!result.ok) {
            expect(Object.keys(result)).toEqual(['ok', 'reason'])
            continue
          }
          expect(result.step).toBeGreaterThan(device.lastStep)
          expect(won.has(result.step)).toBe(false)
          won.add(result.step)
          expect(Math.abs(result.drift - device.drift)).toBeLessThanOrEqual(1)
          expect(Math.abs(result.drift - driftSet)).toBeLessThanOrEqual(learnedDriftStepsMax)
          device = { ...device, lastStep: result.step, drift: result.drift }
        }
      }),
      { numRuns: 300 },
    )
  })
})

test('a time that is none throws, so nobody passes', () => {
  expect(() => verifyCode(fresh, codeAt(0), Number.NaN)).toThrow(RangeError)
})
