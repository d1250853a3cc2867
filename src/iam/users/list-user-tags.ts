import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { pageOf } from '../paging.ts'
import { listTags } from '../tags.ts'
import { getTarget, targetArn } from '../target.ts'

export const listUserTags: Handler<Tx, 'iam', 'ListUserTags'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const { principal } = await getTarget(tx, caller, input.UserName, refuse)
    const tags = await listTags(tx, principal.accountId, principal.arn)
    const { rows, ...paging } = await pageOf(input, refuse, tags, (tag) => tag.Key)
    return { Tags: rows, ...paging }
  },
}
