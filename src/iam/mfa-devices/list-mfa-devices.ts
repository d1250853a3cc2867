import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { readPage } from '../paging.ts'
import { getTarget, targetArn, userNameOf } from '../target.ts'

export const listMFADevices: Handler<Tx, 'iam', 'ListMFADevices'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const { principal } = await getTarget(tx, caller, input.UserName, refuse)
    const { rows, ...paging } = await readPage(
      input,
      refuse,
      (after, limit) =>
        tx
          .selectFrom('mfa_devices')
          .select(['serial', 'enabled_at'])
          .where('account_id', '=', principal.accountId)
          .where('principal_id', '=', principal.id)
          .where('serial', '>', after)
          .orderBy('serial')
          .limit(limit)
          .execute(),
      (row) => row.serial,
    )
    const UserName = userNameOf(principal)
    return {
      MFADevices: rows.map((row) => ({ UserName, SerialNumber: row.serial, EnableDate: row.enabled_at ?? 0 })),
      ...paging,
    }
  },
}
