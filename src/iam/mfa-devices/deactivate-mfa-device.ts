import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { lockTarget, targetArn } from '../target.ts'
import { lockDevice, unassignDevice } from './device-store.ts'
import { checkFreshSignIn, checkMfaOfOwner } from './own-devices-rule.ts'

/** Takes a device from its principal. A virtual device stays, assigned to nobody, until DeleteVirtualMFADevice. */
export const deactivateMFADevice: Handler<Tx, 'iam', 'DeactivateMFADevice'> = {
  resource: (input, caller) => targetArn(input.UserName, caller),

  async handle(input, { caller, tx, now, refuse }) {
    const { principal } = await lockTarget(tx, caller, input.UserName, refuse)
    const device = await lockDevice(tx, principal.accountId, input.SerialNumber)
    if (device === undefined || device.principalId !== principal.id)
      return refuse('NoSuchEntity', 'MFA Device invalid for user.')
    await checkMfaOfOwner(tx, caller, principal, refuse)
    if (principal.id === caller.principal.id) checkFreshSignIn(caller, now, refuse)
    await unassignDevice(tx, device)
    const own = principal.id === caller.principal.id ? caller.session?.id : undefined
    await endOtherSessions(tx, principal.accountId, principal.id, own, now)
  },
}
