import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { readPage } from '../paging.ts'
import { toUser } from './to-user.ts'
import { usersAfter } from './user-store.ts'

/** Sorted by name without regard to case. Tags are not shown, as AWS does not. */
export const listUsers: Handler<Tx, 'iam', 'ListUsers'> = {
  target: async (input, { caller }) => ({
    found: undefined,
    resources: [`arn:aws:iam::${caller.principal.accountId}:user${input.PathPrefix ?? '/'}`],
  }),

  async handle(input, { caller, tx, refuse }) {
    const prefix = input.PathPrefix ?? '/'
    const { rows, ...paging } = await readPage(
      input,
      refuse,
      (after, limit) => usersAfter(tx, caller.principal.accountId, prefix, after, limit),
      ({ principal }) => principal.userName.toLowerCase(),
    )
    return { Users: rows.map(toUser), ...paging }
  },
}
