/**
 * The ledger of tries. A try is reserved before the secret is looked at and given back only by a success: neither a
 * crash nor a burst of parallel requests is a free guess (security: decisions 1 and 5).
 *
 * Its times are those of the store (`SharedTime`), so that servers whose clocks differ agree on them.
 */
import { sql } from 'kysely'
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

/** Not reserved: either no try is left, or `waitMs` says when the next one is. */
export type Reserved =
  | { readonly reserved: true }
  | { readonly reserved: false; readonly why: 'used-up' | 'wait'; readonly failures: number; readonly waitMs: number }

/** Seconds to wait after the n-th try, and after all further ones. */
export interface Waits {
  readonly seconds: readonly number[]
  readonly furtherSeconds: number
}

export const noWaits: Waits = { seconds: [], furtherSeconds: 0 }

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

/** Counts one try, if the ledger allows one now: one conditional write, whoever else tries at the same moment. */
export async function reserveTry(
  tx: Tx,
  at: TrySubject,
  now: number,
  triesMax: number,
  waits: Waits,
): Promise<Reserved> {
  const isOfEpoch = sql<boolean>`tries.epoch = ${at.epoch}`
  const count = sql<number>`case when ${isOfEpoch} then tries.failures + 1 else 1 end`
  const rows = await tx
    .insertInto('tries')
    .values({
      account_id: at.accountId,
      subject: at.subject,
      kind: at.kind,
      epoch: at.epoch,
      failures: 1,
      next_try_at: nextTryAt(sql<number>`1`, now, waits),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'subject', 'kind'])
        .doUpdateSet({ epoch: at.epoch, failures: count, next_try_at: nextTryAt(count, now, waits) })
        // A row of an older day or password is void, whatever it says.
        .where((eb) =>
          eb.or([
            eb.not(isOfEpoch),
            eb.and([
              eb('tries.failures', '<', triesMax),
              eb.or([eb('tries.next_try_at', '<=', now), eb('tries.next_try_at', '>', now + waitMsMax)]),
            ]),
          ]),
        ),
    )
    .returning('failures')
    .execute()
  if (rows.length === 1) return { reserved: true }
  const { failures, waitMs } = await readLedger(tx, at, now)
  if (failures >= triesMax) return { reserved: false, why: 'used-up', failures, waitMs }
  // A wait that was given back in this very moment counts as one second.
  return { reserved: false, why: 'wait', failures, waitMs: waitMs > 0 ? waitMs : 1000 }
}

/** A try without a wait stores none: *now* would be a wait for a server whose clock is behind. */
function nextTryAt(count: ReturnType<typeof sql<number>>, now: number, waits: Waits) {
  if (waits === noWaits) return sql<number>`0`
  const after = (seconds: number) => (seconds === 0 ? sql`0` : sql`cast(${now} as bigint) + ${sql.lit(1000 * seconds)}`)
  const cases = waits.seconds.map((seconds, n) => sql`when ${sql.lit(n)} then ${after(seconds)}`)
  return sql<number>`case ${count} ${sql.join(cases, sql` `)} else ${after(waits.furtherSeconds)} end`
}

/** Gives back the try of a success. Earlier failures stay, but not more than `countMax` of them. */
export async function refundTry(tx: Tx, at: TrySubject, countMax: number): Promise<void> {
  const max = sql.lit(countMax)
  await tx
    .updateTable('tries')
    .set({
      failures: sql`case when failures - 1 > ${max} then ${max} when failures > 0 then failures - 1 else 0 end`,
      next_try_at: 0,
    })
    .where('account_id', '=', at.accountId)
    .where('subject', '=', at.subject)
    .where('kind', '=', at.kind)
    .where('epoch', '=', at.epoch)
    .execute()
}
