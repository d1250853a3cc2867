import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { emptyPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'

/** No certificate can be uploaded yet. */
export const listSigningCertificates: Handler<Tx, 'iam', 'ListSigningCertificates', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { refuse }, named) {
    getTarget(named, refuse)
    const { rows: Certificates, ...paging } = await emptyPage(input, refuse)
    return { Certificates, ...paging }
  },
}
