/** Attempts at MFA codes: over all devices, sessions, addresses and servers of a principal, per password. */
import type { Tx } from '../storage/schema.ts'
import { type AttemptSubject, readAttempts, refundAttempt, reserveAttempt, type Waits } from './attempts.ts'
import { rateLimits } from './limits.ts'
import {
  isTrustedBrowser,
  refundTrustedBrowserAttempt,
  reserveTrustedBrowserAttempt,
  type TrustedBrowser,
} from './trusted-browsers.ts'

export interface MfaSubject {
  readonly accountId: string
  readonly principalId: string
  readonly passwordVersion: number
}

/** What a sign-in has to show: one code, two consecutive ones, or nothing will do from this browser. */
export type MfaMode = 'single' | 'two-codes' | 'closed'

export interface MfaAllowance {
  readonly mode: MfaMode
  /** Milliseconds until the next attempt; 0: now. */
  readonly waitMs: number
}

export type MfaAttempt =
  | { readonly reserved: true; readonly mode: 'single' | 'two-codes'; refund(tx: Tx): Promise<void> }
  | { readonly reserved: false; readonly mode: MfaMode; readonly waitMs: number }

/** What this browser may do next, without counting anything. */
export async function mfaAllowance(
  tx: Tx,
  of: MfaSubject,
  browser: TrustedBrowser | undefined,
  now: number,
): Promise<MfaAllowance> {
  if (browser !== undefined && (await isTrustedBrowser(tx, browser, 'mfa_failures')))
    return { mode: 'single', waitMs: 0 }
  const { failures, waitMs } = await readAttempts(tx, subjectOf(of), now)
  return { mode: modeAfter(failures), waitMs }
}

/** Reserves an attempt at a sign-in. `mode` says which form the person was shown: a single code is not taken where two are due. */
export async function reserveMfaAttempt(
  tx: Tx,
  of: MfaSubject,
  shown: 'single' | 'two-codes',
  browser: TrustedBrowser | undefined,
  now: number,
): Promise<MfaAttempt> {
  if (browser !== undefined && (await reserveTrustedBrowserAttempt(tx, browser, 'mfa_failures'))) {
    return {
      reserved: true,
      mode: shown,
      refund: (later) => refundTrustedBrowserAttempt(later, browser, 'mfa_failures'),
    }
  }
  const allowed = await mfaAllowance(tx, of, undefined, now)
  if (allowed.mode === 'closed' || (allowed.mode === 'two-codes' && shown === 'single') || allowed.waitMs > 0) {
    return { reserved: false, ...allowed }
  }
  // A single code may only take one of the single-code attempts, also when many are sent at once.
  const max = shown === 'single' ? rateLimits.mfaSingleCodeAttempts : rateLimits.mfaAttemptsMax
  const taken = await reserveAttempt(tx, subjectOf(of), now, max, waits)
  if (taken.reserved) return { reserved: true, mode: shown, refund: (later) => refundMfaAttempt(later, subjectOf(of)) }
  return { reserved: false, mode: modeAfter(taken.failures), waitMs: taken.waitMs }
}

/**
 * Reserves an attempt of two codes by API (resync of a principal's device, or enabling of a device that is nobody's yet: then
 * the device itself is the subject, since nobody's factor is being guessed). `waitMs` 0: no attempt is left.
 */
export async function reserveTwoCodesAttempt(
  tx: Tx,
  of: MfaSubject,
  now: number,
): Promise<{ readonly reserved: true } | { readonly reserved: false; readonly waitMs: number }> {
  const taken = await reserveAttempt(tx, subjectOf(of), now, rateLimits.mfaAttemptsMax, waits)
  return taken.reserved ? taken : { reserved: false, waitMs: taken.why === 'used-up' ? 0 : taken.waitMs }
}

/** Gives back the attempt of two codes that were right. */
export const refundTwoCodesAttempt = (tx: Tx, of: MfaSubject): Promise<void> => refundMfaAttempt(tx, subjectOf(of))

/** A success opens what was closed, but gives no single code back: those are ten for each password. */
const refundMfaAttempt = (tx: Tx, at: AttemptSubject) => refundAttempt(tx, at, rateLimits.mfaSingleCodeAttempts)

const subjectOf = (of: MfaSubject): AttemptSubject => ({
  accountId: of.accountId,
  subject: of.principalId,
  kind: 'mfa',
  period: String(of.passwordVersion),
})

function modeAfter(failures: number): MfaMode {
  if (failures >= rateLimits.mfaAttemptsMax) return 'closed'
  return failures >= rateLimits.mfaSingleCodeAttempts ? 'two-codes' : 'single'
}

/** The n-th number stands before the attempt that follows n others. */
const waits: Waits = {
  seconds: rateLimits.mfaSingleCodeWaitSeconds,
  furtherSeconds: rateLimits.mfaTwoCodesWaitSeconds,
}
