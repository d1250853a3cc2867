// The steps of signing in, as the server names them. The server decides which one is next; the page only draws it.

import { isRecord, type Refusal } from '../../http/refusal.ts'

export type MfaStep = {
  name: 'mfa'
  accountId?: string
  mode: 'single' | 'two-codes' | 'closed'
  devices: { serial: string; name: string; type: 'virtual' }[]
  retryAfterSeconds: number
}

export type GoTo = (step: SignInStep, because?: Refusal) => void

export type SignInStep =
  | { name: 'identify' }
  | { name: 'password'; email: string }
  | MfaStep
  | { name: 'signed-in'; location: string }

export type SignInState = {
  accountExists: boolean
  publicHost: string
  step: SignInStep
}

export type StepAnswer = { step: SignInStep }

/** The step that a refusal leads to: the sign-in has expired, or codes are asked for in another way. */
export function findStep(refusal: Refusal): SignInStep | undefined {
  const step = refusal.body['step']
  return isRecord(step) && typeof step['name'] === 'string' ? (step as unknown as SignInStep) : undefined
}
