import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deleteTags } from '../tags.ts'
import { deleteUnassignedDevice, findDevice } from './device-store.ts'

export const deleteVirtualMFADevice: Handler<Tx, 'iam', 'DeleteVirtualMFADevice'> = {
  resource: (input) => input.SerialNumber,

  async handle(input, { caller, tx, refuse }) {
    const { accountId } = caller.principal
    const device = await findDevice(tx, accountId, input.SerialNumber)
    if (device === undefined)
      return refuse('NoSuchEntity', `VirtualMFADevice with serial number ${input.SerialNumber} does not exist.`)
    const deleted = await deleteUnassignedDevice(tx, device)
    if (!deleted) refuse('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.')
    await deleteTags(tx, accountId, device.serial)
    await tx.deleteFrom('tries').where('account_id', '=', accountId).where('subject', '=', device.serial).execute()
  },
}
