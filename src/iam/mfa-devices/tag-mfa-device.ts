import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { deviceTags, putTags } from '../tags.ts'
import { deviceTarget, lockNamedDevice, type NamedDevice } from './named-device.ts'

export const tagMFADevice: Handler<Tx, 'iam', 'TagMFADevice', NamedDevice> = {
  target: deviceTarget,
  async handle(input, { tx, refuse }, named) {
    const device = await lockNamedDevice(tx, named, refuse)
    await putTags(tx, deviceTags(device), input.Tags, refuse)
  },
}
