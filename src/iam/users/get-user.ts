import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { listTags, userTags } from '../tags.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { toUser } from './to-user.ts'

export const getUser: Handler<Tx, 'iam', 'GetUser', NamedPrincipal> = {
  target: userTarget,

  async handle(_input, { tx, refuse }, named) {
    const target = getTarget(named, refuse)
    const Tags = await listTags(tx, userTags(target.principal))
    return { User: Tags.length > 0 ? { ...toUser(target), Tags } : toUser(target) }
  },
}
