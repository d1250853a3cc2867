/**
 * The password, for root and IAM users alike: brake, hash, verdict. Whether the name is anybody's shows neither in what is
 * answered nor in what is done (security: ).
 */

import { findAlias } from '../accounts/account-store.ts'
import type { AccountId } from '../core/account-id.ts'
import type { Principal } from '../core/caller.ts'
import { QueueFull } from '../credentials/password/bounded-queue.ts'
import { verifyPassword } from '../credentials/password/hash-password.ts'
import { activeDevicesOf } from '../iam/mfa-devices/device-store.ts'
import { findPrincipal, lockPrincipal, type PrincipalRecord } from '../iam/principals/find-principal.ts'
import { type PasswordSubject, proofOfWorkDue, reservePasswordTry } from '../throttle/password-tries.ts'
import { checkMfa, consoleLogin, unknownUser } from './events.ts'
import { finishSignIn } from './finish.ts'
import { knownBrowserOf } from './known-browser.ts'
import { mfaStep } from './mfa-step.ts'
import type { SignInParts } from './parts.ts'
import { type ChallengeMark, isSolved, setChallenge } from './proof-of-work.ts'
import { authenticationFailed, busy, proofOfWorkRequired, signInExpired, tooManyPasswords } from './refusals.ts'
import { consumeSignIn, replaceSignIn, type SignIn, type SignInState, updateSignIn } from './state.ts'
import { findText, getText, type WebAnswer, type WebRequest } from './web.ts'

/** Twice what a password may have, in the widest characters: longer ones are wrong, and are refused before they are hashed. */
const passwordLengthMax = 512
const proofLengthMax = 4096

/** Stands for the account of a name that is nobody's: the same is looked up for it as for everybody's (security: A-05). */
export const nobody = '' as AccountId

export interface Named {
  /** Undefined: the name is nobody's. */
  readonly record: PrincipalRecord | undefined
  readonly subject: PasswordSubject
  /** The account of the typed account id, when it exists; `nobody` for an unknown email. */
  readonly accountId: AccountId
  /** Whether root's page was used. */
  readonly asRoot: boolean
  /** The state in which a solved challenge may come back; without one, the state once the challenge is used up. */
  withChallenge(challenge?: ChallengeMark): SignInState
}

export async function checkPasswordStep(
  parts: SignInParts,
  request: WebRequest,
  signIn: SignIn,
  named: Named,
): Promise<WebAnswer> {
  const { reader } = parts.storage
  const password = getText(request.body, 'password', passwordLengthMax)
  const { principal } = named.record ?? {}
  const browser = principal && knownBrowserOf(request, principal.accountId, principal.id)
  const now = parts.clock.now()

  const numbers = await proofOfWorkDue(reader, named.subject, browser, now)
  const proved = numbers === 0 ? signIn : await takeProof(parts, request, signIn, named, numbers)
  if (proved === undefined) return askForProof(parts, signIn, named, numbers)
  const attempt = await reservePasswordTry(reader, named.subject, numbers > 0, browser, now)
  if (!attempt.reserved) {
    // Others may have taken the last free tries in this very moment: then this one has its price.
    const price = numbers > 0 ? 0 : await proofOfWorkDue(reader, named.subject, browser, now)
    if (price > 0) return askForProof(parts, signIn, named, price)
    throw tooManyPasswords(attempt.waitMs)
  }

  const right = await verifyPassword(named.record?.passwordHash ?? undefined, password).catch(
    async (error: unknown) => {
      if (!(error instanceof QueueFull)) throw error
      await attempt.refund(reader)
      throw busy()
    },
  )
  if (principal === undefined || !right) {
    await recordFailure(parts, request, named, principal)
    throw authenticationFailed()
  }
  return parts.storage.transaction(async (tx) => {
    // Until the commit nobody gives this principal a device, takes one away, or deletes it: else a session without MFA could
    // begin beside the enabling of a device and outlive it.
    if (!(await lockPrincipal(tx, principal))) throw authenticationFailed()
    await attempt.refund(tx)
    return afterPassword(tx, parts, request, proved, principal, named.record?.passwordEpoch)
  })
}

type Tx = SignInParts['storage']['reader']

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
  return { status: 200, body: { step: await mfaStep(tx, request, state, now) }, cookies: [cookie] }
}

async function recordFailure(
  parts: SignInParts,
  request: WebRequest,
  named: Named,
  principal: Principal | undefined,
): Promise<void> {
  const now = parts.clock.now()
  const event =
    principal === undefined
      ? unknownUser(request, named.accountId, now)
      : consoleLogin(request, principal, { outcome: 'Failure', mfaUsed: false }, now)
  await parts.storage.transaction(async (tx) => {
    // The record shows root with its account's alias; for an address that is nobody's the same is looked up (security: A-05).
    if (named.asRoot && principal === undefined) await findAlias(tx, named.accountId)
    await parts.audit.record(tx, event)
  })
}

/** The sign-in with its challenge used up, when the request solves it: one of at least `numbers`, good for one try. */
async function takeProof(
  parts: SignInParts,
  request: WebRequest,
  signIn: SignIn,
  named: Named,
  numbers: number,
): Promise<SignIn | undefined> {
  const payload = findText(request.body, 'proofOfWork', proofLengthMax)
  const mark = 'challenge' in signIn.state ? signIn.state.challenge : undefined
  // Challenges that were collected while they were cheap do not pay for dearer tries.
  if (payload === undefined || mark === undefined || mark.numbers < numbers) return undefined
  if (!(await isSolved(parts.sealer, payload, mark))) return undefined
  const used = await updateSignIn(parts.storage.reader, signIn, named.withChallenge())
  return used === false ? undefined : used
}

async function askForProof(parts: SignInParts, signIn: SignIn, named: Named, numbers: number): Promise<never> {
  const { challenge, mark } = await setChallenge(parts.sealer, parts.random, numbers)
  const cookie = await parts.storage.transaction((tx) =>
    replaceSignIn(tx, parts.random, signIn, named.withChallenge(mark), parts.clock.now()),
  )
  if (cookie === false) throw signInExpired()
  throw proofOfWorkRequired(challenge, cookie)
}
