import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 in base64url: how random tokens are kept. Enough for 256-bit tokens; never for passwords. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Compares without telling by time where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}
