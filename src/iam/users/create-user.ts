import type { Handler } from '../../aws-api/operation.ts'
import { userArn } from '../../core/arn.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { putTags } from '../tags.ts'
import { toUser } from './to-user.ts'
import { insertUser } from './user-store.ts'

export const createUser: Handler<Tx, 'iam', 'CreateUser'> = {
  resource: (input, caller) => userArn(caller.principal.accountId, input.Path ?? '/', input.UserName),

  async handle(input, { caller, tx, now, random, refuse }) {
    const { accountId } = caller.principal
    // There are no managed policies yet, so none can be a boundary.
    if (input.PermissionsBoundary !== undefined) {
      refuse('NoSuchEntity', `Policy ${input.PermissionsBoundary} does not exist or is not attachable.`)
    }
    const { count } = await tx
      .selectFrom('users')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow()
    if (Number(count) >= quotas.usersPerAccount)
      refuse('LimitExceeded', quotaMessage('UsersPerAccount', quotas.usersPerAccount))
    const path = input.Path ?? '/'
    const user = await insertUser(tx, random, { accountId, userName: input.UserName, path, administrator: false }, now)
    if (user === undefined) return refuse('EntityAlreadyExists', `User with name ${input.UserName} already exists.`)
    const tags = input.Tags ?? []
    await putTags(tx, accountId, user.principal.arn, tags, refuse)
    return { User: tags.length > 0 ? { ...toUser(user), Tags: tags } : toUser(user) }
  },
}
