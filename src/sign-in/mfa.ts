/**
 * The second factor. One request attempts one code at one named device; an attempt is reserved before the code is looked at, and the
 * code is redeemed by one conditional write in the transaction that begins the session (security: decisions 1, 2, 5, 6).
 */
import { verifyCode } from '../credentials/totp/verify-code.ts'
import { verifyConsecutiveCodes } from '../credentials/totp/verify-consecutive-codes.ts'
import { findDevice, type MfaDevice, openSeed, redeemSteps } from '../iam/mfa-devices/device-store.ts'
import { findPrincipal, lockPrincipal, type PrincipalRecord } from '../iam/principals/find-principal.ts'
import { type MfaAttempt, reserveMfaAttempt } from '../rate-limits/mfa-attempts.ts'
import { consoleLoginEvent } from './events.ts'
import { finishSignIn } from './finish.ts'
import { mfaView } from './mfa-view.ts'
import { onRecord } from './on-record.ts'
import type { SignInParts } from './parts.ts'
import { authenticationFailed, mfaClosed, mfaTwoCodesNeeded, mfaWait, signInExpired } from './refusals.ts'
import { consumeSignIn, type SignIn } from './state.ts'
import { shownBrowserOf } from './trusted-browser.ts'
import { getText, type WebAnswer, type WebRequest } from './web.ts'

/** What is not a code is refused as a wrong one; this only keeps megabytes out. */
const codeLengthMax = 64
const serialLengthMax = 256

type Codes = { readonly code: string } | { readonly code1: string; readonly code2: string }

export async function mfa(parts: SignInParts, request: WebRequest, signIn: SignIn): Promise<WebAnswer> {
  if (signIn.state.name !== 'mfa') throw signInExpired()
  const { state } = signIn
  const serial = getText(request.body, 'serial', serialLengthMax)
  const codes = readCodes(request.body)
  const { reader } = parts.storage
  const record = await findPrincipal(reader, state.accountId, state.principalId)
  if (record === undefined || record.passwordVersion !== state.passwordVersion) throw signInExpired()

  const browser = shownBrowserOf(request, state.accountId, state.principalId)
  const shown = 'code' in codes ? 'single' : 'two-codes'
  const attempt = await reserveMfaAttempt(reader, state, shown, browser, await parts.sharedTime())
  if (!attempt.reserved) throw await refused(parts, request, state, attempt)

  const failure = consoleLoginEvent(request, record.principal, { outcome: 'Failure', mfaUsed: true }, parts.clock.now())
  return onRecord(
    parts,
    async () => failure,
    async () => {
      const answer = await parts.storage.transaction((tx) =>
        redeem(tx, parts, request, signIn, record, serial, codes, attempt),
      )
      if (answer === undefined) throw authenticationFailed({ step: await mfaView(reader, parts, request, state) })
      return answer
    },
  )
}

type Tx = SignInParts['storage']['reader']

/** Undefined: the code is not accepted, and nothing was changed. */
async function redeem(
  tx: Tx,
  parts: SignInParts,
  request: WebRequest,
  signIn: SignIn,
  { principal, passwordVersion }: PrincipalRecord,
  serial: string,
  codes: Codes,
  attempt: MfaAttempt & { reserved: true },
): Promise<WebAnswer | undefined> {
  const now = parts.clock.now()
  // Deleted, or given another password, since the request began; until the commit neither can happen.
  const record = await lockPrincipal(tx, principal)
  if (record?.passwordVersion !== passwordVersion) throw signInExpired()
  const device = await findDevice(tx, principal.accountId, serial)
  if (device === undefined || device.principalId !== principal.id) return undefined
  const accepted = verify(parts, device, codes, now)
  if (accepted === undefined || !(await redeemSteps(tx, device, { ...accepted, verifiedAt: now }))) return undefined
  // Two right codes for one half-done sign-in: the second finds it consumed, and its own code is not spent.
  if (!(await consumeSignIn(tx, signIn))) throw signInExpired()
  await attempt.refund(tx)
  return finishSignIn(tx, parts, request, record.principal, serial, now)
}

function verify(parts: SignInParts, device: MfaDevice, codes: Codes, now: number) {
  const seed = openSeed(parts.sealer, device)
  if ('code' in codes) {
    const verdict = verifyCode({ ...device, seed }, codes.code, now)
    return verdict.ok ? { firstStep: verdict.step, step: verdict.step, drift: verdict.drift } : undefined
  }
  const verdict = verifyConsecutiveCodes({ seed, lastStep: device.lastStep }, codes.code1, codes.code2, now)
  return verdict.ok ? { ...verdict, driftSet: verdict.drift } : undefined
}

function readCodes(body: WebRequest['body']): Codes {
  if (Object.hasOwn(body, 'code1')) {
    return { code1: getText(body, 'code1', codeLengthMax), code2: getText(body, 'code2', codeLengthMax) }
  }
  return { code: getText(body, 'code', codeLengthMax) }
}

async function refused(
  parts: SignInParts,
  request: WebRequest,
  of: Parameters<typeof mfaView>[3],
  attempt: MfaAttempt & { reserved: false },
) {
  const details = { step: await mfaView(parts.storage.reader, parts, request, of) }
  if (attempt.mode === 'closed') return mfaClosed(details)
  return attempt.waitMs > 0 ? mfaWait(attempt.waitMs, details) : mfaTwoCodesNeeded(details)
}
