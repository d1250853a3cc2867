import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'

/** An account has one alias: a new one replaces it. Aliases are unique among all accounts. */
export const createAccountAlias: Handler<Tx, 'iam', 'CreateAccountAlias'> = {
  resource: () => '*',

  async handle(input, { caller, tx, now, refuse }) {
    const { accountId } = caller.principal
    // Twelve digits would read as an account id on the sign-in page.
    if (/^[0-9]{12}$/.test(input.AccountAlias)) {
      refuse(
        'ValidationError',
        `Value '${input.AccountAlias}' at 'accountAlias' failed to satisfy constraint: Member must not be an account id`,
      )
    }
    await tx.deleteFrom('account_aliases').where('account_id', '=', accountId).execute()
    const rows = await tx
      .insertInto('account_aliases')
      .values({ account_id: accountId, alias: input.AccountAlias, created_at: now })
      .onConflict((conflict) => conflict.column('alias').doNothing())
      .returning('alias')
      .execute()
    if (rows.length === 0) refuse('EntityAlreadyExists', `The account alias ${input.AccountAlias} already exists.`)
  },
}
