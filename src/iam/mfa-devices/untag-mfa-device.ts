import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deleteTags } from '../tags.ts'
import { getLockedDevice } from './get-device.ts'

export const untagMFADevice: Handler<Tx, 'iam', 'UntagMFADevice'> = {
  resource: (input) => input.SerialNumber,
  async handle(input, { caller, tx, refuse }) {
    const device = await getLockedDevice(tx, caller, input.SerialNumber, refuse)
    if (input.TagKeys.length > 0) await deleteTags(tx, device.accountId, device.serial, input.TagKeys)
  },
}
