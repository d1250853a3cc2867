import type { Call, ErrorCode, Handler, Input } from '../../aws-api/operation.ts'
import type { Sealer } from '../../credentials/seal.ts'
import { verifyConsecutiveCodes } from '../../credentials/totp/verify-consecutive-codes.ts'
import type { Tx } from '../../storage/schema.ts'
import { throttleLimits } from '../../throttle/limits.ts'
import { type MfaSubject, refundTwoCodesTry, reserveTwoCodesTry } from '../../throttle/mfa-tries.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { lockPrincipal } from '../principals/find-principal.ts'
import { endOtherSessions } from '../sessions/session-store.ts'
import { getTarget, targetArn } from '../target.ts'
import { codesRefusalMessage } from './codes-refusal.ts'
import { activeDevicesOf, assignDevice, findDevice, openSeed } from './device-store.ts'
import { checkMfaOfOwner } from './own-devices-rule.ts'

type Name = 'EnableMFADevice'

/**
 * Assigns a device to a principal that shows two consecutive codes of it. Root's devices are enabled by root's console session
 * and by nothing else: only such a session may leave out UserName, and root has no name that could be given.
 */
export function enableMFADevice(sealer: Sealer): Handler<Tx, 'iam', Name> {
  return {
    resource: (input, caller) => targetArn(input.UserName, caller),

    // The device is nobody's yet, so its tries are counted for itself: they are no guesses at anybody's factor.
    async before(input, call) {
      const attempt = await reserveTwoCodesTry(call.tx, subjectOf(input, call), call.now)
      if (!attempt.reserved) call.refuse('Throttling', waitMessage(attempt.waitMs))
    },

    async handle(input, call) {
      const { caller, tx, now, refuse } = call
      const { principal } = await getTarget(tx, caller, input.UserName, refuse)
      await lockPrincipal(tx, principal)
      const device = await findDevice(tx, principal.accountId, input.SerialNumber)
      if (device === undefined)
        return refuse('NoSuchEntity', `VirtualMFADevice with serial number ${input.SerialNumber} does not exist.`)
      await checkMfaOfOwner(tx, caller, principal, refuse)
      if (device.principalId !== null) refuse('EntityAlreadyExists', 'MFA Device is already in use.')
      if ((await activeDevicesOf(tx, principal.accountId, principal.id)).length >= quotas.mfaDevicesPerUser) {
        refuse('LimitExceeded', quotaMessage('MFADevicesPerUser', quotas.mfaDevicesPerUser))
      }

      const seed = openSeed(sealer, device)
      const verdict = verifyConsecutiveCodes(
        { seed, lastStep: device.lastStep },
        input.AuthenticationCode1,
        input.AuthenticationCode2,
        now,
      )
      if (!verdict.ok) return refuse('InvalidAuthenticationCode', codesRefusalMessage(verdict, call.fromConsole))
      const assigned = await assignDevice(
        tx,
        device,
        { principalId: principal.id, step: verdict.step, drift: verdict.drift },
        now,
      )
      if (!assigned) refuse('EntityAlreadyExists', 'MFA Device is already in use.')
      await refundTwoCodesTry(tx, subjectOf(input, call))
      const own = principal.id === caller.principal.id ? caller.session?.id : undefined
      await endOtherSessions(tx, principal.accountId, principal.id, own, now)
    },
  }
}

const subjectOf = (input: Input<'iam', Name>, call: Call<Tx, ErrorCode<'iam', Name>>): MfaSubject => ({
  accountId: call.caller.principal.accountId,
  principalId: input.SerialNumber,
  passwordEpoch: 0,
})

export const waitMessage = (waitMs: number): string =>
  waitMs > 0
    ? `Rate exceeded. Too many MFA codes were tried: try again in ${Math.ceil(waitMs / 1000)} seconds.`
    : `Rate exceeded. ${throttleLimits.mfaTriesMax} pairs of MFA codes were tried in vain: delete this device and create a new one.`
