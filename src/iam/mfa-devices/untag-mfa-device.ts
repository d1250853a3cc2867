import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deleteTags, deviceTags } from '../tags.ts'
import { deviceTarget, lockNamedDevice, type NamedDevice } from './named-device.ts'

export const untagMFADevice: Handler<Tx, 'iam', 'UntagMFADevice', NamedDevice> = {
  target: deviceTarget,
  async handle(input, { tx, refuse }, named) {
    const device = await lockNamedDevice(tx, named, refuse)
    if (input.TagKeys.length > 0) await deleteTags(tx, deviceTags(device), input.TagKeys)
  },
}
