/**
 * The password, for root and IAM users alike: price, place in the queue, brake, hash, verdict. Whether the name is anybody's shows
 * neither in what is answered nor in what is done (security: ).
 */

import { findAlias } from '../accounts/account-store.ts'
import type { AccountId } from '../core/account-id.ts'
import type { AuditEvent } from '../core/audit.ts'
import { type Place, QueueFull } from '../credentials/password/fair-queue.ts'
import { hashQueue, verifyPassword } from '../credentials/password/hash-password.ts'
import type { Source } from '../credentials/password/open-lane.ts'
import { activeDevicesOf } from '../iam/mfa-devices/device-store.ts'
import { lockPrincipal, type PrincipalRecord } from '../iam/principals/find-principal.ts'
import { type PasswordAttempt, type PasswordSubject, reservePasswordAttempt } from '../rate-limits/password-attempts.ts'
import type { TrustedBrowser } from '../rate-limits/trusted-browsers.ts'
import type { Tx } from '../storage/schema.ts'
import { checkMfaEvent, consoleLoginEvent, unknownUserEvent } from './events.ts'
import { finishSignIn } from './finish.ts'
import { mfaView } from './mfa-view.ts'
import { onRecord } from './on-record.ts'
import type { SignInParts } from './parts.ts'
import { type Payment, payFor } from './price.ts'
import { authenticationFailed, busy, signInExpired } from './refusals.ts'
import { sourceNetwork } from './source-network.ts'
import { consumeSignIn, replaceSignIn, type SignIn } from './state.ts'
import { findTrustedBrowser } from './trusted-browser.ts'
import { getText, type WebAnswer, type WebRequest } from './web.ts'

/** Twice what a password may have, in the widest characters: longer ones are wrong, and are refused before they are hashed. */
const passwordLengthMax = 512

export interface Named {
  /** Undefined: the name is nobody's. */
  readonly record: PrincipalRecord | undefined
  readonly subject: PasswordSubject
  /** The account of the typed account id, when it exists; `nobody` for an unknown email. */
  readonly accountId: AccountId
  /** Whether root's page was used. */
  readonly asRoot: boolean
}

/**
 * Until a place in the queue is taken nothing is written: neither an attempt nor a proof of work is spent by those who are sent away. From the
 * reservation of the attempt on everything that fails is on record.
 */
export async function checkPasswordStep(
  parts: SignInParts,
  request: WebRequest,
  signIn: SignIn,
  named: Named,
): Promise<WebAnswer> {
  const password = getText(request.body, 'password', passwordLengthMax)
  const { principal } = named.record ?? {}
  const browser = principal && (await findTrustedBrowser(parts.storage.reader, request, principal))
  const payment = await payFor(parts, request, named.subject, browser)
  const attempt = await hashQueue
    .run(sourceOf(request, named, browser), (place) =>
      attemptPassword(parts, request, named, browser, payment, place, password),
    )
    .catch((error: unknown) => {
      throw error instanceof QueueFull ? busy() : error
    })
  return onRecord(parts, failureOf(request, named, parts.clock.now()), async () => {
    if (principal === undefined || !attempt.right) throw authenticationFailed()
    return parts.storage.transaction(async (tx) => {
      // Until the commit nobody gives this principal a device, takes one away, or deletes it: else a session without MFA could
      // begin beside the enabling of a device and outlive it.
      const locked = await lockPrincipal(tx, principal)
      // Deleted, or given another password, while the hash was computed (INVARIANT(password-version)).
      if (locked === undefined || locked.passwordVersion !== named.record?.passwordVersion) throw authenticationFailed()
      await attempt.refund(tx)
      return afterPassword(tx, parts, request, signIn, locked)
    })
  })
}

/** Addresses take turns, and at one address the names. */
const sourceOf = (request: WebRequest, { subject }: Named, browser: TrustedBrowser | undefined): Source => ({
  cookie: browser?.tokenHash,
  address: sourceNetwork(request.sourceIp),
  name: `${subject.accountId} ${subject.subject}`,
  connection: request.connection,
})

interface Attempt {
  readonly right: boolean
  refund(tx: Tx): Promise<void>
}

/** In a place of the queue: the price is paid, the attempt is reserved, and then the password is looked at. */
async function attemptPassword(
  parts: SignInParts,
  request: WebRequest,
  named: Named,
  browser: TrustedBrowser | undefined,
  payment: Payment,
  place: Place,
  password: string,
): Promise<Attempt> {
  const attempt = await reserve(parts, named.subject, browser, payment)
  if (!attempt.reserved) {
    // Others have taken the last attempts at this price in this very moment: what the next one costs is looked up anew.
    await payFor(parts, request, named.subject, browser)
    throw busy()
  }
  const verify = () => verifyPassword(place, named.record?.passwordHash ?? undefined, password)
  const right = await onRecord(parts, failureOf(request, named, parts.clock.now()), verify)
  return { right, refund: attempt.refund }
}

/** A proof is spent together with the reservation, or not at all. */
async function reserve(
  parts: SignInParts,
  subject: PasswordSubject,
  browser: TrustedBrowser | undefined,
  payment: Payment,
): Promise<PasswordAttempt> {
  const now = await parts.sharedTime()
  const { reader } = parts.storage
  if (!payment.isDue) return reservePasswordAttempt(reader, subject, payment.forAttempt, browser, now)
  return parts.storage.transaction(async (tx) => {
    await payment.spend(tx)
    const attempt = await reservePasswordAttempt(tx, subject, payment.forAttempt, browser, now)
    if (!attempt.reserved) throw busy()
    return attempt
  })
}

/** The password was right. Whether a code is due is asked now, and nowhere else (INVARIANT(mfa-needed)). */
async function afterPassword(
  tx: Tx,
  parts: SignInParts,
  request: WebRequest,
  signIn: SignIn,
  { principal, passwordVersion }: PrincipalRecord,
): Promise<WebAnswer> {
  const now = parts.clock.now()
  const { accountId, id: principalId } = principal
  const devices = await activeDevicesOf(tx, accountId, principalId)
  if (devices.length === 0) {
    if (!(await consumeSignIn(tx, signIn))) throw signInExpired()
    return finishSignIn(tx, parts, request, principal, null, now)
  }
  const state = { name: 'mfa', accountId, principalId, passwordVersion } as const
  const cookie = await replaceSignIn(tx, parts.random, signIn, state, now)
  if (cookie === false) throw signInExpired()
  await parts.audit.record(tx, checkMfaEvent(request, principal, now))
  return { status: 200, body: { step: await mfaView(tx, parts, request, state) }, cookies: [cookie] }
}

/** The event of a failure; the reads are the same for a name that is nobody's (security: A-05). */
const failureOf =
  (request: WebRequest, named: Named, now: number) =>
  async (tx: Tx): Promise<AuditEvent> => {
    const principal = named.record?.principal
    if (principal !== undefined)
      return consoleLoginEvent(request, principal, { outcome: 'Failure', mfaUsed: false }, now)
    // The record shows root with its account's alias; for an address that is nobody's the same is looked up.
    if (named.asRoot) await findAlias(tx, named.accountId)
    return unknownUserEvent(request, named.accountId, now)
  }
