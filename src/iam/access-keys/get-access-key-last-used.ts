import type { Handler } from '../../aws-api/operation.ts'
import type { Principal } from '../../core/caller.ts'
import type { Tx } from '../../storage/schema.ts'
import { findPrincipal } from '../principals/find-principal.ts'
import { userNameOf } from '../target.ts'
import { type AccessKeyUse, findAccessKeyUse } from './access-key-store.ts'

/** Undefined: the account has no such key. */
type Found = { readonly owner: Principal; readonly use: AccessKeyUse } | undefined

const named = (accessKeyId: string): string => `access key ${accessKeyId}`

export const getAccessKeyLastUsed: Handler<Tx, 'iam', 'GetAccessKeyLastUsed', Found> = {
  /** The owner of the key (Service Authorization Reference, "GetAccessKeyLastUsed": the resource is a user). */
  async target({ AccessKeyId }, { caller, tx }) {
    const { accountId } = caller.principal
    const use = await findAccessKeyUse(tx, accountId, AccessKeyId)
    const owner = use && (await findPrincipal(tx, accountId, use.principalId))
    if (use === undefined || owner === undefined) return { found: undefined, resources: [named(AccessKeyId)] }
    return { found: { owner: owner.principal, use }, resources: [owner.principal.arn] }
  },

  async handle({ AccessKeyId }, { caller, refuse }, found) {
    // The model declares no error; AWS answers AccessDenied for keys that are not the account's, and so tells of none.
    if (found === undefined) {
      return refuse(
        'AccessDenied',
        `User: ${caller.principal.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: ${named(AccessKeyId)}`,
      )
    }
    const { lastUsedAt, service, region } = found.use
    // AWS writes N/A for the service and region of a key that was never used, and leaves out the date.
    const AccessKeyLastUsed = {
      ...(lastUsedAt !== null && { LastUsedDate: lastUsedAt }),
      ServiceName: service ?? 'N/A',
      Region: region ?? 'N/A',
    }
    return { UserName: userNameOf(found.owner), AccessKeyLastUsed }
  },
}
