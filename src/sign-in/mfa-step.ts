/** What the MFA page is told: which devices there are, and what it has to ask for. */
import type { AccountId } from '../core/account-id.ts'
import { activeDevicesOf } from '../iam/mfa-devices/device-store.ts'
import type { Tx } from '../storage/schema.ts'
import { mfaAllowance } from '../throttle/mfa-tries.ts'
import { knownBrowserOf } from './known-browser.ts'
import type { WebRequest } from './web.ts'

interface MfaPrincipal {
  readonly accountId: AccountId
  readonly principalId: string
  readonly passwordEpoch: number
}

export async function mfaStep(tx: Tx, request: WebRequest, of: MfaPrincipal, now: number) {
  const devices = await activeDevicesOf(tx, of.accountId, of.principalId)
  const allowance = await mfaAllowance(tx, of, knownBrowserOf(request, of.accountId, of.principalId), now)
  return {
    name: 'mfa' as const,
    mode: allowance.mode,
    retryAfterSeconds: Math.ceil(allowance.waitMs / 1000),
    devices: devices.map(({ serial, name }) => ({ serial, name, type: 'virtual' as const })),
  }
}
