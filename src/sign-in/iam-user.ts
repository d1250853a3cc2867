import { createHmac } from 'node:crypto'
import { findAccountIdByName } from '../accounts/account-store.ts'
import { nobody } from '../core/account-id.ts'
import { findUserByName } from '../iam/principals/find-principal.ts'
import { checkPasswordStep } from './check-password-step.ts'
import type { SignInParts } from './parts.ts'
import type { SignIn } from './state.ts'
import { getText, type WebAnswer, type WebRequest } from './web.ts'

const accountLengthMax = 63 // an alias
const userNameLengthMax = 64

/** The IAM user's form: account id or alias, user name and password in one. Wrong ones are all answered alike. */
export async function iamUser(parts: SignInParts, request: WebRequest, signIn: SignIn): Promise<WebAnswer> {
  const account = getText(request.body, 'account', accountLengthMax).trim().toLowerCase()
  const userName = getText(request.body, 'userName', userNameLengthMax).trim()
  const { reader } = parts.storage
  const accountId = await findAccountIdByName(reader, account)
  const record = await findUserByName(reader, accountId ?? nobody, userName)
  // Account id and alias, and all spellings of a name, have one counter.
  const typed = createHmac('sha256', parts.sealer.subkey('typed-name'))
    .update(`${accountId ?? account} ${userName.toLowerCase()}`)
    .digest('base64url')
  return checkPasswordStep(parts, request, signIn, {
    record,
    subject: { accountId: accountId ?? nobody, subject: record?.principal.id ?? typed },
    accountId: accountId ?? nobody,
    asRoot: false,
  })
}
