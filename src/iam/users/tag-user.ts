import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { putTags, userTags } from '../tags.ts'
import { getTargetUser, lockTarget, type NamedPrincipal, userTarget } from '../target.ts'

export const tagUser: Handler<Tx, 'iam', 'TagUser', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const user = getTargetUser(await lockTarget(tx, named, refuse), refuse)
    // The code is recorded (github.com/radkawar/stackd), the sentence is not known.
    if (input.Tags.length === 0) refuse('InvalidInput', 'The list of tags is empty.')
    await putTags(tx, userTags(user), input.Tags, refuse)
  },
}
