import type { AccountId } from '../../core/account-id.ts'
import type { UserPrincipal } from '../../core/caller.ts'
import type { Random } from '../../core/random.ts'
import { newUniqueId } from '../../credentials/access-key.ts'
import type { Tx } from '../../storage/schema.ts'
import { type PrincipalRecord, toUserPrincipal } from '../principals/find-principal.ts'

export interface NewUser {
  readonly accountId: AccountId
  readonly userName: string
  readonly path: string
  readonly administrator: boolean
}

/** Undefined: the account has a user of that name, in whatever case. */
export async function insertUser(
  tx: Tx,
  random: Random,
  user: NewUser,
  now: number,
): Promise<PrincipalRecord<UserPrincipal> | undefined> {
  const row = await tx
    .insertInto('users')
    .values({
      account_id: user.accountId,
      user_id: newUniqueId(random, 'AIDA'),
      user_name: user.userName,
      user_name_lower: user.userName.toLowerCase(),
      path: user.path,
      administrator: user.administrator ? 1 : 0,
      password_hash: null,
      password_version: 0,
      password_created_at: null,
      password_last_used_at: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'user_name_lower']).doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    principal: toUserPrincipal(row),
    passwordHash: null,
    passwordVersion: 0,
    passwordLastUsedAt: null,
    createdAt: now,
  }
}

/** Removes the user with what is counted for it: a next user of the name begins afresh. Its keys and devices are gone by then. */
export async function removeUser(tx: Tx, { accountId, id }: UserPrincipal): Promise<void> {
  await tx.deleteFrom('trusted_browsers').where('account_id', '=', accountId).where('principal_id', '=', id).execute()
  await tx.deleteFrom('attempts').where('account_id', '=', accountId).where('subject', '=', id).execute()
  await tx.deleteFrom('users').where('account_id', '=', accountId).where('user_id', '=', id).execute()
}
