import type { Call, ErrorCode, Handler, Input } from '../../aws-api/operation.ts'
import type { Caller } from '../../core/caller.ts'
import type { Sealer } from '../../credentials/seal.ts'
import { verifyConsecutiveCodes } from '../../credentials/totp/verify-consecutive-codes.ts'
import { rateLimits } from '../../rate-limits/limits.ts'
import { reserveTwoCodesAttempt } from '../../rate-limits/mfa-attempts.ts'
import type { Tx } from '../../storage/schema.ts'
import type { SharedTime } from '../../storage/shared-time.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { getTarget, lockTarget, type NamedPrincipal, userNameOf, userTarget } from '../target.ts'
import { codesRefusalMessage } from './codes-refusal.ts'
import {
  activeDevicesOf,
  assignDevice,
  enablingAttempts,
  findDevice,
  forgetEnablingAttempts,
  lockDevice,
  type MfaDevice,
  openSeed,
} from './device-store.ts'
import { refuseMissing } from './named-device.ts'
import { checkMfaOfOwner } from './own-devices-rule.ts'

type Name = 'EnableMFADevice'
type EnableCall = Call<Tx, ErrorCode<'iam', Name>>

/**
 * Assigns a device to a principal that shows two consecutive codes of it. Root's devices are enabled by root's console session
 * and by nothing else: only such a session may leave out UserName, and root has no name that could be given.
 */
export function enableMFADevice(sealer: Sealer, sharedTime: SharedTime): Handler<Tx, 'iam', Name, NamedPrincipal> {
  return {
    target: userTarget,

    // The device is nobody's yet, so its attempts are no guesses at anybody's factor. Where no code would be looked at, none is counted.
    async before(input, call, named) {
      const { principal } = getTarget(named, call.refuse)
      const device = await findDevice(call.tx, principal.accountId, input.SerialNumber)
      const free = await checkFree(device, principal, input, call)
      const attempt = await reserveTwoCodesAttempt(
        call.tx,
        enablingAttempts(free, call.caller.principal.id),
        await sharedTime(),
      )
      if (!attempt.reserved) call.refuse('Throttling', waitMessage(attempt.waitMs))
    },

    async handle(input, call, named) {
      const { caller, tx, now, refuse } = call
      const { principal } = await lockTarget(tx, named, refuse)
      const locked = await lockDevice(tx, principal.accountId, input.SerialNumber)
      const device = await checkFree(locked, principal, input, call)
      const seed = openSeed(sealer, device)
      const verdict = verifyConsecutiveCodes(
        { seed, lastStep: device.lastStep },
        input.AuthenticationCode1,
        input.AuthenticationCode2,
        now,
      )
      if (!verdict.ok) return refuse('InvalidAuthenticationCode', codesRefusalMessage(verdict, call.fromConsole))
      const assigned = await assignDevice(tx, device, { ...verdict, principalId: principal.id }, now)
      if (!assigned) refuse('EntityAlreadyExists', 'MFA Device is already in use.')
      await forgetEnablingAttempts(tx, device)
      const own = principal.id === caller.principal.id ? caller.session?.id : undefined
      await endOtherSessions(tx, principal.accountId, principal.id, own, now)
    },
  }
}

/** All that must hold before a code is looked at. */
async function checkFree(
  device: MfaDevice | undefined,
  principal: Caller['principal'],
  input: Input<'iam', Name>,
  { caller, tx, refuse }: EnableCall,
): Promise<MfaDevice> {
  await checkMfaOfOwner(tx, caller, principal, refuse)
  if (device === undefined) return refuseMissing(input.SerialNumber, refuse)
  if (device.principalId === principal.id)
    refuse('EntityAlreadyExists', `MFA Device for user ${userNameOf(principal)} already exists.`)
  if (device.principalId !== null) refuse('EntityAlreadyExists', 'MFA Device is already in use.')
  const { length } = await activeDevicesOf(tx, principal.accountId, principal.id)
  if (length >= quotas.mfaDevicesPerUser)
    refuse('LimitExceeded', quotaMessage('MFADevicesPerUser', quotas.mfaDevicesPerUser))
  return device
}

const waitMessage = (waitMs: number): string =>
  waitMs > 0
    ? `Rate exceeded. Too many MFA codes were tried: try again in ${Math.ceil(waitMs / 1000)} seconds.`
    : `Rate exceeded. ${rateLimits.mfaAttemptsMax} pairs of MFA codes were tried in vain: delete this device and create a new one.`
