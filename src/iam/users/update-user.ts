import type { Handler } from '../../aws-api/operation.ts'
import { userArn } from '../../core/arn.ts'
import type { Tx } from '../../storage/schema.ts'
import { lockAccount } from '../principals/find-principal.ts'
import { getTargetUser, lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { renameUser } from './user-store.ts'

/** Another name, another path, or both. The user's id stays, and with it all that belongs to it. */
export const updateUser: Handler<Tx, 'iam', 'UpdateUser', NamedPrincipal> = {
  /** "Permission on both the source object and the target object" (IAM API reference, UpdateUser). */
  async target(input, call) {
    const { found, resources } = await userTarget(input, call)
    const present = found.record?.principal
    if (present?.kind !== 'user') return { found, resources }
    const to = userArn(present.accountId, input.NewPath ?? present.path, input.NewUserName ?? present.userName)
    return { found, resources: [...resources, to] }
  },

  async handle({ NewPath, NewUserName }, { caller, tx, refuse }, named) {
    // Of two users who are given one name at once, the later one finds it taken.
    await lockAccount(tx, caller.principal.accountId)
    const user = getTargetUser(await lockTarget(tx, named, refuse), refuse)
    const to = { userName: NewUserName ?? user.userName, path: NewPath ?? user.path }
    if (!(await renameUser(tx, user, to)))
      refuse('EntityAlreadyExists', `User with name ${to.userName} already exists.`)
  },
}
