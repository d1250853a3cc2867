import type { SignInParts } from './parts.ts'
import { consumeSignIn, forgetSignIn, type SignIn } from './state.ts'
import type { WebAnswer, WebRequest } from './web.ts'

/** `Sign in to a different account`. */
export async function startOver(parts: SignInParts, _request: WebRequest, signIn: SignIn): Promise<WebAnswer> {
  await consumeSignIn(parts.storage.reader, signIn)
  return { status: 200, body: { step: { name: 'identify' } }, cookies: [forgetSignIn] }
}
