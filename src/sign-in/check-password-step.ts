/**
 * The password, for root and IAM users alike: price, place in the queue, brake, hash, verdict. Whether the name is anybody's shows
 * neither in what is answered nor in what is done (security: ).
 */

import { findAlias } from '../accounts/account-store.ts'
import type { AccountId } from '../core/account-id.ts'
import type { AuditEvent } from '../core/audit.ts'
import type { Principal } from '../core/caller.ts'
import { type Place, QueueFull } from '../credentials/password/fair-queue.ts'
import { hashQueue, verifyPassword } from '../credentials/password/hash-password.ts'
import type { Source } from '../credentials/password/open-lane.ts'
import { activeDevicesOf } from '../iam/mfa-devices/device-store.ts'
import { findPrincipal, lockPrincipal, type PrincipalRecord } from '../iam/principals/find-principal.ts'
import type { Tx } from '../storage/schema.ts'
import type { KnownBrowser } from '../throttle/known-browsers.ts'
import { type PasswordSubject, type PasswordTry, reservePasswordTry } from '../throttle/password-tries.ts'
import { checkMfa, consoleLogin, unknownUser } from './events.ts'
import { finishSignIn } from './finish.ts'
import { findTrustedBrowser } from './known-browser.ts'
import { mfaStep } from './mfa-step.ts'
import { onRecord } from './on-record.ts'
import type { SignInParts } from './parts.ts'
import { type Payment, payFor } from './price.ts'
import { authenticationFailed, busy, signInExpired } from './refusals.ts'
import { sourceNetwork } from './source-network.ts'
import { consumeSignIn, replaceSignIn, type SignIn } from './state.ts'
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
 * Until a place in the queue is taken nothing is written: neither a try nor a proof of work is spent by those who are sent away. From the
 * reservation of the try on everything that fails is on record.
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
      tryPassword(parts, request, named, browser, payment, place, password),
    )
    .catch((error: unknown) => {
      throw error instanceof QueueFull ? busy() : error
    })
  return onRecord(parts, failureOf(request, named, parts.clock.now()), async () => {
    if (principal === undefined || !attempt.right) throw authenticationFailed()
    return parts.storage.transaction(async (tx) => {
      // Until the commit nobody gives this principal a device, takes one away, or deletes it: else a session without MFA could
      // begin beside the enabling of a device and outlive it.
      if (!(await lockPrincipal(tx, principal))) throw authenticationFailed()
      await attempt.refund(tx)
      return afterPassword(tx, parts, request, signIn, principal, named.record?.passwordEpoch)
    })
  })
}

/** Addresses take turns, and at one address the names. */
const sourceOf = (request: WebRequest, { subject }: Named, browser: KnownBrowser | undefined): Source => ({
  cookie: browser?.tokenHash,
  address: sourceNetwork(request.sourceIp),
  name: `${subject.accountId} ${subject.subject}`,
  connection: request.connection,
})

interface Attempt {
  readonly right: boolean
  refund(tx: Tx): Promise<void>
}

/** In a place of the queue: the price is paid, the try is reserved, and then the password is looked at. */
async function tryPassword(
  parts: SignInParts,
  request: WebRequest,
  named: Named,
  browser: KnownBrowser | undefined,
  payment: Payment,
  place: Place,
  password: string,
): Promise<Attempt> {
  const attempt = await reserve(parts, named.subject, browser, payment)
  if (!attempt.reserved) {
    // Others have taken the last tries at this price in this very moment: what the next one costs is looked up anew.
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
  browser: KnownBrowser | undefined,
  payment: Payment,
): Promise<PasswordTry> {
  const now = await parts.sharedTime()
  const { reader } = parts.storage
  if (!payment.isDue) return reservePasswordTry(reader, subject, payment.forTry, browser, now)
  return parts.storage.transaction(async (tx) => {
    await payment.spend(tx)
    const attempt = await reservePasswordTry(tx, subject, payment.forTry, browser, now)
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
  { accountId, id: principalId }: Principal,
  passwordEpoch: number | undefined,
): Promise<WebAnswer> {
  const now = parts.clock.now()
  const record = await findPrincipal(tx, accountId, principalId)
  // Deleted, or given another password, while the hash was computed (INVARIANT(password-epoch)).
  if (record === undefined || record.passwordEpoch !== passwordEpoch) throw authenticationFailed()
  const devices = await activeDevicesOf(tx, accountId, principalId)
  if (devices.length === 0) {
    if (!(await consumeSignIn(tx, signIn))) throw signInExpired()
    return finishSignIn(tx, parts, request, record.principal, null, now)
  }
  const state = { name: 'mfa', accountId, principalId, passwordEpoch } as const
  const cookie = await replaceSignIn(tx, parts.random, signIn, state, now)
  if (cookie === false) throw signInExpired()
  await parts.audit.record(tx, checkMfa(request, record.principal, now))
  return { status: 200, body: { step: await mfaStep(tx, parts, request, state) }, cookies: [cookie] }
}

/** The event of a failure; the reads are the same for a name that is nobody's (security: A-05). */
const failureOf =
  (request: WebRequest, named: Named, now: number) =>
  async (tx: Tx): Promise<AuditEvent> => {
    const principal = named.record?.principal
    if (principal !== undefined) return consoleLogin(request, principal, { outcome: 'Failure', mfaUsed: false }, now)
    // The record shows root with its account's alias; for an address that is nobody's the same is looked up.
    if (named.asRoot) await findAlias(tx, named.accountId)
    return unknownUser(request, named.accountId, now)
  }
