import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, targetArn } from '../target.ts'

/** No key can be uploaded yet. */
export const listSSHPublicKeys: Handler<Tx, 'iam', 'ListSSHPublicKeys'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    await getTarget(tx, caller, input.UserName, refuse)
    const { rows: SSHPublicKeys, ...paging } = await emptyPage(input, refuse)
    return { SSHPublicKeys, ...paging }
  },
}
