import { removeAlias } from '../../accounts/account-store.ts'
import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { wholeAccount } from '../target.ts'

export const deleteAccountAlias: Handler<Tx, 'iam', 'DeleteAccountAlias'> = {
  target: wholeAccount,

  async handle(input, { caller, tx, refuse }) {
    if (!(await removeAlias(tx, caller.principal.accountId, input.AccountAlias)))
      refuse('NoSuchEntity', `The account alias ${input.AccountAlias} cannot be found.`)
  },
}
