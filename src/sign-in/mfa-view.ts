/** What the MFA page is told: which devices there are, and what it has to ask for. */
import type { AccountId } from '../core/account-id.ts'
import { activeDevicesOf } from '../iam/mfa-devices/device-store.ts'
import { mfaAllowance } from '../rate-limits/mfa-attempts.ts'
import type { Tx } from '../storage/schema.ts'
import type { SignInParts } from './parts.ts'
import { shownBrowserOf } from './trusted-browser.ts'
import type { WebRequest } from './web.ts'

interface MfaPrincipal {
  readonly accountId: AccountId
  readonly principalId: string
  readonly passwordVersion: number
}

export async function mfaView(tx: Tx, { sharedTime }: SignInParts, request: WebRequest, of: MfaPrincipal) {
  const devices = await activeDevicesOf(tx, of.accountId, of.principalId)
  const browser = shownBrowserOf(request, of.accountId, of.principalId)
  const allowance = await mfaAllowance(tx, of, browser, await sharedTime())
  return {
    name: 'mfa' as const,
    mode: allowance.mode,
    retryAfterSeconds: Math.ceil(allowance.waitMs / 1000),
    devices: devices.map(({ serial, name }) => ({ serial, name, type: 'virtual' as const })),
  }
}
