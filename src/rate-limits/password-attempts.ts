/** Attempts at passwords, per principal and day (UTC). A typed name that is nobody's is counted just the same. */
import type { Tx } from '../storage/schema.ts'
import { type AttemptSubject, noWaits, readAttempts, refundAttempt, reserveAttempt } from './attempts.ts'
import { rateLimits } from './limits.ts'
import { refundTrustedBrowserAttempt, reserveTrustedBrowserAttempt, type TrustedBrowser } from './trusted-browsers.ts'

export interface PasswordSubject {
  /** Empty when nobody has the name. */
  readonly accountId: string
  /** The principal's id, or a hash of the name as typed. */
  readonly subject: string
}

export type PasswordAttempt =
  | { readonly reserved: true; refund(tx: Tx): Promise<void> }
  /** `used-up`: no attempt is left at this price; `wait`: one was given back in this very moment. */
  | { readonly reserved: false; readonly why: 'used-up' | 'wait' }

/** What the next attempt of a browser that is not trusted costs. */
export type PasswordPrice =
  /** Numbers to search for the proof of work; 0: none is due. */
  | { readonly open: true; readonly numbers: number }
  /** No more today, at whatever price: milliseconds until the next day. */
  | { readonly open: false; readonly waitMs: number }

export async function passwordPrice(tx: Tx, of: PasswordSubject, now: number): Promise<PasswordPrice> {
  const { failures } = await readAttempts(tx, subjectOf(of, now), now)
  if (failures >= rateLimits.passwordAttemptsMax) return { open: false, waitMs: startOfNextDay(now) - now }
  return { open: true, numbers: numbersFor(failures) }
}

function numbersFor(failures: number): number {
  const beyond = failures - rateLimits.passwordFreeAttempts
  if (beyond < 0) return 0
  return rateLimits.proofOfWorkFirstMax * 2 ** Math.floor(beyond / rateLimits.proofOfWorkDoublesAfter)
}

/** The same for a place in the line of passwords to be looked at, `waiting` being its length. */
export function proofOfWorkForPlace(waiting: number): number {
  const { queueFreeLength, queueProofFirstMax, queueProofDoublingsMax } = rateLimits
  if (waiting < queueFreeLength) return 0
  return queueProofFirstMax * 2 ** Math.min(queueProofDoublingsMax, Math.floor(Math.log2(waiting / queueFreeLength)))
}

/** `proved`: proof of work was given; without it only the free attempts are open. */
export async function reservePasswordAttempt(
  tx: Tx,
  of: PasswordSubject,
  proved: boolean,
  browser: TrustedBrowser | undefined,
  now: number,
): Promise<PasswordAttempt> {
  if (browser !== undefined && (await reserveTrustedBrowserAttempt(tx, browser, 'password_failures'))) {
    return { reserved: true, refund: (later) => refundTrustedBrowserAttempt(later, browser, 'password_failures') }
  }
  const at = subjectOf(of, now)
  const max = proved ? rateLimits.passwordAttemptsMax : rateLimits.passwordFreeAttempts
  const taken = await reserveAttempt(tx, at, now, max, noWaits)
  if (taken.reserved)
    return { reserved: true, refund: (later) => refundAttempt(later, at, rateLimits.passwordAttemptsMax) }
  return { reserved: false, why: taken.why }
}

const dayMs = 86_400_000
const startOfNextDay = (now: number): number => (Math.floor(now / dayMs) + 1) * dayMs

const subjectOf = (of: PasswordSubject, now: number): AttemptSubject => ({
  ...of,
  kind: 'password',
  period: String(Math.floor(now / dayMs)),
})
