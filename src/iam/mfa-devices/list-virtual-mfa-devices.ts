import type { Handler, Output } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { readPage } from '../paging.ts'
import { findPrincipal } from '../principals/find-principal.ts'
import { toUser } from '../users/to-user.ts'
import { devicesAfter, type MfaDevice } from './device-store.ts'

type Row = Output<'iam', 'ListVirtualMFADevices'>['VirtualMFADevices'][number]

export const listVirtualMFADevices: Handler<Tx, 'iam', 'ListVirtualMFADevices'> = {
  // The denial names this ARN without a name (aws-behaviour: §1.9).
  target: async (_input, { caller }) => ({
    found: undefined,
    resources: [`arn:aws:iam::${caller.principal.accountId}:mfa/`],
  }),

  async handle(input, { caller, tx, refuse }) {
    const { accountId } = caller.principal
    const { rows, ...paging } = await readPage(
      input,
      refuse,
      (after, limit) => devicesAfter(tx, accountId, input.AssignmentStatus ?? 'Any', after, limit),
      (device) => device.serial,
    )
    const VirtualMFADevices: Row[] = []
    for (const device of rows) VirtualMFADevices.push(await toRow(tx, device))
    return { VirtualMFADevices, ...paging }
  },
}

/** Who has it stands in the row of an assigned device only; an unassigned one shows its serial and nothing else. */
async function toRow(tx: Tx, { accountId, serial, principalId, enabledAt }: MfaDevice): Promise<Row> {
  const owner = principalId === null ? undefined : await findPrincipal(tx, accountId, principalId)
  if (owner === undefined || enabledAt === null) return { SerialNumber: serial }
  return { SerialNumber: serial, EnableDate: enabledAt, User: toUser(owner) }
}
