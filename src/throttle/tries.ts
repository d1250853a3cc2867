/**
 * The ledger of tries. A try is reserved before the secret is looked at and given back only by a success: neither a
 * crash nor a burst of parallel requests is a free guess (security: decisions 1 and 5).
 */
import type { Tx } from '../storage/schema.ts'
import { throttleLimits } from './limits.ts'

export interface TrySubject {
  /** Empty for a typed name that is nobody's. */
  readonly accountId: string
  readonly subject: string
  readonly kind: 'password' | 'mfa'
  /** Tries of another epoch do not count. */
  readonly epoch: string
}

export interface Ledger {
  readonly failures: number
  /** Milliseconds until the next try; 0: now. */
  readonly waitMs: number
}

export type Reserved =
  | { readonly reserved: true; readonly count: number }
  | { readonly reserved: false; readonly ledger: Ledger }

/** More rounds than requests that can be in flight for one principal in one moment; then the burst is told to wait. */
const roundsMax = 50

const waitMsMax = 1000 * Math.max(...throttleLimits.mfaSingleCodeWaitSeconds, throttleLimits.mfaTwoCodesWaitSeconds)

export async function readLedger(tx: Tx, at: TrySubject, now: number): Promise<Ledger> {
  const row = await tx
    .selectFrom('tries')
    .select(['epoch', 'failures', 'next_try_at'])
    .where('account_id', '=', at.accountId)
    .where('subject', '=', at.subject)
    .where('kind', '=', at.kind)
    .executeTakeFirst()
  if (row === undefined || row.epoch !== at.epoch) return { failures: 0, waitMs: 0 }
  // A wait longer than there are was written before the clock was set back: nobody has to sit it out. The count stays.
  const waitMs = row.next_try_at - now
  return { failures: row.failures, waitMs: waitMs > 0 && waitMs <= waitMsMax ? waitMs : 0 }
}

/**
 * Counts one try, if the ledger allows one now. `waitMsAfter(count)` is the wait that the next try has to keep.
 * Counting is one conditional write on the count that was read: of two at once, one reads again.
 */
export async function reserveTry(
  tx: Tx,
  at: TrySubject,
  now: number,
  triesMax: number,
  waitMsAfter: (count: number) => number,
): Promise<Reserved> {
  for (let round = 0; round < roundsMax; round++) {
    const ledger = await readLedger(tx, at, now)
    if (ledger.failures >= triesMax || ledger.waitMs > 0) return { reserved: false, ledger }
    const count = ledger.failures + 1
    if (await advance(tx, at, ledger.failures, count, now + waitMsAfter(count))) return { reserved: true, count }
  }
  return { reserved: false, ledger: { failures: triesMax, waitMs: 1000 } }
}

async function advance(tx: Tx, at: TrySubject, seen: number, count: number, nextTryAt: number): Promise<boolean> {
  const rows = await tx
    .insertInto('tries')
    .values({
      account_id: at.accountId,
      subject: at.subject,
      kind: at.kind,
      epoch: at.epoch,
      failures: count,
      next_try_at: nextTryAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'subject', 'kind'])
        .doUpdateSet({ epoch: at.epoch, failures: count, next_try_at: nextTryAt })
        .where((eb) =>
          eb.or([
            eb.and([eb('tries.epoch', '=', at.epoch), eb('tries.failures', '=', seen)]),
            // The row is of an older day or password: its count is void, and this is the first try of the new epoch.
            ...(seen === 0 ? [eb('tries.epoch', '!=', at.epoch)] : []),
          ]),
        ),
    )
    .returning('failures')
    .execute()
  return rows.length === 1
}

/** Gives back the try of a success. Earlier failures stay, but not more than `countMax` of them. */
export async function refundTry(tx: Tx, at: TrySubject, countMax: number): Promise<void> {
  const { failures } = await readLedger(tx, at, 0)
  await tx
    .updateTable('tries')
    .set((eb) => ({
      failures:
        failures - 1 > countMax
          ? countMax
          : eb
              .case()
              .when('failures', '>', 0)
              .then(eb('failures', '-', 1))
              .else(0)
              .end(),
      next_try_at: 0,
    }))
    .where('account_id', '=', at.accountId)
    .where('subject', '=', at.subject)
    .where('kind', '=', at.kind)
    .where('epoch', '=', at.epoch)
    .execute()
}
