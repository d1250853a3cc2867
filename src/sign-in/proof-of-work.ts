/** Proof of work for guessing programs: a calculation that the browser must do before the next password is looked at. */
import type { Challenge } from 'altcha-lib/types'
import type { Random } from '../core/random.ts'
import type { Sealer } from '../credentials/seal.ts'

/** One hash a number: the numbers to search are the cost. */
const algorithm = { algorithm: 'SHA-256', cost: 1 } as const

/** What the server remembers: this challenge, and no other, is good for the next try, once. */
export interface ChallengeMark {
  readonly signature: string
  /** What it cost: numbers to search. */
  readonly numbers: number
}

export interface SetChallenge {
  /** What the browser gets. */
  readonly challenge: Challenge
  readonly mark: ChallengeMark
}

export async function setChallenge(sealer: Sealer, random: Random, numbersMax: number): Promise<SetChallenge> {
  const [{ createChallenge }, { deriveKey }] = await load()
  const challenge = await createChallenge({
    ...algorithm,
    // The upper half: nobody is lucky at once.
    counter: Math.floor(numbersMax / 2) + (random.bytes(4).readUInt32BE() % Math.floor(numbersMax / 2)),
    deriveKey,
    ...secretsOf(sealer),
  })
  return { challenge, mark: { signature: challenge.signature ?? '', numbers: numbersMax } }
}

/** Whether `payload` solves the challenge that was set, and not another one. */
export async function isSolved(sealer: Sealer, payload: string, mark: ChallengeMark): Promise<boolean> {
  const parsed = parsePayload(payload)
  if (parsed === undefined || mark.signature === '' || parsed.challenge.signature !== mark.signature) return false
  const [{ verifySolution }, { deriveKey }] = await load()
  try {
    return (await verifySolution({ ...parsed, deriveKey, ...secretsOf(sealer) })).verified
  } catch {
    // The library throws for parameters that nobody was given: no solution.
    return false
  }
}

/** Loaded when the first proof is asked for: a start does not wait for it. */
const load = () => Promise.all([import('altcha-lib'), import('altcha-lib/algorithms/sha')])

const secretsOf = (sealer: Sealer) => ({
  hmacSignatureSecret: sealer.subkey('proof-of-work').toString('hex'),
  hmacKeySignatureSecret: sealer.subkey('proof-of-work key').toString('hex'),
})

interface Payload {
  challenge: Challenge
  solution: { counter: number; derivedKey: string }
}

function parsePayload(payload: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64').toString())
    return isPayload(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isPayload = (value: unknown): value is Payload =>
  isObject(value) &&
  isObject(value['challenge']) &&
  isObject(value['challenge']['parameters']) &&
  isObject(value['solution']) &&
  Number.isInteger(value['solution']['counter']) &&
  typeof value['solution']['derivedKey'] === 'string'
