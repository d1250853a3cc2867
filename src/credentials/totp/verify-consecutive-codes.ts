import { prepareHotp } from './hotp.ts'
import { parseCode } from './parse-code.ts'
import { timeStep, timeStepSeconds } from './totp.ts'

/**
 * Two consecutive codes are looked for within 20 steps (10 minutes) of now: 41 codes, 40 consecutive pairs, so that a blind
 * guess of both wins with q = 40 · 10⁻¹², and 90 guesses with less than 4 · 10⁻⁹. A span of a day would be
 * 2,880 · 10⁻¹² a guess: at a guess every 30 seconds, 3 · 10⁻³ a year.
 */
export const resyncSpanSteps = 40

/** How far the search goes for a clock that is wrong, only to say by how much: a day, which covers every wrong time zone. */
export const clockSearchSteps = 2_880

export type VerifyConsecutiveCodesResult =
  | { readonly ok: true; readonly firstStep: number; readonly step: number; readonly drift: number }
  | {
      readonly ok: false
      readonly reason: 'malformed' | 'same-code' | 'not-consecutive' | 'reversed' | 'already-used' | 'wrong'
    }
  | { readonly ok: false; readonly reason: 'clock-off'; readonly offBySeconds: number }

/**
 * Checks the two codes of enrolment and of resync. The caller writes `step` (that of the second code) as `lastStep`, by one
 * conditional write that wins only where the stored `lastStep` is still less than `firstStep` (that of the first code), and `drift` as
 * both `driftSet` and `drift` of the device.
 *
 * - Only codes of two steps that follow one another count, both within 20 steps of now and both greater than `lastStep`
 *   (INVARIANT(code-once)). `drift` is the step of the second code − now: from −19 to +20.
 * - A device whose clock is further off could never sign in, so it is refused, with the error of its clock: `clock-off`, and
 *   `offBySeconds`, positive when the device is ahead, exact to 30 seconds. Such a pair is never accepted.
 * - All codes of the span are computed, whatever the two are, and for every refusal of two different codes all of a day each way:
 *   refusals take the same time, some milliseconds. Whether one code alone was right is never told: `wrong` also covers
 *   that, else each code could be guessed by itself.
 *
 * `not-consecutive` and `reversed` say that both codes belong to the device. A blind guesser learns that with at most
 * 1,640 · 10⁻¹² (`clock-off`: 5,720 · 10⁻¹²) a guess, still more than q: give these reasons to a person who is enrolling the device
 * or is signed in, and one answer for all of them where two codes stand in for a sign-in.
 *
 * Throws a `RangeError` when `nowMs` is no time.
 *
 * @example
 * const device = { seed: Buffer.from('12345678901234567890'), lastStep: -1 }
 * verifyConsecutiveCodes(device, '755224', '287082', 59_000) // { ok: true, firstStep: 0, step: 1, drift: 0 }
 */
export function verifyConsecutiveCodes(
  device: { readonly seed: Uint8Array; readonly lastStep: number },
  code1: unknown,
  code2: unknown,
  nowMs: number,
): VerifyConsecutiveCodesResult {
  const first = parseCode(code1)
  const second = parseCode(code2)
  if (first === undefined || second === undefined) return { ok: false, reason: 'malformed' }
  if (first === second) return { ok: false, reason: 'same-code' }
  const now = timeStep(nowMs)
  const near = findSteps(device.seed, now, resyncSpanSteps / 2, first, second)
  const pairs = near.first.flatMap((a) => near.second.map((b) => ({ a, b })))
  const consecutive = pairs.filter(({ a, b }) => b === a + 1)
  const unused = consecutive.filter(({ a }) => a > device.lastStep).at(-1)
  if (unused !== undefined) return { ok: true, firstStep: unused.a, step: unused.b, drift: unused.b - now }
  // Searched whatever the refusal will be, so that its time does not tell what its text may not.
  const far = findSteps(device.seed, now, clockSearchSteps, first, second)
  if (consecutive.length > 0) return { ok: false, reason: 'already-used' }
  if (pairs.length > 0) return { ok: false, reason: pairs.some(({ a, b }) => b < a) ? 'reversed' : 'not-consecutive' }
  const off = far.second.find((b) => far.first.includes(b - 1))
  if (off === undefined) return { ok: false, reason: 'wrong' }
  return { ok: false, reason: 'clock-off', offBySeconds: (off - now) * timeStepSeconds }
}

/** The steps within `reach` of now at which each code is right, ascending. */
function findSteps(seed: Uint8Array, now: number, reach: number, first: number, second: number) {
  const codeOfStep = prepareHotp(seed)
  const found = { first: [] as number[], second: [] as number[] }
  for (let step = now - reach; step <= now + reach; step++) {
    const code = codeOfStep(Math.max(step, 0))
    if (step < 0) continue
    if (code === first) found.first.push(step)
    if (code === second) found.second.push(step)
  }
  return found
}
