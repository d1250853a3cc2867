import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, targetArn } from '../target.ts'

/** No certificate can be uploaded yet. */
export const listSigningCertificates: Handler<Tx, 'iam', 'ListSigningCertificates'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    await getTarget(tx, caller, input.UserName, refuse)
    const { rows: Certificates, ...paging } = await emptyPage(input, refuse)
    return { Certificates, ...paging }
  },
}
