import { findAlias } from '../../accounts/account-store.ts'
import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'

export const listAccountAliases: Handler<Tx, 'iam', 'ListAccountAliases'> = {
  resource: () => '*',

  async handle(_input, { caller, tx }) {
    const alias = await findAlias(tx, caller.principal.accountId)
    return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false }
  },
}
