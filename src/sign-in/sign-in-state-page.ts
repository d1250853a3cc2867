import { anyAccountExists } from '../accounts/account-store.ts'
import { mfaView } from './mfa-view.ts'
import type { SignInParts } from './parts.ts'
import { findSignIn, type SignInState } from './state.ts'
import type { WebAnswer, WebRequest } from './web.ts'

/** Where a half-done sign-in stands: what the page asks when it is opened or reloaded. Changes nothing. */
export async function signInStatePage(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const { reader } = parts.storage
  const { state } = await findSignIn(reader, request, parts.clock.now())
  return {
    status: 200,
    body: {
      accountExists: await anyAccountExists(reader),
      publicHost: request.host,
      step: await toStep(parts, request, state),
    },
  }
}

async function toStep(parts: SignInParts, request: WebRequest, state: SignInState): Promise<object> {
  switch (state.name) {
    case 'identify':
      return { name: 'identify' }
    case 'password':
      return { name: 'password', email: state.email }
    case 'mfa':
      return mfaView(parts.storage.reader, parts, request, state)
    default:
      return state satisfies never
  }
}
