import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deleteTags, userTags } from '../tags.ts'
import { lockTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** Keys that the user does not have are no error, nor is a list of none. */
export const untagUser: Handler<Tx, 'iam', 'UntagUser', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const { principal } = await lockTarget(tx, named, refuse)
    if (input.TagKeys.length > 0) await deleteTags(tx, userTags(principal), input.TagKeys)
  },
}
