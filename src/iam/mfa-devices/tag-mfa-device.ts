import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { putTags } from '../tags.ts'
import { getLockedDevice } from './get-device.ts'

export const tagMFADevice: Handler<Tx, 'iam', 'TagMFADevice'> = {
  resource: (input) => input.SerialNumber,
  async handle(input, { caller, tx, refuse }) {
    const device = await getLockedDevice(tx, caller, input.SerialNumber, refuse)
    await putTags(tx, device.accountId, device.serial, input.Tags, refuse)
  },
}
