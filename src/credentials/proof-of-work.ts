/**
 * Proof of work: a calculation that the browser must do before its request is looked at. The browser looks for a number that gives a
 * known hash; the numbers to search are the price, a price in computing and not in time.
 *
 * The server keeps nothing of a challenge: it carries its own price and end, and a code over them that also binds the purpose. What has
 * been solved must be spent by the caller, once, until `expiresAt`.
 */
import { createHash, createHmac } from 'node:crypto'
import { sameText } from '../core/hash.ts'
import type { Random } from '../core/random.ts'
import type { Sealer } from './seal.ts'

/** What the browser gets: the number sought is from the upper half of those below `numbers`; SHA-256 of `salt:number` is `target` (hexadecimal). */
export interface Challenge {
  readonly token: string
  readonly numbers: number
  readonly salt: string
  readonly target: string
}

export interface SolvedProof {
  /** The price that was paid: numbers to search. */
  readonly numbers: number
  /** Names this proof among all: what is spent. */
  readonly id: string
  readonly expiresAt: number
}

/** Long enough for a slow phone to work, short enough that nobody keeps many in store. */
export const proofMs = 2 * 60 * 1000

const saltBytes = 16

/** `purpose` says what the proof will be good for: it is not told, and a proof for another purpose is none. */
export function setChallenge(
  sealer: Sealer,
  random: Random,
  { numbers, purpose }: { readonly numbers: number; readonly purpose: string },
  now: number,
): Challenge {
  const half = Math.floor(numbers / 2)
  // The upper half: nobody is lucky at once.
  const sought = half + (random.bytes(4).readUInt32BE() % (numbers - half))
  const salt = random.bytes(saltBytes).toString('hex')
  const target = hashOf(salt, sought)
  const facts = [numbers, now + proofMs, salt, target].join('.')
  return { token: `${facts}.${codeOf(sealer, facts, purpose)}`, numbers, salt, target }
}

/** What the browser sends: the challenge's token, a colon, and the number. Undefined: it solves no challenge for this purpose. */
export function findSolvedProof(sealer: Sealer, proof: string, purpose: string, now: number): SolvedProof | undefined {
  const parts = /^((\d{1,10})\.(\d{1,15})\.([0-9a-f]{32})\.([0-9a-f]{64}))\.([\w-]{43}):(\d{1,10})$/.exec(proof)
  if (parts === null) return undefined
  const [, facts = '', numbers, expires, salt = '', target = '', code = '', sought] = parts
  if (!sameText(code, codeOf(sealer, facts, purpose))) return undefined
  const expiresAt = Number(expires)
  // An end further off than any can be was set before the clock was set back.
  if (now >= expiresAt || expiresAt > now + proofMs) return undefined
  if (hashOf(salt, Number(sought)) !== target) return undefined
  return { numbers: Number(numbers), id: createHash('sha256').update(facts).digest('base64url'), expiresAt }
}

const codeOf = (sealer: Sealer, facts: string, purpose: string): string =>
  createHmac('sha256', sealer.subkey('proof-of-work')).update(`${facts} ${purpose}`).digest('base64url')

const hashOf = (salt: string, number: number): string => createHash('sha256').update(`${salt}:${number}`).digest('hex')
