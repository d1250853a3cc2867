/** Creates an AWS account with its root user: the set-up page and the command line do it by this one function. */
import { type AccountId, newAccountId } from '../core/account-id.ts'
import type { Random } from '../core/random.ts'
import { checkPassword } from '../credentials/password/check-password.ts'
import { hashPassword, hashQueue, ownSource } from '../credentials/password/hash-password.ts'
import type { Sealer } from '../credentials/seal.ts'
import type { Tx } from '../storage/schema.ts'
import type { Storage } from '../storage/storage.ts'
import { insertAccount } from './account-store.ts'

export interface AccountForm {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly password: string
}

export type AccountField = keyof AccountForm
export type FormFaults = { readonly [field in AccountField]?: string }

/** What is wrong with the form, field by field, in words for the person who fills it in; undefined: nothing. */
export function checkAccountForm(form: AccountForm): FormFaults | undefined {
  const password = checkPassword(form.password, { accountName: form.name, email: form.email })
  const faults: { [field in AccountField]?: string } = {
    ...(isAccountName(form.name) ? {} : { name: 'Enter an account name of 1 to 50 characters.' }),
    ...(isEmail(form.email)
      ? {}
      : { email: 'Enter an email address, such as root@example.com, of 6 to 64 characters.' }),
    ...(isPhone(form.phone) ? {} : { phone: 'Enter a phone number of 5 to 20 digits, with or without a leading +.' }),
    ...(password.ok ? {} : { password: password.reason }),
  }
  return Object.keys(faults).length > 0 ? faults : undefined
}

/** account:PutAccountName: 1–50 printable characters (aws-behaviour: §5.8). */
const isAccountName = (name: string): boolean =>
  /^[\x20-\x7E\u00A0-\uD7FF\uE000-\uFFFD]{1,50}$/.test(name) && name.trim() === name && name !== ''

/** Organizations' Email: 6–64 characters; no control characters, one @, a domain. */
const isEmail = (email: string): boolean =>
  /^[^\s@<>"'\\(),:;[\]\p{C}]+@[^\s@<>"'\\(),:;[\]\p{C}]+\.[^\s@<>"'\\(),:;[\]\p{C}]+$/u.test(email) &&
  email.length >= 6 &&
  email.length <= 64

const isPhone = (phone: string): boolean =>
  /^\+?[0-9][0-9 ().-]{3,30}$/.test(phone) && /^.{5,20}$/.test(phone.replace(/[^0-9]/g, ''))

export type CreatedAccount =
  | { readonly created: true; readonly accountId: AccountId }
  | { readonly created: false; readonly faults: FormFaults }

/**
 * `within` runs in the transaction that inserts the account, before it: set-up consumes its link there, and by throwing
 * keeps the account from being made.
 */
export async function createAccount(
  parts: { storage: Storage; sealer: Sealer; random: Random },
  form: AccountForm,
  now: number,
  within: (tx: Tx) => Promise<void> = async () => {},
): Promise<CreatedAccount> {
  const faults = checkAccountForm(form)
  if (faults !== undefined) return { created: false, faults }
  // Who creates an account has shown the set-up link, or is the operator.
  const source = ownSource('account creation')
  const passwordHash = await hashQueue.run(source, (place) => hashPassword(place, form.password))
  const accountId = newAccountId(parts.random)
  return parts.storage.transaction(async (tx) => {
    await within(tx)
    const { name, email, phone } = form
    const outcome = await insertAccount(tx, parts.sealer, { accountId, name, email, phone, passwordHash }, now)
    if (outcome === 'email-taken')
      return { created: false, faults: { email: 'An account with this email address exists already.' } }
    return { created: true, accountId }
  })
}
