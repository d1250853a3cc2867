// The 30-second steps of RFC 6238 §4.1 as a person lives them: how long the code on the phone still holds, and what to type
// next when two consecutive codes are wanted.

export const stepMs = 30_000 // RFC 6238 §5.2: the default time step, and the only one AWS uses

export const toTimeStep = (nowMs: number): number => Math.floor(nowMs / stepMs)

/** Whole seconds until the next code, from 30 down to 1. */
export const toSecondsLeft = (nowMs: number): number => Math.ceil((stepMs - (nowMs % stepMs)) / 1000)

export const isCode = (text: string): boolean => /^[0-9]{6}$/.test(text)

/** Digits only: a code pasted as `123 456` is taken as meant. Full-width digits are left for the person to see. */
export const toCodeInput = (text: string): string => text.replace(/[\s-]/g, '').slice(0, 6)

export type CodePrompt =
  | { name: 'enter-first' }
  | { name: 'wait-for-next'; secondsLeft: number }
  | { name: 'enter-second' }
  | { name: 'start-over' } // the second code would no longer follow the first
  | { name: 'complete' }

export type CodeEntry = {
  first: string
  second: string
  firstTimeStep: number | undefined // the step in which the first code was completed
}

export function toCodePrompt(entry: CodeEntry, nowMs: number): CodePrompt {
  if (!isCode(entry.first) || entry.firstTimeStep === undefined) return { name: 'enter-first' }
  if (isCode(entry.second)) return { name: 'complete' }
  const stepsSince = toTimeStep(nowMs) - entry.firstTimeStep
  if (stepsSince < 1) return { name: 'wait-for-next', secondsLeft: toSecondsLeft(nowMs) }
  return stepsSince === 1 ? { name: 'enter-second' } : { name: 'start-over' }
}
