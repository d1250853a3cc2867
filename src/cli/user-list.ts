import { findAccount } from '../accounts/account-store.ts'
import { OperatorError } from '../core/errors.ts'
import { quotas } from '../iam/limits.ts'
import { usersAfter } from '../iam/users/user-store.ts'
import { openStoreOf, parseAccountFlag, parseFlags } from './options.ts'
import { printRows } from './print-answer.ts'

export async function userList(args: readonly string[]): Promise<number> {
  const flags = parseFlags('user list', args)
  const accountId = parseAccountFlag(flags.account)
  const { storage, sealer } = await openStoreOf(flags, { mustExist: true })
  try {
    if ((await findAccount(storage.reader, sealer, accountId)) === undefined)
      throw new OperatorError(`there is no account ${accountId}`)
    const users = await usersAfter(storage.reader, accountId, '/', '', quotas.usersPerAccount)
    const rows = users.map(({ principal, passwordHash, createdAt }) => ({
      UserName: principal.userName,
      UserId: principal.id,
      Arn: principal.arn,
      CreateDate: new Date(createdAt).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      Kind: principal.administrator ? 'administrator' : 'user',
      Password: passwordHash === null ? 'no password' : 'password',
    }))
    printRows(rows, flags.json)
    return 0
  } finally {
    await storage.close()
  }
}
