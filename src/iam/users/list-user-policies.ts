import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** No policy can be written into a user yet. */
export const listUserPolicies: Handler<Tx, 'iam', 'ListUserPolicies', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { refuse }, named) {
    getTarget(named, refuse)
    const { rows: PolicyNames, ...paging } = await emptyPage(input, refuse)
    return { PolicyNames, ...paging }
  },
}
