import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { lockPrincipal, rootPrincipal } from '../principals/find-principal.ts'

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
    // Of two at once the later one replaces the earlier one's.
    await lockPrincipal(tx, rootPrincipal(accountId))
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
