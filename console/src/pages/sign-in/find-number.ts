import { sha256 } from '@noble/hashes/sha2.js'

/**
 * The proof of work that the server asks for: a number of the upper half of those below `numbers`, for which SHA-256 of `salt:number` is
 * `target`.
 */
export interface Challenge {
  readonly token: string
  readonly numbers: number
  readonly salt: string
  readonly target: string
}

const encoder = new TextEncoder()

/** Undefined: no number is the one, so the challenge was not the server's. */
export function findNumber({ numbers, salt, target }: Challenge): number | undefined {
  const wanted = Uint8Array.from(target.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  for (let number = Math.floor(numbers / 2); number < numbers; number += 1) {
    const hash = sha256(encoder.encode(`${salt}:${number}`))
    if (hash[0] === wanted[0] && hash.every((byte, index) => byte === wanted[index])) return number
  }
  return undefined
}

/** What the next request carries. */
export const toProof = ({ token }: Challenge, number: number): string => `${token}:${number}`
