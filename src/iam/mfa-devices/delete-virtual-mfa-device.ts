import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deleteTags } from '../tags.ts'
import { deleteUnassignedDevice, forgetEnablingAttempts } from './device-store.ts'
import { getLockedDevice } from './get-device.ts'

export const deleteVirtualMFADevice: Handler<Tx, 'iam', 'DeleteVirtualMFADevice'> = {
  resource: (input) => input.SerialNumber,

  async handle(input, { caller, tx, refuse }) {
    const device = await getLockedDevice(tx, caller, input.SerialNumber, refuse)
    const deleted = await deleteUnassignedDevice(tx, device)
    if (!deleted) refuse('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.')
    await deleteTags(tx, device.accountId, device.serial)
    await forgetEnablingAttempts(tx, device)
  },
}
