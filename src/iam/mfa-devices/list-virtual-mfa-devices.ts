import type { Handler, Output } from '../../aws-api/operation.ts'
import type { AccountId } from '../../core/account-id.ts'
import type { Tx } from '../../storage/schema.ts'
import { readPage } from '../paging.ts'
import { findPrincipal } from '../principals/find-principal.ts'
import { toUser } from '../users/to-user.ts'

type Row = Output<'iam', 'ListVirtualMFADevices'>['VirtualMFADevices'][number]

export const listVirtualMFADevices: Handler<Tx, 'iam', 'ListVirtualMFADevices'> = {
  // The denial names this ARN without a name (aws-behaviour: §1.9).
  resource: (_input, caller) => `arn:aws:iam::${caller.principal.accountId}:mfa/`,

  async handle(input, { caller, tx, refuse }) {
    const { accountId } = caller.principal
    const { rows, ...paging } = await readPage(
      input,
      refuse,
      (after, limit) => {
        const query = tx
          .selectFrom('mfa_devices')
          .select(['serial', 'enabled_at', 'principal_id'])
          .where('account_id', '=', accountId)
          .where('serial', '>', after)
          .orderBy('serial')
          .limit(limit)
        switch (input.AssignmentStatus) {
          case 'Assigned':
            return query.where('principal_id', 'is not', null).execute()
          case 'Unassigned':
            return query.where('principal_id', 'is', null).execute()
          default:
            return query.execute()
        }
      },
      (row) => row.serial,
    )
    const VirtualMFADevices: Row[] = []
    for (const row of rows) VirtualMFADevices.push(await toRow(tx, accountId, row))
    return { VirtualMFADevices, ...paging }
  },
}

interface DeviceRow {
  serial: string
  enabled_at: number | null
  principal_id: string | null
}

/** Who has it stands in the row of an assigned device only; an unassigned one shows its serial and nothing else. */
async function toRow(tx: Tx, accountId: AccountId, row: DeviceRow): Promise<Row> {
  const owner = row.principal_id === null ? undefined : await findPrincipal(tx, accountId, row.principal_id)
  if (owner === undefined || row.enabled_at === null) return { SerialNumber: row.serial }
  return { SerialNumber: row.serial, EnableDate: row.enabled_at, User: toUser(owner) }
}
