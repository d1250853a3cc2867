import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'

export const deleteAccountAlias: Handler<Tx, 'iam', 'DeleteAccountAlias'> = {
  resource: () => '*',

  async handle(input, { caller, tx, refuse }) {
    const rows = await tx
      .deleteFrom('account_aliases')
      .where('account_id', '=', caller.principal.accountId)
      .where('alias', '=', input.AccountAlias)
      .returning('alias')
      .execute()
    if (rows.length === 0) refuse('NoSuchEntity', `The account alias ${input.AccountAlias} cannot be found.`)
  },
}
