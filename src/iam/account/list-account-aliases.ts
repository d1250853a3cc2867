import { findAlias } from '../../accounts/account-store.ts'
import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { pageOf } from '../paging.ts'
import { wholeAccount } from '../target.ts'

/** There is one at the most (aws-behaviour: §1.13). */
export const listAccountAliases: Handler<Tx, 'iam', 'ListAccountAliases'> = {
  target: wholeAccount,

  async handle(input, { caller, tx, refuse }) {
    const alias = await findAlias(tx, caller.principal.accountId)
    const aliases = alias === undefined ? [] : [alias]
    const { rows, ...paging } = await pageOf(input, refuse, aliases, (text) => text)
    return { AccountAliases: rows, ...paging }
  },
}
