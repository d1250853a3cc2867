import type { Handler } from '../../aws-api/operation.ts'
import { userArn } from '../../core/arn.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { putTags, userTags } from '../tags.ts'
import { toUser } from './to-user.ts'
import { insertUser } from './user-store.ts'

export const createUser: Handler<Tx, 'iam', 'CreateUser'> = {
  target: async (input, { caller }) => ({
    found: undefined,
    resources: [userArn(caller.principal.accountId, input.Path ?? '/', input.UserName)],
  }),

  async handle(input, { caller, tx, now, random, refuse }) {
    const { accountId } = caller.principal
    // There are no managed policies yet, so none can be a boundary.
    if (input.PermissionsBoundary !== undefined) {
      refuse('NoSuchEntity', `Policy ${input.PermissionsBoundary} does not exist or is not attachable.`)
    }
    const path = input.Path ?? '/'
    const user = await insertUser(tx, random, { accountId, userName: input.UserName, path, administrator: false }, now)
    if (user === 'quota') return refuse('LimitExceeded', quotaMessage('UsersPerAccount', quotas.usersPerAccount))
    if (user === 'name-taken') return refuse('EntityAlreadyExists', `User with name ${input.UserName} already exists.`)
    const tags = input.Tags ?? []
    await putTags(tx, userTags(user.principal), tags, refuse)
    return { User: tags.length > 0 ? { ...toUser(user), Tags: tags } : toUser(user) }
  },
}
