/**
 * The server's side of a half-done sign-in. The browser holds a random token, the table its hash and the state; a step names the
 * states that it may start from, and a step that succeeds consumes the state (security: decision 4).
 */
import type { AccountId } from '../core/account-id.ts'
import { tokenHash } from '../core/hash.ts'
import { type Random, randomToken } from '../core/random.ts'
import { findPrincipal } from '../iam/principals/find-principal.ts'
import type { Tx } from '../storage/schema.ts'
import { type Cookie, clearCookie, type WebRequest } from './web.ts'

export type SignInState =
  /** Nothing is known yet; no row stands for it. */
  | { readonly name: 'identify' }
  /** An email was typed; whether it is anybody's is not said. */
  | { readonly name: 'password'; readonly email: string }
  /** The password was right and a code is due. */
  | {
      readonly name: 'mfa'
      readonly accountId: AccountId
      readonly principalId: string
      readonly passwordVersion: number
    }

export interface SignIn {
  readonly state: SignInState
  /** Empty for `identify`. */
  readonly hash: string
  readonly version: number
}

/** Long enough to look for the phone; the password was shown to be right for no longer than this. */
const signInMs = 10 * 60 * 1000

const nothing: SignIn = { state: { name: 'identify' }, hash: '', version: 0 }

export async function findSignIn(tx: Tx, request: WebRequest, now: number): Promise<SignIn> {
  const token = request.cookie('sign-in')
  if (token === undefined) return nothing
  const row = await tx
    .selectFrom('sign_ins')
    .select(['sign_in_hash', 'state', 'version', 'expires_at'])
    .where('sign_in_hash', '=', tokenHash(token))
    .executeTakeFirst()
  if (row === undefined || now >= row.expires_at) return nothing
  // `state` was written by this file.
  const state = JSON.parse(row.state) as SignInState
  return (await isVoid(tx, state)) ? nothing : { state, hash: row.sign_in_hash, version: row.version }
}

/** The password that was right is not the principal's any more (INVARIANT(password-version)), or the principal is gone. */
async function isVoid(tx: Tx, state: SignInState): Promise<boolean> {
  if (state.name !== 'mfa') return false
  const record = await findPrincipal(tx, state.accountId, state.principalId)
  return record?.passwordVersion !== state.passwordVersion
}

/** Puts a new state, with a new token, in the place of the former. False: the former was consumed by another request. */
export async function replaceSignIn(
  tx: Tx,
  random: Random,
  former: SignIn,
  state: SignInState,
  now: number,
): Promise<Cookie | false> {
  if (!(await consumeSignIn(tx, former))) return false
  const token = randomToken(random)
  await tx
    .insertInto('sign_ins')
    .values({
      account_id: state.name === 'mfa' ? state.accountId : '',
      sign_in_hash: tokenHash(token),
      state: JSON.stringify(state),
      version: 1,
      expires_at: now + signInMs,
    })
    .execute()
  return { name: 'sign-in', value: token, maxAgeSeconds: signInMs / 1000 }
}

/** Ends the half-done sign-in: each can be consumed once. */
export async function consumeSignIn(tx: Tx, signIn: SignIn): Promise<boolean> {
  if (signIn.hash === '') return true
  const rows = await tx
    .deleteFrom('sign_ins')
    .where('sign_in_hash', '=', signIn.hash)
    .where('version', '=', signIn.version)
    .returning('sign_in_hash')
    .execute()
  return rows.length === 1
}

export const forgetSignIn = clearCookie('sign-in')
