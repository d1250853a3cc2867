/** From an id to who it is: root by the account's id, IAM users by `AIDA…`. */
import type { Account } from '../../accounts/account-store.ts'
import { type AccountId, parseAccountId } from '../../core/account-id.ts'
import { rootArn, userArn } from '../../core/arn.ts'
import type { Principal, UserPrincipal } from '../../core/caller.ts'
import type { PasswordHash } from '../../credentials/password/hash-password.ts'
import type { Tx } from '../../storage/schema.ts'

/** A principal with what a sign-in needs to know of it. */
export interface PrincipalRecord<P extends Principal = Principal> {
  readonly principal: P
  /** Null: has no password, and cannot sign in to the console. */
  readonly passwordHash: PasswordHash | null
  readonly passwordVersion: number
  readonly passwordLastUsedAt: number | null
  readonly createdAt: number
}

interface UserRow {
  account_id: string
  user_id: string
  user_name: string
  path: string
  administrator: number
}

export const rootPrincipal = (accountId: AccountId): Principal => ({
  kind: 'root',
  accountId,
  id: accountId,
  arn: rootArn(accountId),
})

export const toUserRecord = (row: UserRow & PasswordColumns): PrincipalRecord<UserPrincipal> =>
  toRecord(toUserPrincipal(row), row)

export function toUserPrincipal(row: UserRow): UserPrincipal {
  const accountId = parseAccountId(row.account_id)
  return {
    kind: 'user',
    accountId,
    id: row.user_id,
    arn: userArn(accountId, row.path, row.user_name),
    userName: row.user_name,
    path: row.path,
    administrator: row.administrator === 1,
  }
}

/** Root of an account that was just read: the account's row has all of it. */
export const rootRecord = (account: Account): PrincipalRecord => ({
  principal: rootPrincipal(account.accountId),
  passwordHash: account.passwordHash,
  passwordVersion: account.passwordVersion,
  passwordLastUsedAt: account.passwordLastUsedAt,
  createdAt: account.createdAt,
})

export async function findPrincipal(
  tx: Tx,
  accountId: AccountId,
  principalId: string,
): Promise<PrincipalRecord | undefined> {
  if (principalId === accountId) {
    const row = await tx
      .selectFrom('accounts')
      .select(passwordColumns)
      .where('account_id', '=', accountId)
      .executeTakeFirst()
    return row && toRecord(rootPrincipal(accountId), row)
  }
  const row = await tx
    .selectFrom('users')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('user_id', '=', principalId)
    .executeTakeFirst()
  return row && toUserRecord(row)
}

/** User names are unique without regard to case. */
export async function findUserByName(
  tx: Tx,
  accountId: AccountId,
  userName: string,
): Promise<PrincipalRecord<UserPrincipal> | undefined> {
  const row = await tx
    .selectFrom('users')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('user_name_lower', '=', userName.toLowerCase())
    .executeTakeFirst()
  return row && toUserRecord(row)
}

/** A row lock until the transaction ends: what counts an account's users, devices or aliases first takes this. */
export async function lockAccount(tx: Tx, accountId: AccountId): Promise<void> {
  await lockPrincipal(tx, rootPrincipal(accountId))
}

/**
 * A row lock until the transaction ends: what counts a principal's things first takes this (8 devices, 2 keys). The record is as it is
 * under the lock; undefined: the principal is gone.
 */
export async function lockPrincipal(tx: Tx, { kind, accountId, id }: Principal): Promise<PrincipalRecord | undefined> {
  if (kind === 'root') {
    const row = await tx
      .updateTable('accounts')
      .set({ account_id: accountId })
      .where('account_id', '=', accountId)
      .returning(passwordColumns)
      .executeTakeFirst()
    return row && toRecord(rootPrincipal(accountId), row)
  }
  const row = await tx
    .updateTable('users')
    .set({ user_id: id })
    .where('account_id', '=', accountId)
    .where('user_id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && toUserRecord(row)
}

export async function notePasswordUse(tx: Tx, principal: Principal, now: number): Promise<void> {
  const { accountId, id } = principal
  if (principal.kind === 'root') {
    await tx.updateTable('accounts').set({ password_last_used_at: now }).where('account_id', '=', accountId).execute()
  } else {
    await tx
      .updateTable('users')
      .set({ password_last_used_at: now })
      .where('account_id', '=', accountId)
      .where('user_id', '=', id)
      .execute()
  }
}

const passwordColumns = ['password_hash', 'password_version', 'password_last_used_at', 'created_at'] as const

interface PasswordColumns {
  password_hash: string | null
  password_version: number
  password_last_used_at: number | null
  created_at: number
}

const toRecord = <P extends Principal>(principal: P, row: PasswordColumns): PrincipalRecord<P> => ({
  principal,
  passwordHash: row.password_hash as PasswordHash | null,
  passwordVersion: row.password_version,
  passwordLastUsedAt: row.password_last_used_at,
  createdAt: row.created_at,
})
