/** The set-up page: the first account, by the one-time link that `serve` printed. */
import { createAccount, type FormFaults } from '../accounts/create-account.ts'
import { isSetupLinkOpen, redeemSetupLink } from '../accounts/setup-link.ts'
import { checkPassword } from '../credentials/password/check-password.ts'
import type { SignInParts } from './parts.ts'
import { getText, type WebAnswer, WebRefusal, type WebRequest } from './web.ts'

const textLengthMax = 512

const linkInvalid = () =>
  new WebRefusal(
    403,
    'SetupLinkInvalid',
    'This set-up link cannot be used',
    'It was used already, has expired, or an account exists. Restart the server to get a new link while no account exists, or sign in.',
  )

export async function setUp(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const { body } = request
  const token = getText(body, 'token', textLengthMax)
  const form = {
    name: getText(body, 'accountName', textLengthMax).trim(),
    email: getText(body, 'email', textLengthMax).trim(),
    phone: getText(body, 'phone', textLengthMax).trim(),
    password: getText(body, 'password', textLengthMax),
  }
  // Asked before the password is hashed: who has no link costs the server nothing.
  if (!(await isSetupLinkOpen(parts.storage.reader, token, parts.clock.now()))) throw linkInvalid()
  const created = await createAccount(parts, form, parts.clock.now(), async (tx) => {
    if (!(await redeemSetupLink(tx, token, parts.clock.now()))) throw linkInvalid()
  })
  if (created.created) return { status: 201, body: { accountId: created.accountId } }
  throw new WebRefusal(
    400,
    'ValidationError',
    'Check the form',
    'Some fields need a change before the account can be created.',
    {
      details: { fields: toFieldNames(created.faults) },
    },
  )
}

/** Tells while the form is filled in whether a password would be taken. */
export async function checkSetUpPassword(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const { body } = request
  const token = getText(body, 'token', textLengthMax)
  if (!(await isSetupLinkOpen(parts.storage.reader, token, parts.clock.now()))) throw linkInvalid()
  const context = {
    accountName: getText(body, 'accountName', textLengthMax),
    email: getText(body, 'email', textLengthMax),
  }
  const checked = checkPassword(getText(body, 'password', textLengthMax), context)
  return { status: 200, body: checked.ok ? { acceptable: true } : { acceptable: false, reason: checked.reason } }
}

const toFieldNames = ({ name, ...others }: FormFaults) => ({
  ...others,
  ...(name === undefined ? {} : { accountName: name }),
})
