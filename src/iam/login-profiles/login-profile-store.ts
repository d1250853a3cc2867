/**
 * The passwords of IAM users. A user has a login profile exactly while it has a password; root's password is its account's, and
 * is nothing of this file's.
 *
 * INVARIANT(password-version): every change counts `password_version` on and ends the user's sessions, under the user's lock. A sign-in
 * that has shown the former password finds another version when it takes the same lock, and begins no session.
 */
import type { UserPrincipal } from '../../core/caller.ts'
import type { PasswordHash } from '../../credentials/password/hash-password.ts'
import type { Tx } from '../../storage/schema.ts'
import { endOtherSessions } from '../sessions/session-store.ts'

export interface LoginProfile {
  /** Milliseconds; a change of the password leaves it as it is. */
  readonly createdAt: number
}

export async function findLoginProfile(tx: Tx, user: UserPrincipal): Promise<LoginProfile | undefined> {
  const row = await tx
    .selectFrom('users')
    .select('password_created_at')
    .where('account_id', '=', user.accountId)
    .where('user_id', '=', user.id)
    .where('password_hash', 'is not', null)
    .$narrowType<{ password_created_at: number }>()
    .executeTakeFirst()
  return row && { createdAt: row.password_created_at }
}

/** Gives the user a password, or another one. Whoever calls holds the user's lock. */
export async function putPassword(
  tx: Tx,
  user: UserPrincipal,
  passwordHash: PasswordHash,
  now: number,
): Promise<'created' | 'changed'> {
  const former = await findLoginProfile(tx, user)
  await tx
    .updateTable('users')
    .set((eb) => ({
      password_hash: passwordHash,
      password_version: eb('password_version', '+', 1),
      password_created_at: former?.createdAt ?? now,
    }))
    .where('account_id', '=', user.accountId)
    .where('user_id', '=', user.id)
    .execute()
  await endOtherSessions(tx, user.accountId, user.id, undefined, now)
  return former === undefined ? 'created' : 'changed'
}

/** False: there is none. Whoever calls holds the user's lock. */
export async function removePassword(tx: Tx, user: UserPrincipal, now: number): Promise<boolean> {
  const rows = await tx
    .updateTable('users')
    .set((eb) => ({ password_hash: null, password_version: eb('password_version', '+', 1), password_created_at: null }))
    .where('account_id', '=', user.accountId)
    .where('user_id', '=', user.id)
    .where('password_hash', 'is not', null)
    .returning('user_id')
    .execute()
  if (rows.length === 0) return false
  await endOtherSessions(tx, user.accountId, user.id, undefined, now)
  return true
}
