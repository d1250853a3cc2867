import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** No policy can be attached yet. */
export const listAttachedUserPolicies: Handler<Tx, 'iam', 'ListAttachedUserPolicies', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { refuse }, named) {
    getTarget(named, refuse)
    const { rows: AttachedPolicies, ...paging } = await emptyPage(input, refuse)
    return { AttachedPolicies, ...paging }
  },
}
