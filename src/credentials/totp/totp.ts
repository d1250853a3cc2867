/** RFC 6238 (TOTP): a code of RFC 4226 whose counter is the time. */
import { type HotpOptions, hotp } from './hotp.ts'

/** RFC 6238 §5.2 recommends 30 seconds; AWS and every authenticator app use them. */
export const timeStepSeconds = 30

/**
 * The time step of a moment in milliseconds, T0 = 0 (RFC 6238 §4.2). Exact far beyond the year 2100. Throws a `RangeError` for
 * what is no time.
 */
export function timeStep(ms: number): number {
  if (!Number.isFinite(ms)) throw new RangeError(`got time ${ms}, expected milliseconds`)
  return Math.floor(ms / (timeStepSeconds * 1000))
}

/**
 * The time-based one-time password of a moment in milliseconds.
 *
 * @example totp(Buffer.from('12345678901234567890'), 59_000, { digits: 8 }) // '94287082', RFC 6238 appendix B
 */
export function totp(seed: Uint8Array, ms: number, options: HotpOptions = {}): string {
  return hotp(seed, timeStep(ms), options)
}
