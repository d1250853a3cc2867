/**
 * Two rules about a principal that changes its own factors, which no policy can lift.
 * - AWS's (aws-behaviour: §1.4): who has a device already must have signed in with one.
 * - Ours: a console session that removes a device must have proved both factors within five minutes.
 */
import { type Caller, isMfaAuthenticated, type Principal } from '../../core/caller.ts'
import type { Tx } from '../../storage/schema.ts'
import { sessionLimits } from '../sessions/session-store.ts'
import { activeDevicesOf } from './device-store.ts'

type Refuse = (code: 'AccessDenied', message: string) => never

export const mfaRequiredMessage =
  'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.'

export const freshSignInMessage =
  'To remove an MFA device, sign in again with your password and MFA code: this session was authenticated more than 5 minutes ago.'

export async function checkMfaOfOwner(tx: Tx, caller: Caller, target: Principal, refuse: Refuse): Promise<void> {
  if (target.id !== caller.principal.id) return
  const devices = await activeDevicesOf(tx, target.accountId, target.id)
  if (devices.length === 0) return
  const serial = isMfaAuthenticated(caller) ? caller.session?.mfaSerial : undefined
  if (!devices.some((device) => device.serial === serial)) refuse('AccessDenied', mfaRequiredMessage)
}

export function checkFreshSignIn(caller: Caller, now: number, refuse: Refuse): void {
  if (caller.session?.console === true && now - caller.session.authenticatedAt > sessionLimits.freshMs) {
    refuse('AccessDenied', freshSignInMessage)
  }
}
