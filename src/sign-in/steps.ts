/**
 * The sign-in as a table: each step, the states that it may start from, and what it does. A step that is asked for in another
 * state changes nothing.
 */
import { iamUser } from './iam-user.ts'
import { mfa } from './mfa.ts'
import type { SignInParts } from './parts.ts'
import { password } from './password.ts'
import { signInExpired } from './refusals.ts'
import { rootEmail } from './root-email.ts'
import { startOver } from './start-over.ts'
import { findSignIn, type SignIn, type SignInState } from './state.ts'
import type { WebAnswer, WebRequest } from './web.ts'

export interface Step {
  readonly from: readonly SignInState['name'][]
  run(parts: SignInParts, request: WebRequest, signIn: SignIn): Promise<WebAnswer>
}

const everyState = ['identify', 'password', 'mfa'] as const

export const steps = {
  'root-email': { from: everyState, run: rootEmail },
  password: { from: ['password'], run: password },
  'iam-user': { from: ['identify', 'password'], run: iamUser },
  mfa: { from: ['mfa'], run: mfa },
  'start-over': { from: everyState, run: startOver },
} as const satisfies Record<string, Step>

export async function runStep(step: Step, parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const signIn = await findSignIn(parts.storage.reader, request, parts.clock.now())
  if (!step.from.includes(signIn.state.name)) throw signInExpired()
  return step.run(parts, request, signIn)
}
