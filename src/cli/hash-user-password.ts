import { findAccount, findAlias } from '../accounts/account-store.ts'
import type { AccountId } from '../core/account-id.ts'
import { OperatorError } from '../core/errors.ts'
import { hashPassword, hashQueue, ownSource, type PasswordHash } from '../credentials/password/hash-password.ts'
import { checkUserPassword } from '../iam/login-profiles/check-user-password.ts'
import type { Store } from '../open-store.ts'

/** Refuses what a user of this account may not have as its password. Hashed outside of any transaction: nobody waits for it. */
export async function hashUserPassword(
  { storage, sealer }: Store,
  accountId: AccountId,
  userName: string,
  password: string,
): Promise<PasswordHash> {
  const account = await findAccount(storage.reader, sealer, accountId)
  if (account === undefined) throw new OperatorError(`there is no account ${accountId}`)
  const checked = checkUserPassword(password, account, await findAlias(storage.reader, accountId), userName)
  if (!checked.ok) throw new OperatorError(checked.reason)
  return hashQueue.run(ownSource(`user ${userName}`), (place) => hashPassword(place, password))
}
