import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { setAccessKeyStatus } from './access-key-store.ts'

export const updateAccessKey: Handler<Tx, 'iam', 'UpdateAccessKey', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const { principal } = await lockTarget(tx, named, refuse)
    if (input.Status === 'Expired') return refuse('InvalidInput', 'The status must be Active or Inactive.')
    if (!(await setAccessKeyStatus(tx, principal, input.AccessKeyId, input.Status)))
      refuse('NoSuchEntity', `The Access Key with id ${input.AccessKeyId} cannot be found.`)
  },
}
