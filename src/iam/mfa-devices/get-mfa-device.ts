import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { findPrincipal } from '../principals/find-principal.ts'
import { getTarget, targetArn, userNameOf } from '../target.ts'
import { findDevice } from './device-store.ts'

/** Meant for FIDO devices, whose certifications it tells. A virtual one has none: its other facts are given. */
export const getMFADevice: Handler<Tx, 'iam', 'GetMFADevice'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, refuse }) {
    const { accountId } = caller.principal
    const target = input.UserName === undefined ? undefined : await getTarget(tx, caller, input.UserName, refuse)
    const device = await findDevice(tx, accountId, input.SerialNumber)
    const missing = device === undefined || (target !== undefined && device.principalId !== target.principal.id)
    if (missing) return refuse('NoSuchEntity', `MFA device with serial number ${input.SerialNumber} does not exist.`)
    const owner = device.principalId === null ? undefined : await findPrincipal(tx, accountId, device.principalId)
    if (owner === undefined || device.enabledAt === null) return { SerialNumber: device.serial }
    return { UserName: userNameOf(owner.principal), SerialNumber: device.serial, EnableDate: device.enabledAt }
  },
}
