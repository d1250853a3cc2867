import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { pageOf } from '../paging.ts'
import { listTags } from '../tags.ts'
import { getDevice } from './get-device.ts'

export const listMFADeviceTags: Handler<Tx, 'iam', 'ListMFADeviceTags'> = {
  resource: (input) => input.SerialNumber,
  async handle(input, { caller, tx, refuse }) {
    const device = await getDevice(tx, caller, input.SerialNumber, refuse)
    const tags = await listTags(tx, device.accountId, device.serial)
    const { rows, ...paging } = await pageOf(input, refuse, tags, (tag) => tag.Key)
    return { Tags: rows, ...paging }
  },
}
