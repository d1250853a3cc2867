/**
 * A browser is known to a principal after a full sign-in: it holds a random token whose hash stands here. Known browsers
 * have tries of their own, so that nobody can use up the owner's (OWASP device cookies).
 */
import type { Tx } from '../storage/schema.ts'
import { throttleLimits } from './limits.ts'

export interface KnownBrowser {
  readonly accountId: string
  readonly principalId: string
  readonly tokenHash: string
}

export type KnownBrowserTries = 'password_failures' | 'mfa_failures'

const triesMax = {
  password_failures: throttleLimits.knownBrowserPasswordTries,
  mfa_failures: throttleLimits.knownBrowserMfaTries,
} as const

/**
 * Makes the browser known with fresh tries, in place of `former`; the oldest ones beyond five are forgotten. At codes it has tries
 * of its own only when the sign-in was one with MFA: else who had the password before a device was there would be known.
 */
export async function rememberBrowser(
  tx: Tx,
  browser: KnownBrowser,
  { former, mfaUsed }: { readonly former: string | undefined; readonly mfaUsed: boolean },
  now: number,
): Promise<void> {
  const ofPrincipal = tx
    .selectFrom('known_browsers')
    .select('token_hash')
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .orderBy('created_at', 'desc')
    .orderBy('token_hash')
  if (former !== undefined) await forgetBrowser(tx, { ...browser, tokenHash: former })
  await tx
    .insertInto('known_browsers')
    .values({
      account_id: browser.accountId,
      principal_id: browser.principalId,
      token_hash: browser.tokenHash,
      created_at: now,
      password_failures: 0,
      mfa_failures: mfaUsed ? 0 : throttleLimits.knownBrowserMfaTries,
    })
    .execute()
  for (const { token_hash } of (await ofPrincipal.execute()).slice(throttleLimits.knownBrowsersMax)) {
    await forgetBrowser(tx, { ...browser, tokenHash: token_hash })
  }
}

/** Counts a try of a known browser. False: it is not known, or has used up its tries and is a stranger from now on. */
export async function reserveKnownBrowserTry(
  tx: Tx,
  browser: KnownBrowser,
  tries: KnownBrowserTries,
): Promise<boolean> {
  const rows = await tx
    .updateTable('known_browsers')
    .set((eb) => ({ [tries]: eb(tries, '+', 1) }))
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .where(tries, '<', triesMax[tries])
    .returning(tries)
    .execute()
  return rows.length === 1
}

export async function refundKnownBrowserTry(tx: Tx, browser: KnownBrowser, tries: KnownBrowserTries): Promise<void> {
  await tx
    .updateTable('known_browsers')
    .set((eb) => ({ [tries]: eb(tries, '-', 1) }))
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .where(tries, '>', 0)
    .execute()
}

export async function isKnownBrowser(tx: Tx, browser: KnownBrowser, tries: KnownBrowserTries): Promise<boolean> {
  const row = await tx
    .selectFrom('known_browsers')
    .select('token_hash')
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .where(tries, '<', triesMax[tries])
    .executeTakeFirst()
  return row !== undefined
}

async function forgetBrowser(tx: Tx, browser: KnownBrowser): Promise<void> {
  await tx
    .deleteFrom('known_browsers')
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .execute()
}
