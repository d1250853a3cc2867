import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/sha'
import type { Challenge } from 'altcha-lib/types'
import type { ClientAnswer } from '../support/http-client.ts'

export const challengeOf = (answer: ClientAnswer): Challenge => answer.json<{ challenge: Challenge }>().challenge

/** What the page's worker does with a challenge: altcha's payload, and the number that it found. */
export async function solveProof(
  challenge: Challenge,
): Promise<{ readonly payload: string; readonly counter: number }> {
  const solution = await solveChallenge({ challenge, deriveKey })
  if (solution === null) throw new Error('the challenge was not solved')
  return { payload: toPayload({ challenge, solution }), counter: solution.counter }
}

export const toPayload = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')
