import { checkAccountForm, createAccount, type FormFaults } from '../accounts/create-account.ts'
import { systemClock } from '../core/clock.ts'
import { OperatorError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import { openStoreOf, parseFlags } from './options.ts'
import { readPassword } from './read-password.ts'

export async function accountCreate(args: readonly string[]): Promise<number> {
  const flags = parseFlags('account create', args)
  const { name, email, phone } = flags
  const form = { name, email, phone, password: await readPassword() }
  // Before the store is opened: a form that is refused makes none.
  const faults = checkAccountForm(form)
  if (faults !== undefined) throw refused(faults)

  const store = await openStoreOf(flags)
  try {
    const created = await createAccount({ ...store, random: systemRandom }, form, systemClock.now())
    if (!created.created) throw refused(created.faults)
    process.stdout.write(
      flags.json === true ? `${JSON.stringify({ AccountId: created.accountId })}\n` : `${created.accountId}\n`,
    )
    return 0
  } finally {
    await store.storage.close()
  }
}

const refused = (faults: FormFaults) => new OperatorError(Object.values(faults).join(' '))
