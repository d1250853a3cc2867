import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { removeAccessKey } from './access-key-store.ts'

export const deleteAccessKey: Handler<Tx, 'iam', 'DeleteAccessKey', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const { principal } = await lockTarget(tx, named, refuse)
    if (!(await removeAccessKey(tx, principal, input.AccessKeyId)))
      refuse('NoSuchEntity', `The Access Key with id ${input.AccessKeyId} cannot be found.`)
  },
}
