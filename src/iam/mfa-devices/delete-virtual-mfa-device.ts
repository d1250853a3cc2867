import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deleteTags, deviceTags } from '../tags.ts'
import { deleteUnassignedDevice, forgetEnablingAttempts } from './device-store.ts'
import { deviceTarget, lockNamedDevice, type NamedDevice } from './named-device.ts'

export const deleteVirtualMFADevice: Handler<Tx, 'iam', 'DeleteVirtualMFADevice', NamedDevice> = {
  target: deviceTarget,

  async handle(_input, { tx, refuse }, named) {
    const device = await lockNamedDevice(tx, named, refuse)
    const deleted = await deleteUnassignedDevice(tx, device)
    if (!deleted) refuse('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.')
    await deleteTags(tx, deviceTags(device))
    await forgetEnablingAttempts(tx, device)
  },
}
