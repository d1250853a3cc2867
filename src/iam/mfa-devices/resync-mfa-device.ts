import type { Handler } from '../../aws-api/operation.ts'
import type { Sealer } from '../../credentials/seal.ts'
import { verifyConsecutiveCodes } from '../../credentials/totp/verify-consecutive-codes.ts'
import type { Tx } from '../../storage/schema.ts'
import { refundTwoCodesTry, reserveTwoCodesTry } from '../../throttle/mfa-tries.ts'
import type { PrincipalRecord } from '../principals/find-principal.ts'
import { getTarget, targetArn } from '../target.ts'
import { codesRefusalMessage } from './codes-refusal.ts'
import { findDevice, openSeed, redeemStep } from './device-store.ts'

/** Sets what is known of a device's clock by two consecutive codes. They count as tries at the principal's factor. */
export function resyncMFADevice(sealer: Sealer): Handler<Tx, 'iam', 'ResyncMFADevice'> {
  return {
    resource: (input, caller) => targetArn(input.UserName, caller),

    async before(input, { caller, tx, now, refuse }) {
      const attempt = await reserveTwoCodesTry(tx, subjectOf(await getTarget(tx, caller, input.UserName, refuse)), now)
      if (attempt.reserved) return
      const seconds = Math.ceil(attempt.waitMs / 1000)
      refuse(
        'Throttling',
        attempt.waitMs > 0
          ? `Rate exceeded. Too many MFA codes were tried: try again in ${seconds} seconds.`
          : 'Rate exceeded. Too many MFA codes were tried in vain: sign in from a browser that has signed in before.',
      )
    },

    async handle(input, { caller, tx, now, fromConsole, refuse }) {
      const target = await getTarget(tx, caller, input.UserName, refuse)
      const { principal } = target
      const device = await findDevice(tx, principal.accountId, input.SerialNumber)
      if (device === undefined || device.principalId !== principal.id)
        return refuse('NoSuchEntity', 'MFA Device invalid for user.')
      const seed = openSeed(sealer, device)
      const verdict = verifyConsecutiveCodes(
        { seed, lastStep: device.lastStep },
        input.AuthenticationCode1,
        input.AuthenticationCode2,
        now,
      )
      if (!verdict.ok) return refuse('InvalidAuthenticationCode', codesRefusalMessage(verdict, fromConsole))
      const { step, drift } = verdict
      if (!(await redeemStep(tx, device, { step, drift, driftSet: drift }))) {
        refuse('InvalidAuthenticationCode', codesRefusalMessage({ ok: false, reason: 'already-used' }, fromConsole))
      }
      await refundTwoCodesTry(tx, subjectOf(target))
    },
  }
}

const subjectOf = ({ principal, passwordEpoch }: PrincipalRecord) => ({
  accountId: principal.accountId,
  principalId: principal.id,
  passwordEpoch,
})
