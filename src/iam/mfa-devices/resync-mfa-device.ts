import type { Call, ErrorCode, Handler, Input } from '../../aws-api/operation.ts'
import type { Sealer } from '../../credentials/seal.ts'
import { verifyConsecutiveCodes } from '../../credentials/totp/verify-consecutive-codes.ts'
import { refundTwoCodesAttempt, reserveTwoCodesAttempt } from '../../rate-limits/mfa-attempts.ts'
import type { Tx } from '../../storage/schema.ts'
import type { SharedTime } from '../../storage/shared-time.ts'
import type { PrincipalRecord } from '../principals/find-principal.ts'
import { getTarget, lockTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { codesRefusalMessage } from './codes-refusal.ts'
import { findDevice, type MfaDevice, openSeed, redeemSteps } from './device-store.ts'

type Name = 'ResyncMFADevice'

/** Sets what is known of a device's clock by two consecutive codes. They count as attempts at the principal's factor. */
export function resyncMFADevice(sealer: Sealer, sharedTime: SharedTime): Handler<Tx, 'iam', Name, NamedPrincipal> {
  return {
    target: userTarget,

    // A serial that is none of the principal's is no attempt: no code is looked at.
    async before(input, call, named) {
      const target = getTarget(named, call.refuse)
      await getDeviceOf(target, input, call)
      const attempt = await reserveTwoCodesAttempt(call.tx, subjectOf(target), await sharedTime())
      if (!attempt.reserved) call.refuse('Throttling', waitMessage(attempt.waitMs))
    },

    async handle(input, call, named) {
      const { tx, now, fromConsole, refuse } = call
      const target = await lockTarget(tx, named, refuse)
      const device = await getDeviceOf(target, input, call)
      const seed = openSeed(sealer, device)
      const verdict = verifyConsecutiveCodes(
        { seed, lastStep: device.lastStep },
        input.AuthenticationCode1,
        input.AuthenticationCode2,
        now,
      )
      if (!verdict.ok) return refuse('InvalidAuthenticationCode', codesRefusalMessage(verdict, fromConsole))
      if (!(await redeemSteps(tx, device, { ...verdict, driftSet: verdict.drift }))) {
        refuse('InvalidAuthenticationCode', codesRefusalMessage({ ok: false, reason: 'already-used' }, fromConsole))
      }
      await refundTwoCodesAttempt(tx, subjectOf(target))
    },
  }
}

async function getDeviceOf(
  { principal: { accountId, id } }: PrincipalRecord,
  input: Input<'iam', Name>,
  { tx, refuse }: Call<Tx, ErrorCode<'iam', Name>>,
): Promise<MfaDevice> {
  const device = await findDevice(tx, accountId, input.SerialNumber)
  if (device === undefined || device.principalId !== id) return refuse('NoSuchEntity', 'MFA Device invalid for user.')
  return device
}

const subjectOf = ({ principal, passwordVersion }: PrincipalRecord) => ({
  accountId: principal.accountId,
  principalId: principal.id,
  passwordVersion,
})

const waitMessage = (waitMs: number): string =>
  waitMs > 0
    ? `Rate exceeded. Too many MFA codes were tried: try again in ${Math.ceil(waitMs / 1000)} seconds.`
    : 'Rate exceeded. Too many MFA codes were tried in vain: sign in from a browser that has signed in before.'
