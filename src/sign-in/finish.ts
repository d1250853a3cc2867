/** The end of every successful sign-in: the one place where a console session begins. */
import type { Principal } from '../core/caller.ts'
import { tokenHash } from '../core/hash.ts'
import { notePasswordUse } from '../iam/principals/find-principal.ts'
import { endSession, findSessionByToken, startSession } from '../iam/sessions/session-store.ts'
import type { Tx } from '../storage/schema.ts'
import { consoleLoginEvent } from './events.ts'
import type { SignInParts } from './parts.ts'
import { forgetSignIn } from './state.ts'
import { trustBrowser } from './trusted-browser.ts'
import type { WebAnswer, WebRequest } from './web.ts'

/**
 * `mfaSerial` is null only for a principal that has no active device: callers have asked INVARIANT(mfa-needed) in this very
 * transaction.
 */
export async function finishSignIn(
  tx: Tx,
  parts: SignInParts,
  request: WebRequest,
  principal: Principal,
  mfaSerial: string | null,
  now: number,
): Promise<WebAnswer> {
  const { accountId, id: principalId } = principal
  // A session that this browser still has ends: ids are never carried over a sign-in (security: V7.2.4).
  const former = request.cookie('session')
  const alive = former === undefined ? undefined : await findSessionByToken(tx, former, now)
  if (former !== undefined && alive !== undefined) await endSession(tx, alive.accountId, tokenHash(former), now)

  const session = await startSession(tx, parts.random, { accountId, principalId, mfaSerial }, now)
  await notePasswordUse(tx, principal, now)
  const known = await trustBrowser(tx, parts.random, request, { accountId, principalId }, mfaSerial !== null, now)
  const facts = mfaSerial === null ? { mfaUsed: false } : { mfaUsed: true, mfaSerial }
  await parts.audit.record(tx, consoleLoginEvent(request, principal, { outcome: 'Success', ...facts }, now))
  return {
    status: 200,
    body: { step: { name: 'signed-in', location: '/console/home' } },
    cookies: [{ name: 'session', value: session }, known, forgetSignIn],
  }
}
