import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** No key can be uploaded yet. */
export const listSSHPublicKeys: Handler<Tx, 'iam', 'ListSSHPublicKeys', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { refuse }, named) {
    getTarget(named, refuse)
    const { rows: SSHPublicKeys, ...paging } = await emptyPage(input, refuse)
    return { SSHPublicKeys, ...paging }
  },
}
