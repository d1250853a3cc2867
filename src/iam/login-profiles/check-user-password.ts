import type { Account } from '../../accounts/account-store.ts'
import { type CheckPasswordResult, checkPassword } from '../../credentials/password/check-password.ts'

/**
 * AWS's default for IAM users, and the least that ASVS V6.2.1 takes. Root's is longer: a user's account has an administrator who can
 * take the password away, root has none above it.
 */
export const userPasswordCharactersMin = 8

/** Whether a user of this account may have this password; `alias` is the account's, if it has one. */
export function checkUserPassword(
  password: string,
  account: Pick<Account, 'accountId' | 'name' | 'email'>,
  alias: string | undefined,
  userName: string,
): CheckPasswordResult {
  const { accountId, name: accountName, email } = account
  const context = { accountName, email, userName, accountId, ...(alias === undefined ? {} : { accountAlias: alias }) }
  return checkPassword(password, context, userPasswordCharactersMin)
}
