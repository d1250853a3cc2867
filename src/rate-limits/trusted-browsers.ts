/**
 * A browser is known to a principal after a full sign-in: it holds a random token whose hash stands here. Trusted browsers
 * have attempts of their own, so that nobody can use up the owner's (OWASP device cookies).
 */
import type { Tx } from '../storage/schema.ts'
import { rateLimits } from './limits.ts'

export interface TrustedBrowser {
  readonly accountId: string
  readonly principalId: string
  readonly tokenHash: string
}

export type TrustedBrowserAttempts = 'password_failures' | 'mfa_failures'

const attemptsMax = {
  password_failures: rateLimits.trustedBrowserPasswordAttempts,
  mfa_failures: rateLimits.trustedBrowserMfaAttempts,
} as const

/**
 * Makes the browser known with fresh attempts, in place of `former`; the oldest ones beyond five are forgotten. At codes it has attempts
 * of its own only when the sign-in was one with MFA: else who had the password before a device was there would be known.
 */
export async function rememberBrowser(
  tx: Tx,
  browser: TrustedBrowser,
  { former, mfaUsed }: { readonly former: string | undefined; readonly mfaUsed: boolean },
  now: number,
): Promise<void> {
  const ofPrincipal = tx
    .selectFrom('trusted_browsers')
    .select('token_hash')
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .orderBy('created_at', 'desc')
    .orderBy('token_hash')
  if (former !== undefined) await forgetBrowser(tx, { ...browser, tokenHash: former })
  await tx
    .insertInto('trusted_browsers')
    .values({
      account_id: browser.accountId,
      principal_id: browser.principalId,
      token_hash: browser.tokenHash,
      created_at: now,
      password_failures: 0,
      mfa_failures: mfaUsed ? 0 : rateLimits.trustedBrowserMfaAttempts,
    })
    .execute()
  for (const { token_hash } of (await ofPrincipal.execute()).slice(rateLimits.trustedBrowsersMax)) {
    await forgetBrowser(tx, { ...browser, tokenHash: token_hash })
  }
}

/** Counts an attempt of a trusted browser. False: it is not known, or has used up its attempts and is a stranger from now on. */
export async function reserveTrustedBrowserAttempt(
  tx: Tx,
  browser: TrustedBrowser,
  attempts: TrustedBrowserAttempts,
): Promise<boolean> {
  const rows = await tx
    .updateTable('trusted_browsers')
    .set((eb) => ({ [attempts]: eb(attempts, '+', 1) }))
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .where(attempts, '<', attemptsMax[attempts])
    .returning(attempts)
    .execute()
  return rows.length === 1
}

export async function refundTrustedBrowserAttempt(
  tx: Tx,
  browser: TrustedBrowser,
  attempts: TrustedBrowserAttempts,
): Promise<void> {
  await tx
    .updateTable('trusted_browsers')
    .set((eb) => ({ [attempts]: eb(attempts, '-', 1) }))
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .where(attempts, '>', 0)
    .execute()
}

export async function isTrustedBrowser(
  tx: Tx,
  browser: TrustedBrowser,
  attempts: TrustedBrowserAttempts,
): Promise<boolean> {
  const row = await tx
    .selectFrom('trusted_browsers')
    .select('token_hash')
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .where(attempts, '<', attemptsMax[attempts])
    .executeTakeFirst()
  return row !== undefined
}

async function forgetBrowser(tx: Tx, browser: TrustedBrowser): Promise<void> {
  await tx
    .deleteFrom('trusted_browsers')
    .where('account_id', '=', browser.accountId)
    .where('principal_id', '=', browser.principalId)
    .where('token_hash', '=', browser.tokenHash)
    .execute()
}
