// The steps of signing in, as the server names them. The server decides which one is next; the page only draws it.

export type MfaStep = {
  name: 'mfa'
  accountId?: string
  mode: 'single' | 'two-codes' | 'closed'
  devices: { serial: string; name: string; type: 'virtual' }[]
  retryAfterSeconds: number
}

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
