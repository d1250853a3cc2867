import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { findPrincipal } from '../principals/find-principal.ts'
import { userNameOf } from '../target.ts'

/** AWS writes N/A for the service and region of a key that was never used, and leaves out the date. */
const never = { ServiceName: 'N/A', Region: 'N/A' } as const

export const getAccessKeyLastUsed: Handler<Tx, 'iam', 'GetAccessKeyLastUsed'> = {
  resource: () => '*',

  async handle(input, { caller, tx, refuse }) {
    const { accountId } = caller.principal
    const row = await tx
      .selectFrom('access_keys')
      .select(['principal_id', 'last_used_at', 'last_used_region', 'last_used_service'])
      .where('account_id', '=', accountId)
      .where('access_key_id', '=', input.AccessKeyId)
      .executeTakeFirst()
    const owner = row && (await findPrincipal(tx, accountId, row.principal_id))
    // The model declares no error; AWS answers AccessDenied for keys that are not the account's, and so tells of none.
    if (row === undefined || owner === undefined) {
      return refuse(
        'AccessDenied',
        `User: ${caller.principal.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${input.AccessKeyId}`,
      )
    }
    const used =
      row.last_used_at === null
        ? never
        : {
            LastUsedDate: row.last_used_at,
            ServiceName: row.last_used_service ?? 'N/A',
            Region: row.last_used_region ?? 'N/A',
          }
    return { UserName: userNameOf(owner.principal), AccessKeyLastUsed: used }
  },
}
