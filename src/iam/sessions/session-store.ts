/** Console sessions. The cookie holds the random id, the table its hash. */
import type { AccountId } from '../../core/account-id.ts'
import { tokenHash } from '../../core/hash.ts'
import { type Random, randomToken } from '../../core/random.ts'
import type { Tx } from '../../storage/schema.ts'

export const sessionLimits = {
  /** AWS's console sessions last 12 hours, root's and IAM users' (aws-behaviour: §2.4). */
  lifeMs: 12 * 3600 * 1000,
  /** NIST SP 800-63B §2.3.3 for the level that root deserves; users get the hour of §2.2.3. */
  idleRootMs: 15 * 60 * 1000,
  idleUserMs: 60 * 60 * 1000,
  /** The last use is written at most this often. */
  lastSeenStepMs: 30 * 1000,
  /** How fresh both factors must be to remove a device. */
  freshMs: 5 * 60 * 1000,
} as const

export interface Session {
  readonly accountId: AccountId
  readonly sessionHash: string
  readonly principalId: string
  readonly createdAt: number
  readonly authenticatedAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
  readonly mfaSerial: string | null
}

export interface NewSession {
  readonly accountId: AccountId
  readonly principalId: string
  readonly mfaSerial: string | null
}

/** Returns the token for the cookie: the account id, then 256 random bits. */
export async function startSession(tx: Tx, random: Random, session: NewSession, now: number): Promise<string> {
  const token = `${session.accountId}.${randomToken(random)}`
  await tx
    .insertInto('sessions')
    .values({
      account_id: session.accountId,
      session_hash: tokenHash(token),
      principal_id: session.principalId,
      created_at: now,
      authenticated_at: now,
      last_seen_at: now,
      expires_at: now + sessionLimits.lifeMs,
      mfa_serial: session.mfaSerial,
      ended_at: null,
    })
    .execute()
  return token
}

/** The session behind a cookie's token, if it is alive. */
export async function findSessionByToken(tx: Tx, token: string, now: number): Promise<Session | undefined> {
  const accountId = /^([0-9]{12})\.[A-Za-z0-9_-]{43}$/.exec(token)?.[1]
  return accountId === undefined ? undefined : findSession(tx, accountId as AccountId, tokenHash(token), now)
}

/** Alive: not ended, not past its 12 hours, used within the idle time. A clock that was set back ends no session early. */
export async function findSession(
  tx: Tx,
  accountId: AccountId,
  sessionHash: string,
  now: number,
): Promise<Session | undefined> {
  const row = await tx
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('session_hash', '=', sessionHash)
    .executeTakeFirst()
  if (row === undefined || row.ended_at !== null || now >= row.expires_at) return undefined
  if (now - row.last_seen_at >= idleMsOf(accountId, row.principal_id)) return undefined
  return {
    accountId,
    sessionHash,
    principalId: row.principal_id,
    createdAt: row.created_at,
    authenticatedAt: row.authenticated_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    mfaSerial: row.mfa_serial,
  }
}

export const idleMsOf = (accountId: string, principalId: string): number =>
  principalId === accountId ? sessionLimits.idleRootMs : sessionLimits.idleUserMs

/** Moves on the idle time; written at most every half minute. */
export async function noteSessionUse(tx: Tx, accountId: AccountId, sessionHash: string, now: number): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('account_id', '=', accountId)
    .where('session_hash', '=', sessionHash)
    .where('ended_at', 'is', null)
    .where('last_seen_at', '<=', now - sessionLimits.lastSeenStepMs)
    .execute()
}

export async function endSession(tx: Tx, accountId: AccountId, sessionHash: string, now: number): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('account_id', '=', accountId)
    .where('session_hash', '=', sessionHash)
    .where('ended_at', 'is', null)
    .execute()
}

/** Ends every session of the principal but the one named: after its factors have changed, or it was deleted. */
export async function endOtherSessions(
  tx: Tx,
  accountId: AccountId,
  principalId: string,
  keep: string | undefined,
  now: number,
): Promise<void> {
  let query = tx
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('account_id', '=', accountId)
    .where('principal_id', '=', principalId)
    .where('ended_at', 'is', null)
  if (keep !== undefined) query = query.where('session_hash', '!=', keep)
  await query.execute()
}
