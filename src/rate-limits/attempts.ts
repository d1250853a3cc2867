/**
 * The count of attempts. An attempt is reserved before the secret is looked at and given back only by a success: neither a
 * crash nor a burst of parallel requests is a free guess (security: decisions 1 and 5).
 *
 * Its times are those of the store (`SharedTime`), so that servers whose clocks differ agree on them.
 */
import { sql } from 'kysely'
import type { Tx } from '../storage/schema.ts'
import { rateLimits } from './limits.ts'

export interface AttemptSubject {
  /** Empty for a typed name that is nobody's. */
  readonly accountId: string
  readonly subject: string
  readonly kind: 'password' | 'mfa'
  /** Attempts of another period do not count. */
  readonly period: string
}

export interface AttemptCount {
  readonly failures: number
  /** Milliseconds until the next attempt; 0: now. */
  readonly waitMs: number
}

/** Not reserved: either no attempt is left, or `waitMs` says when the next one is. */
export type Reserved =
  | { readonly reserved: true }
  | { readonly reserved: false; readonly why: 'used-up' | 'wait'; readonly failures: number; readonly waitMs: number }

/** Seconds to wait after the n-th attempt, and after all further ones. */
export interface Waits {
  readonly seconds: readonly number[]
  readonly furtherSeconds: number
}

export const noWaits: Waits = { seconds: [], furtherSeconds: 0 }

const waitMsMax = 1000 * Math.max(...rateLimits.mfaSingleCodeWaitSeconds, rateLimits.mfaTwoCodesWaitSeconds)

export async function readAttempts(tx: Tx, at: AttemptSubject, now: number): Promise<AttemptCount> {
  const row = await tx
    .selectFrom('attempts')
    .select(['period', 'failures', 'next_attempt_at'])
    .where('account_id', '=', at.accountId)
    .where('subject', '=', at.subject)
    .where('kind', '=', at.kind)
    .executeTakeFirst()
  if (row === undefined || row.period !== at.period) return { failures: 0, waitMs: 0 }
  // A wait longer than there are was written before the clock was set back: nobody has to sit it out. The count stays.
  const waitMs = row.next_attempt_at - now
  return { failures: row.failures, waitMs: waitMs > 0 && waitMs <= waitMsMax ? waitMs : 0 }
}

/** Counts one attempt, if the count allows one now: one conditional write, whoever else attempts at the same moment. */
export async function reserveAttempt(
  tx: Tx,
  at: AttemptSubject,
  now: number,
  attemptsMax: number,
  waits: Waits,
): Promise<Reserved> {
  const isOfPeriod = sql<boolean>`attempts.period = ${at.period}`
  const count = sql<number>`case when ${isOfPeriod} then attempts.failures + 1 else 1 end`
  const rows = await tx
    .insertInto('attempts')
    .values({
      account_id: at.accountId,
      subject: at.subject,
      kind: at.kind,
      period: at.period,
      failures: 1,
      next_attempt_at: nextAttemptAt(sql<number>`1`, now, waits),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'subject', 'kind'])
        .doUpdateSet({ period: at.period, failures: count, next_attempt_at: nextAttemptAt(count, now, waits) })
        // A row of an older day or password is void, whatever it says.
        .where((eb) =>
          eb.or([
            eb.not(isOfPeriod),
            eb.and([
              eb('attempts.failures', '<', attemptsMax),
              eb.or([eb('attempts.next_attempt_at', '<=', now), eb('attempts.next_attempt_at', '>', now + waitMsMax)]),
            ]),
          ]),
        ),
    )
    .returning('failures')
    .execute()
  if (rows.length === 1) return { reserved: true }
  const { failures, waitMs } = await readAttempts(tx, at, now)
  if (failures >= attemptsMax) return { reserved: false, why: 'used-up', failures, waitMs }
  // A wait that was given back in this very moment counts as one second.
  return { reserved: false, why: 'wait', failures, waitMs: waitMs > 0 ? waitMs : 1000 }
}

/** An attempt without a wait stores none: *now* would be a wait for a server whose clock is behind. */
function nextAttemptAt(count: ReturnType<typeof sql<number>>, now: number, waits: Waits) {
  if (waits === noWaits) return sql<number>`0`
  const after = (seconds: number) => (seconds === 0 ? sql`0` : sql`cast(${now} as bigint) + ${sql.lit(1000 * seconds)}`)
  const cases = waits.seconds.map((seconds, n) => sql`when ${sql.lit(n)} then ${after(seconds)}`)
  return sql<number>`case ${count} ${sql.join(cases, sql` `)} else ${after(waits.furtherSeconds)} end`
}

/** Gives back the attempt of a success. Earlier failures stay, but not more than `countMax` of them. */
export async function refundAttempt(tx: Tx, at: AttemptSubject, countMax: number): Promise<void> {
  const max = sql.lit(countMax)
  await tx
    .updateTable('attempts')
    .set({
      failures: sql`case when failures - 1 > ${max} then ${max} when failures > 0 then failures - 1 else 0 end`,
      next_attempt_at: 0,
    })
    .where('account_id', '=', at.accountId)
    .where('subject', '=', at.subject)
    .where('kind', '=', at.kind)
    .where('period', '=', at.period)
    .execute()
}
