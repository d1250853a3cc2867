import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTarget, targetArn, userNameOf } from '../target.ts'
import { findDevice } from './device-store.ts'

/**
 * Meant for FIDO devices, whose certifications it tells. A virtual one has none: its other facts are given. Only a device of the
 * user that is named, or else of the caller: that is what was authorised.
 */
export const getMFADevice: Handler<Tx, 'iam', 'GetMFADevice'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const { principal } = await getTarget(tx, caller, input.UserName, refuse)
    const device = await findDevice(tx, principal.accountId, input.SerialNumber)
    if (device === undefined || device.principalId !== principal.id || device.enabledAt === null)
      return refuse('NoSuchEntity', `MFA device with serial number ${input.SerialNumber} does not exist.`)
    return { UserName: userNameOf(principal), SerialNumber: device.serial, EnableDate: device.enabledAt }
  },
}
