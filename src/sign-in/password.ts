import { emailIndexOf, findAccountByEmail } from '../accounts/account-store.ts'
import { nobody } from '../core/account-id.ts'
import { rootRecord } from '../iam/principals/find-principal.ts'
import { checkPasswordStep } from './check-password-step.ts'
import type { SignInParts } from './parts.ts'
import { signInExpired } from './refusals.ts'
import { emailLengthMax } from './root-email.ts'
import type { SignIn } from './state.ts'
import { findText, type WebAnswer, type WebRequest } from './web.ts'

/** Root's password, after its email. */
export async function password(parts: SignInParts, request: WebRequest, signIn: SignIn): Promise<WebAnswer> {
  if (signIn.state.name !== 'password') throw signInExpired()
  const { email } = signIn.state
  // What the page shows: another tab of this browser may have begun another sign-in meanwhile.
  const shown = findText(request.body, 'email', emailLengthMax)
  if (shown !== undefined && shown !== email) throw signInExpired()
  const account = await findAccountByEmail(parts.storage.reader, parts.sealer, email)
  const accountId = account?.accountId ?? nobody
  const record = account && rootRecord(account)
  // An address that is nobody's is counted by its index: one counter for all its spellings.
  const subject = { accountId, subject: account?.accountId ?? emailIndexOf(parts.sealer, email) }
  return checkPasswordStep(parts, request, signIn, {
    record,
    subject,
    accountId,
    asRoot: true,
  })
}
