import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, targetArn } from '../target.ts'

/** No policy can be written into a user yet. */
export const listUserPolicies: Handler<Tx, 'iam', 'ListUserPolicies'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    await getTarget(tx, caller, input.UserName, refuse)
    const { rows: PolicyNames, ...paging } = await emptyPage(input, refuse)
    return { PolicyNames, ...paging }
  },
}
