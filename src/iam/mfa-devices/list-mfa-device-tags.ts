import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { pageOf } from '../paging.ts'
import { deviceTags, listTags } from '../tags.ts'
import { deviceTarget, getNamedDevice, type NamedDevice } from './named-device.ts'

export const listMFADeviceTags: Handler<Tx, 'iam', 'ListMFADeviceTags', NamedDevice> = {
  target: deviceTarget,
  async handle(input, { tx, refuse }, named) {
    const device = getNamedDevice(named, refuse)
    const tags = await listTags(tx, deviceTags(device))
    const { rows, ...paging } = await pageOf(input, refuse, tags, (tag) => tag.Key)
    return { Tags: rows, ...paging }
  },
}
