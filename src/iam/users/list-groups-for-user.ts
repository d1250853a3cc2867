import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** There are no groups yet: every user is in none. */
export const listGroupsForUser: Handler<Tx, 'iam', 'ListGroupsForUser', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { refuse }, named) {
    getTarget(named, refuse)
    const { rows: Groups, ...paging } = await emptyPage(input, refuse)
    return { Groups, ...paging }
  },
}
