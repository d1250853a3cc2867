import { prepareHotp } from './hotp.ts'
import { parseCode } from './parse-code.ts'
import { timeStep } from './totp.ts'

/** RFC 6238 §5.2: one step for the delay of the network, and one for a clock that is a little fast. */
export const windowSteps = 1

/** How far sign-ins may carry the drift from what enrolment or resync measured: two minutes; RFC 6238 §6 wants a bound. */
export const learnedDriftStepsMax = 4

/**
 * What is remembered of a device. Drifts are in time steps, positive when the device's clock is ahead of ours.
 * - `driftSet`: what the two codes of enrolment or of the last resync showed (`verifyConsecutiveCodes`: −19 to +20).
 * - `drift`: where sign-ins have carried it since; enrolment and resync set it to `driftSet`.
 * - `lastStep`: the last step that was accepted; −1 for a device that has never been used.
 */
export interface TotpDevice {
  readonly seed: Uint8Array
  readonly lastStep: number
  readonly driftSet: number
  readonly drift: number
}

export type VerifyCodeResult =
  | { readonly ok: true; readonly step: number; readonly drift: number }
  | { readonly ok: false; readonly reason: 'malformed' | 'wrong' | 'already-used' }

/**
 * Checks one code of an authenticator app (SHA-1, 6 digits, 30 seconds). Nothing is stored here: the caller writes `step` and
 * `drift` by one conditional write that wins only where the stored `lastStep` is still less than `step`.
 *
 * - The code may be that of the step now + drift, of the one before or of the one after.
 * - INVARIANT(code-once): only a step greater than `lastStep` wins, so a step once accepted, and any older one, never wins again,
 *   wherever drift or the clock have gone since (RFC 6238 §5.2, RFC 4226 §8). A code that is right for several steps takes the
 *   greatest, so that the same digits are spent for all of them.
 * - After a success at step s, the drift is s − now, held within `driftSet` ± 4: it moves by at most one step, because the
 *   window reaches no further (RFC 6238 §6). A failure has no drift in its result, so failures move nothing.
 * - Whatever the code, three codes are computed and compared as integers: the work tells nothing.
 *
 * A blind guess wins with 3 · 10⁻⁶ (RFC 4226 §7.3: s·v/10^d); counting the guesses is the caller's.
 * `already-used` means that the digits are right for a step in the window that was spent; telling so gives a guesser nothing.
 * Throws a `RangeError` when `nowMs` is no time.
 *
 * @example
 * const device = { seed: Buffer.from('12345678901234567890'), lastStep: -1, driftSet: 0, drift: 0 }
 * verifyCode(device, '287082', 59_000) // { ok: true, step: 1, drift: 0 }
 */
export function verifyCode(device: TotpDevice, code: unknown, nowMs: number): VerifyCodeResult {
  const digits = parseCode(code)
  if (digits === undefined) return { ok: false, reason: 'malformed' }
  const codeOfStep = prepareHotp(device.seed)
  const now = timeStep(nowMs)
  // Held again here: a stored drift outside the bound, however it came there, must not widen the window.
  const centre = now + holdDrift(device.drift, device.driftSet)
  let winner = -1
  let spent = false
  for (let step = centre - windowSteps; step <= centre + windowSteps; step++) {
    // Before the first step of 1970 there is none, and a negative one never wins.
    const right = codeOfStep(Math.max(step, 0)) === digits
    winner = right && step > device.lastStep ? step : winner
    spent = spent || (right && step <= device.lastStep)
  }
  if (winner >= 0) return { ok: true, step: winner, drift: holdDrift(winner - now, device.driftSet) }
  return { ok: false, reason: spent ? 'already-used' : 'wrong' }
}

function holdDrift(drift: number, driftSet: number): number {
  return Math.min(Math.max(drift, driftSet - learnedDriftStepsMax), driftSet + learnedDriftStepsMax)
}
