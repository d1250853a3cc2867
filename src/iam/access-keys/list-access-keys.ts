import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { pageOf } from '../paging.ts'
import { getTarget, type NamedPrincipal, userNameOf, userTarget } from '../target.ts'
import { accessKeysOf } from './access-key-store.ts'

/** Oldest first. */
export const listAccessKeys: Handler<Tx, 'iam', 'ListAccessKeys', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const { principal } = getTarget(named, refuse)
    const UserName = userNameOf(principal)
    const keys = await accessKeysOf(tx, principal)
    const { rows, ...paging } = await pageOf(input, refuse, keys, (key) => key.access_key_id)
    const AccessKeyMetadata = rows.map((key) => ({
      UserName,
      AccessKeyId: key.access_key_id,
      Status: key.status,
      CreateDate: key.created_at,
    }))
    return { AccessKeyMetadata, ...paging }
  },
}
