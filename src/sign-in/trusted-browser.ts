import { createHash } from 'node:crypto'
import type { AccountId } from '../core/account-id.ts'
import { tokenHash } from '../core/hash.ts'
import { type Random, randomToken } from '../core/random.ts'
import { isTrustedBrowser, rememberBrowser, type TrustedBrowser } from '../rate-limits/trusted-browsers.ts'
import type { Tx } from '../storage/schema.ts'
import type { Cookie, CookieName, WebRequest } from './web.ts'

/** A browser is remembered for a year after its last full sign-in. */
const knownSeconds = 365 * 86_400

/** The cookie's name says whose it is to nobody but this server's own look-up: it is a hash. */
const cookieNameOf = (accountId: string, principalId: string): CookieName =>
  `known-${createHash('sha256').update(`${accountId} ${principalId}`).digest('hex').slice(0, 16)}`

export function shownBrowserOf(
  request: WebRequest,
  accountId: AccountId,
  principalId: string,
): TrustedBrowser | undefined {
  const token = request.cookie(cookieNameOf(accountId, principalId))
  return token === undefined ? undefined : { accountId, principalId, tokenHash: tokenHash(token) }
}

/** The browser, if its cookie is one of this principal's and has attempts of its own left: looked up, and not merely shown. */
export async function findTrustedBrowser(
  tx: Tx,
  request: WebRequest,
  { accountId, id }: { readonly accountId: AccountId; readonly id: string },
): Promise<TrustedBrowser | undefined> {
  const browser = shownBrowserOf(request, accountId, id)
  return browser !== undefined && (await isTrustedBrowser(tx, browser, 'password_failures')) ? browser : undefined
}

/** After a full sign-in: this browser is known from now on, under a new token, with fresh attempts. */
export async function trustBrowser(
  tx: Tx,
  random: Random,
  request: WebRequest,
  of: { readonly accountId: AccountId; readonly principalId: string },
  mfaUsed: boolean,
  now: number,
): Promise<Cookie> {
  const token = randomToken(random)
  const former = shownBrowserOf(request, of.accountId, of.principalId)?.tokenHash
  await rememberBrowser(tx, { ...of, tokenHash: tokenHash(token) }, { former, mfaUsed }, now)
  return { name: cookieNameOf(of.accountId, of.principalId), value: token, maxAgeSeconds: knownSeconds }
}
