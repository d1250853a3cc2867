import { listAccounts } from '../accounts/account-store.ts'
import { openStoreOf, parseFlags } from './options.ts'
import { printRows } from './print-answer.ts'

export async function accountList(args: readonly string[]): Promise<number> {
  const flags = parseFlags('account list', args)
  const { storage, sealer } = await openStoreOf(flags, { mustExist: true })
  try {
    const accounts = await listAccounts(storage.reader, sealer)
    const rows = accounts.map(({ accountId, name, email, alias }) => ({
      AccountId: accountId,
      Name: name,
      Email: email,
      ...(alias !== undefined && { Alias: alias }),
    }))
    printRows(rows, flags.json)
    return 0
  } finally {
    await storage.close()
  }
}
