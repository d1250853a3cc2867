import { sql } from 'kysely'
import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { readPage } from '../paging.ts'
import { toUserPrincipal } from '../principals/find-principal.ts'
import { toUser } from './to-user.ts'

/** Sorted by name without regard to case. Tags are not shown, as AWS does not. */
export const listUsers: Handler<Tx, 'iam', 'ListUsers'> = {
  resource: (input, caller) => `arn:aws:iam::${caller.principal.accountId}:user${input.PathPrefix ?? '/'}`,

  async handle(input, { caller, tx, refuse }) {
    const prefix = input.PathPrefix ?? '/'
    const { rows, ...paging } = await readPage(
      input,
      refuse,
      (after, limit) =>
        tx
          .selectFrom('users')
          .selectAll()
          .where('account_id', '=', caller.principal.accountId)
          .where('user_name_lower', '>', after)
          .where(sql<string>`substr(path, 1, ${sql.lit(prefix.length)})`, '=', prefix)
          .orderBy('user_name_lower')
          .limit(limit)
          .execute(),
      (row) => row.user_name_lower,
    )
    const Users = rows.map((row) =>
      toUser({
        principal: toUserPrincipal(row),
        passwordHash: null,
        passwordVersion: row.password_version,
        passwordLastUsedAt: row.password_last_used_at,
        createdAt: row.created_at,
      }),
    )
    return { Users, ...paging }
  },
}
