/** Tries at passwords, per principal and day (UTC). A typed name that is nobody's is counted just the same. */
import type { Tx } from '../storage/schema.ts'
import { type KnownBrowser, refundKnownBrowserTry, reserveKnownBrowserTry } from './known-browsers.ts'
import { throttleLimits } from './limits.ts'
import { noWaits, readLedger, refundTry, reserveTry, type TrySubject } from './tries.ts'

export interface PasswordSubject {
  /** Empty when nobody has the name. */
  readonly accountId: string
  /** The principal's id, or a hash of the name as typed. */
  readonly subject: string
}

export type PasswordTry =
  | { readonly reserved: true; refund(tx: Tx): Promise<void> }
  /** `used-up`: no try is left at this price; `wait`: one was given back in this very moment. */
  | { readonly reserved: false; readonly why: 'used-up' | 'wait' }

/** What the next try of a browser that is not known costs. */
export type PasswordPrice =
  /** Numbers to search for the proof of work; 0: none is due. */
  | { readonly open: true; readonly numbers: number }
  /** No more today, at whatever price: milliseconds until the next day. */
  | { readonly open: false; readonly waitMs: number }

export async function passwordPrice(tx: Tx, of: PasswordSubject, now: number): Promise<PasswordPrice> {
  const { failures } = await readLedger(tx, ledgerOf(of, now), now)
  if (failures >= throttleLimits.passwordTriesMax) return { open: false, waitMs: startOfNextDay(now) - now }
  return { open: true, numbers: numbersFor(failures) }
}

function numbersFor(failures: number): number {
  const beyond = failures - throttleLimits.passwordFreeTries
  if (beyond < 0) return 0
  return throttleLimits.proofOfWorkFirstMax * 2 ** Math.floor(beyond / throttleLimits.proofOfWorkDoublesAfter)
}

/** The same for a place in the line of passwords to be looked at, `waiting` being its length. */
export function proofOfWorkForPlace(waiting: number): number {
  const { queueFreeLength, queueProofFirstMax, queueProofDoublingsMax } = throttleLimits
  if (waiting < queueFreeLength) return 0
  return queueProofFirstMax * 2 ** Math.min(queueProofDoublingsMax, Math.floor(Math.log2(waiting / queueFreeLength)))
}

/** `proved`: proof of work was given; without it only the free tries are open. */
export async function reservePasswordTry(
  tx: Tx,
  of: PasswordSubject,
  proved: boolean,
  browser: KnownBrowser | undefined,
  now: number,
): Promise<PasswordTry> {
  if (browser !== undefined && (await reserveKnownBrowserTry(tx, browser, 'password_failures'))) {
    return { reserved: true, refund: (later) => refundKnownBrowserTry(later, browser, 'password_failures') }
  }
  const at = ledgerOf(of, now)
  const max = proved ? throttleLimits.passwordTriesMax : throttleLimits.passwordFreeTries
  const taken = await reserveTry(tx, at, now, max, noWaits)
  if (taken.reserved)
    return { reserved: true, refund: (later) => refundTry(later, at, throttleLimits.passwordTriesMax) }
  return { reserved: false, why: taken.why }
}

const dayMs = 86_400_000
const startOfNextDay = (now: number): number => (Math.floor(now / dayMs) + 1) * dayMs

const ledgerOf = (of: PasswordSubject, now: number): TrySubject => ({
  ...of,
  kind: 'password',
  epoch: String(Math.floor(now / dayMs)),
})
