import type { SignInParts } from './parts.ts'
import { signInExpired } from './refusals.ts'
import { replaceSignIn, type SignIn } from './state.ts'
import { getText, type WebAnswer, WebRefusal, type WebRequest } from './web.ts'

export const emailLengthMax = 254 // RFC 5321 §4.5.3.1.3

/** `Root user email address` → `Next`. Says the same for every address; nothing is looked up. */
export async function rootEmail(parts: SignInParts, request: WebRequest, signIn: SignIn): Promise<WebAnswer> {
  const email = getText(request.body, 'email', emailLengthMax).trim()
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new WebRefusal(
      400,
      'ValidationError',
      'Invalid email address',
      'Enter the email address of the root user, such as root@example.com.',
    )
  }
  const state = { name: 'password', email } as const
  const cookie = await parts.storage.transaction((tx) =>
    replaceSignIn(tx, parts.random, signIn, state, parts.clock.now()),
  )
  if (cookie === false) throw signInExpired()
  return { status: 200, body: { step: state }, cookies: [cookie] }
}
