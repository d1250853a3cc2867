import { randomBytes } from 'node:crypto'

/** Where randomness comes from: the one source of every secret and identifier. */
export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Buffer
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) }

/** 256 bit, base64url, 43 characters: for tokens that must not be guessed. */
export function randomToken(random: Random): string {
  return random.bytes(32).toString('base64url')
}

/** A version 4 UUID (RFC 9562 §5.4), as AWS uses for request and event ids. */
export function randomUuid(random: Random): string {
  const bytes = random.bytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const uuidsPerDraw = 256

/**
 * UUIDs for requests and events, drawn many at a time: they are no secrets, and asking the system for each costs more than
 * verifying a signature.
 */
export function createUuids(random: Random): () => string {
  let drawn: Buffer = Buffer.alloc(0)
  let used = 0
  const pooled: Random = {
    bytes(length) {
      if (used + length > drawn.length) {
        drawn = random.bytes(uuidsPerDraw * length)
        used = 0
      }
      used += length
      return drawn.subarray(used - length, used)
    },
  }
  return () => randomUuid(pooled)
}
