import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { readPage } from '../paging.ts'
import { getTarget, type NamedPrincipal, userNameOf, userTarget } from '../target.ts'
import { devicesAfter } from './device-store.ts'

export const listMFADevices: Handler<Tx, 'iam', 'ListMFADevices', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { tx, refuse }, named) {
    const { principal } = getTarget(named, refuse)
    const { rows, ...paging } = await readPage(
      input,
      refuse,
      (after, limit) => devicesAfter(tx, principal.accountId, { principalId: principal.id }, after, limit),
      (device) => device.serial,
    )
    const UserName = userNameOf(principal)
    return {
      MFADevices: rows.map(({ serial, enabledAt }) => ({ UserName, SerialNumber: serial, EnableDate: enabledAt ?? 0 })),
      ...paging,
    }
  },
}
