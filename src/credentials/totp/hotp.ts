/**
 * RFC 4226 (HOTP) over the platform's hash functions.
 *
 * HMAC (RFC 2104) is written out over `crypto.hash`, because verification asks for several codes of one seed: the two
 * padded keys are laid down once, and each code is then two one-shot hashes. `createHmac` builds and drops an object for
 * each code and takes more than twice the time.
 */
import { hash } from 'node:crypto'

export type HotpAlgorithm = 'sha1' | 'sha256' | 'sha512'
export type HotpDigits = 6 | 7 | 8

export interface HotpOptions {
  /** `sha1` unless told: the only one that AWS's QR codes mean and that every authenticator app has. */
  readonly algorithm?: HotpAlgorithm
  /** 6 unless told. */
  readonly digits?: HotpDigits
}

// FIPS 180-4 figure 1; RFC 2104 §2 calls it B.
const blockBytes = { sha1: 64, sha256: 64, sha512: 128 } as const
const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const
const modulus = { 6: 1_000_000, 7: 10_000_000, 8: 100_000_000 } as const

/** Gives the code of a counter as an integer. */
export type CodeOfCounter = (counter: number) => number

/**
 * Prepares a seed for several codes. The counter is an integer from 0 to 2^53 − 1 (RFC 4226 §5.1 counts in 64 bits); anything
 * else throws a `RangeError`.
 */
export function prepareHotp(seed: Uint8Array, { algorithm = 'sha1', digits = 6 }: HotpOptions = {}): CodeOfCounter {
  const block = blockBytes[algorithm]
  const key = seed.length > block ? Buffer.from(hash(algorithm, seed, 'hex'), 'hex') : seed
  // RFC 2104 §2: H(K xor opad, H(K xor ipad, text)); the text is the counter.
  const inner = Buffer.alloc(block + 8, 0x36)
  const outer = Buffer.alloc(block + digestBytes[algorithm], 0x5c)
  key.forEach((byte, index) => {
    inner[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  })
  const modulo = modulus[digits]

  return (counter) => {
    if (!Number.isSafeInteger(counter) || counter < 0) {
      throw new RangeError(`got counter ${counter}, expected an integer from 0 to 2^53 - 1`)
    }
    inner.writeUInt32BE(Math.floor(counter / 2 ** 32), block)
    inner.writeUInt32BE(counter >>> 0, block + 4)
    // `binary` is one character for each byte: the cheapest form in which the platform hands out a digest.
    outer.write(hash(algorithm, inner, 'binary'), block, 'latin1')
    return truncate(hash(algorithm, outer, 'binary')) % modulo
  }
}

/** RFC 4226 §5.3: four bytes from where the last four bits point, without the sign bit. */
function truncate(digest: string): number {
  const offset = digest.charCodeAt(digest.length - 1) & 0x0f
  return (
    ((digest.charCodeAt(offset) & 0x7f) << 24) |
    (digest.charCodeAt(offset + 1) << 16) |
    (digest.charCodeAt(offset + 2) << 8) |
    digest.charCodeAt(offset + 3)
  )
}

/**
 * The one-time password of RFC 4226 for a counter, with its leading zeros.
 *
 * @example hotp(Buffer.from('12345678901234567890'), 0) // '755224', RFC 4226 appendix D
 */
export function hotp(seed: Uint8Array, counter: number, options: HotpOptions = {}): string {
  return prepareHotp(
    seed,
    options,
  )(counter)
    .toString()
    .padStart(options.digits ?? 6, '0')
}
