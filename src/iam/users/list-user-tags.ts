import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { pageOf } from '../paging.ts'
import { listTags, userTags } from '../tags.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

export const listUserTags: Handler<Tx, 'iam', 'ListUserTags', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const { principal } = getTarget(named, refuse)
    const tags = await listTags(tx, userTags(principal))
    const { rows, ...paging } = await pageOf(input, refuse, tags, (tag) => tag.Key)
    return { Tags: rows, ...paging }
  },
}
