import { replaceAlias } from '../../accounts/account-store.ts'
import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { lockAccount } from '../principals/find-principal.ts'
import { wholeAccount } from '../target.ts'

/** An account has one alias: a new one replaces it. Aliases are unique among all accounts. */
export const createAccountAlias: Handler<Tx, 'iam', 'CreateAccountAlias'> = {
  target: wholeAccount,

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
    await lockAccount(tx, accountId)
    if (!(await replaceAlias(tx, accountId, input.AccountAlias, now)))
      refuse('EntityAlreadyExists', `The account alias ${input.AccountAlias} already exists.`)
  },
}
