import { sql } from 'kysely'
import type { AccountId } from '../../core/account-id.ts'
import type { UserPrincipal } from '../../core/caller.ts'
import type { Random } from '../../core/random.ts'
import { newUniqueId } from '../../credentials/access-key.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotas } from '../limits.ts'
import { lockAccount, type PrincipalRecord, toUserRecord } from '../principals/find-principal.ts'

export interface NewUser {
  readonly accountId: AccountId
  readonly userName: string
  readonly path: string
  readonly administrator: boolean
}

/** `name-taken`: in whatever case. Users are counted under the account's lock, which is held from here on. */
export async function insertUser(
  tx: Tx,
  random: Random,
  user: NewUser,
  now: number,
): Promise<PrincipalRecord<UserPrincipal> | 'name-taken' | 'quota'> {
  await lockAccount(tx, user.accountId)
  if ((await countUsers(tx, user.accountId)) >= quotas.usersPerAccount) return 'quota'
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
  return row === undefined ? 'name-taken' : toUserRecord(row)
}

export async function countUsers(tx: Tx, accountId: AccountId): Promise<number> {
  const { count } = await tx
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Those whose path begins with `prefix`, by name without regard to case, behind the name `after`. */
export async function usersAfter(
  tx: Tx,
  accountId: AccountId,
  prefix: string,
  after: string,
  limit: number,
): Promise<PrincipalRecord<UserPrincipal>[]> {
  const rows = await tx
    .selectFrom('users')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('user_name_lower', '>', after)
    .where(sql<string>`substr(path, 1, ${sql.lit(prefix.length)})`, '=', prefix)
    .orderBy('user_name_lower')
    .limit(limit)
    .execute()
  return rows.map(toUserRecord)
}

/** False: another user has the name. Whoever calls holds the locks of the account and of the user. */
export async function renameUser(
  tx: Tx,
  { accountId, id }: UserPrincipal,
  to: { readonly userName: string; readonly path: string },
): Promise<boolean> {
  const lower = to.userName.toLowerCase()
  const rows = await tx
    .updateTable('users')
    .set({ user_name: to.userName, user_name_lower: lower, path: to.path })
    .where('account_id', '=', accountId)
    .where('user_id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('users as other')
            .select('other.user_id')
            .where('other.account_id', '=', accountId)
            .where('other.user_name_lower', '=', lower)
            .where('other.user_id', '!=', id),
        ),
      ),
    )
    .returning('user_id')
    .execute()
  return rows.length === 1
}

/** Removes the user with what is counted for it: a next user of the name begins afresh. Its keys and devices are gone by then. */
export async function removeUser(tx: Tx, { accountId, id }: UserPrincipal): Promise<void> {
  await tx.deleteFrom('trusted_browsers').where('account_id', '=', accountId).where('principal_id', '=', id).execute()
  await tx.deleteFrom('attempts').where('account_id', '=', accountId).where('subject', '=', id).execute()
  await tx.deleteFrom('users').where('account_id', '=', accountId).where('user_id', '=', id).execute()
}
