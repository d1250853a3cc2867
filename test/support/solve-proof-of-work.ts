import { createHash } from 'node:crypto'
import type { Challenge } from '../../src/credentials/proof-of-work.ts'

/** What the page's worker does with a challenge: the proof for the next request, and the number that it found. */
export function solveChallenge({ token, numbers, salt, target }: Challenge): {
  readonly proof: string
  readonly number: number
} {
  for (let number = Math.floor(numbers / 2); number < numbers; number++) {
    if (createHash('sha256').update(`${salt}:${number}`).digest('hex') === target)
      return { proof: `${token}:${number}`, number }
  }
  throw new Error('the challenge has no solution')
}
