import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, targetArn } from '../target.ts'

/** There are no groups yet: every user is in none. */
export const listGroupsForUser: Handler<Tx, 'iam', 'ListGroupsForUser'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    await getTarget(tx, caller, input.UserName, refuse)
    const { rows: Groups, ...paging } = await emptyPage(input, refuse)
    return { Groups, ...paging }
  },
}
