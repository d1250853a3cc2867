/** Why two codes were not taken, in words for the person at the console. API callers get AWS's sentence alone. */
import type { VerifyConsecutiveCodesResult } from '../../credentials/totp/verify-consecutive-codes.ts'

type Refused = Extract<VerifyConsecutiveCodesResult, { ok: false }>

export const invalidCodesMessage = 'Authentication code for device is not valid.'

export function codesRefusalMessage(refused: Refused, fromConsole: boolean): string {
  return fromConsole ? `${invalidCodesMessage} ${explain(refused)}` : invalidCodesMessage
}

function explain(refused: Refused): string {
  switch (refused.reason) {
    case 'malformed':
      return 'Each code is six digits, 0 to 9.'
    case 'same-code':
      return 'The two codes are the same: wait until the app shows the next one.'
    case 'not-consecutive':
      return 'The two codes do not follow one another: enter one, wait for the very next, and enter that.'
    case 'reversed':
      return 'The two codes are in reverse order: MFA code 1 is the older one.'
    case 'already-used':
      return 'These codes were used before: wait for two new ones.'
    case 'clock-off':
      return `The clock of the device is ${describeOffset(refused.offBySeconds)}: set the time of the device to automatic, then enter two new codes.`
    case 'wrong':
      return 'They are not codes of this device: check that the app shows the entry of this QR code, then enter two consecutive codes.'
    default:
      return refused satisfies never
  }
}

function describeOffset(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60)
  const length = minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${minutes} minutes`
  return `about ${length} ${seconds > 0 ? 'ahead' : 'behind'}`
}
