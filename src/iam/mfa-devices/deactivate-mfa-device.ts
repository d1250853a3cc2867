import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { lockDevice, unassignDevice } from './device-store.ts'
import { refuseMissing } from './named-device.ts'
import { checkFreshSignIn, checkMfaOfOwner } from './own-devices-rule.ts'

/** Takes a device from its principal. A virtual device stays, assigned to nobody, until DeleteVirtualMFADevice. */
export const deactivateMFADevice: Handler<Tx, 'iam', 'DeactivateMFADevice', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { caller, tx, now, refuse }, named) {
    const { principal } = await lockTarget(tx, named, refuse)
    // Asked before the serial is looked at: who may not change devices is not told of them either.
    await checkMfaOfOwner(tx, caller, principal, refuse)
    const device = await lockDevice(tx, principal.accountId, input.SerialNumber)
    if (device === undefined) return refuseMissing(input.SerialNumber, refuse)
    if (device.principalId !== principal.id) refuse('NoSuchEntity', 'MFA Device invalid for user.')
    if (principal.id === caller.principal.id) checkFreshSignIn(caller, now, refuse)
    await unassignDevice(tx, device)
    const own = principal.id === caller.principal.id ? caller.session?.id : undefined
    await endOtherSessions(tx, principal.accountId, principal.id, own, now)
  },
}
