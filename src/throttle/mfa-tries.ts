/** Tries at MFA codes: over all devices, sessions, addresses and servers of a principal, per password. */
import type { Tx } from '../storage/schema.ts'
import { isKnownBrowser, type KnownBrowser, refundKnownBrowserTry, reserveKnownBrowserTry } from './known-browsers.ts'
import { throttleLimits } from './limits.ts'
import { readLedger, refundTry, reserveTry, type TrySubject, type Waits } from './tries.ts'

export interface MfaSubject {
  readonly accountId: string
  readonly principalId: string
  readonly passwordEpoch: number
}

/** What a sign-in has to show: one code, two consecutive ones, or nothing will do from this browser. */
export type MfaMode = 'single' | 'two-codes' | 'closed'

export interface MfaAllowance {
  readonly mode: MfaMode
  /** Milliseconds until the next try; 0: now. */
  readonly waitMs: number
}

export type MfaTry =
  | { readonly reserved: true; readonly mode: 'single' | 'two-codes'; refund(tx: Tx): Promise<void> }
  | { readonly reserved: false; readonly mode: MfaMode; readonly waitMs: number }

/** What this browser may do next, without counting anything. */
export async function mfaAllowance(
  tx: Tx,
  of: MfaSubject,
  browser: KnownBrowser | undefined,
  now: number,
): Promise<MfaAllowance> {
  if (browser !== undefined && (await isKnownBrowser(tx, browser, 'mfa_failures'))) return { mode: 'single', waitMs: 0 }
  const { failures, waitMs } = await readLedger(tx, ledgerOf(of), now)
  return { mode: modeAfter(failures), waitMs }
}

/** Reserves a try at a sign-in. `mode` says which form the person was shown: a single code is not taken where two are due. */
export async function reserveMfaTry(
  tx: Tx,
  of: MfaSubject,
  shown: 'single' | 'two-codes',
  browser: KnownBrowser | undefined,
  now: number,
): Promise<MfaTry> {
  if (browser !== undefined && (await reserveKnownBrowserTry(tx, browser, 'mfa_failures'))) {
    return { reserved: true, mode: shown, refund: (later) => refundKnownBrowserTry(later, browser, 'mfa_failures') }
  }
  const allowed = await mfaAllowance(tx, of, undefined, now)
  if (allowed.mode === 'closed' || (allowed.mode === 'two-codes' && shown === 'single') || allowed.waitMs > 0) {
    return { reserved: false, ...allowed }
  }
  // A single code may only take one of the single-code tries, also when many are sent at once.
  const max = shown === 'single' ? throttleLimits.mfaSingleCodeTries : throttleLimits.mfaTriesMax
  const taken = await reserveTry(tx, ledgerOf(of), now, max, waits)
  if (taken.reserved) return { reserved: true, mode: shown, refund: (later) => refundMfaTry(later, ledgerOf(of)) }
  return { reserved: false, mode: modeAfter(taken.failures), waitMs: taken.waitMs }
}

/**
 * Reserves a try of two codes by API (resync of a principal's device, or enabling of a device that is nobody's yet: then
 * the device itself is the subject, since nobody's factor is being guessed). `waitMs` 0: no try is left.
 */
export async function reserveTwoCodesTry(
  tx: Tx,
  of: MfaSubject,
  now: number,
): Promise<{ readonly reserved: true } | { readonly reserved: false; readonly waitMs: number }> {
  const taken = await reserveTry(tx, ledgerOf(of), now, throttleLimits.mfaTriesMax, waits)
  return taken.reserved ? taken : { reserved: false, waitMs: taken.why === 'used-up' ? 0 : taken.waitMs }
}

/** Gives back the try of two codes that were right. */
export const refundTwoCodesTry = (tx: Tx, of: MfaSubject): Promise<void> => refundMfaTry(tx, ledgerOf(of))

/** A success opens what was closed, but gives no single-code try back: those are ten for each password. */
const refundMfaTry = (tx: Tx, at: TrySubject) => refundTry(tx, at, throttleLimits.mfaSingleCodeTries)

const ledgerOf = (of: MfaSubject): TrySubject => ({
  accountId: of.accountId,
  subject: of.principalId,
  kind: 'mfa',
  epoch: String(of.passwordEpoch),
})

function modeAfter(failures: number): MfaMode {
  if (failures >= throttleLimits.mfaTriesMax) return 'closed'
  return failures >= throttleLimits.mfaSingleCodeTries ? 'two-codes' : 'single'
}

/** The n-th number stands before the try that follows n others. */
const waits: Waits = {
  seconds: throttleLimits.mfaSingleCodeWaitSeconds,
  furtherSeconds: throttleLimits.mfaTwoCodesWaitSeconds,
}
