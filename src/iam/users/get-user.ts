import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { listTags } from '../tags.ts'
import { getTarget, targetArn } from '../target.ts'
import { toUser } from './to-user.ts'

export const getUser: Handler<Tx, 'iam', 'GetUser'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const target = await getTarget(tx, caller, input.UserName, refuse)
    const Tags = await listTags(tx, target.principal.accountId, target.principal.arn)
    return { User: Tags.length > 0 ? { ...toUser(target), Tags } : toUser(target) }
  },
}
