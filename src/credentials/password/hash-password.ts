/**
 * Password hashes: Argon2id at OWASP's current advice (ASVS V11.4.2), as PHC strings. A password is taken as received: no trim,
 * no Unicode normalisation, no cut at 72 bytes (V6.2.8).
 *
 * One hash takes about 20 ms of a core and 19 MiB, on the threads that also read files. So all hashes of the process pass
 * one queue, whoever asks for them: a hash is computed only for who shows a place of it.
 */
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2'
import { type Random, systemRandom } from '../../core/random.ts'
import { createFairQueue, type Place } from './fair-queue.ts'
import type { Source } from './open-lane.ts'

/** A PHC string of Argon2id. */
export type PasswordHash = string & { readonly brand: 'PasswordHash' }

export const argon2Parameters = {
  algorithm: 2, // Argon2id
  version: 1, // 0x13
  memoryCost: 19_456, // KiB
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const
const saltBytes = 16 // RFC 9106 §3.1

/**
 * One: on two cores a second one takes the event loop's core, and its delay under load grows from 27 to 84 ms (p99, bench/sign-in-load.ts)
 * for no more sign-ins in the end. 60 a second are enough for a door; more take another server.
 */
export const hashesAtOnceMax = 1

/** In the open lane. At 40 hashes a second on a busy machine of two cores, who is last in line waits for ten seconds. */
export const hashesWaitingMax = 400

export const hashQueue = createFairQueue({ runningMax: hashesAtOnceMax, openMax: hashesWaitingMax })

/** What is hashed for this server's operator, or for somebody who has shown more than a name: a place of its own. */
export const ownSource = (name: string): Source => ({ cookie: name, address: '', name })

/**
 * What an unknown principal's password is compared with, so that known and unknown take the same time: today's parameters, and an
 * output of zeros that no password is known to give.
 */
export const dummyHash = formatPhc(Buffer.from('sallyport: nobody'.slice(0, saltBytes)), Buffer.alloc(32))

export async function hashPassword(
  _place: Place,
  password: string,
  random: Random = systemRandom,
): Promise<PasswordHash> {
  const salt = random.bytes(saltBytes)
  return (await argon2Hash(Buffer.from(password), { ...argon2Parameters, salt })) as PasswordHash
}

/**
 * True when the password is that of `hash`. Pass `undefined` for a principal that does not exist or has no password: the same work
 * is done, and the answer is false.
 */
export async function verifyPassword(
  _place: Place,
  hash: PasswordHash | undefined,
  password: string,
): Promise<boolean> {
  const same = await argon2Verify(hash ?? dummyHash, Buffer.from(password))
  return same && hash !== undefined
}

/** True when the hash was made with other parameters than today's: hash again when the password has just been verified. */
export function needsRehash(hash: PasswordHash): boolean {
  const made = parseOptions(hash)
  const { algorithm, version, memoryCost, timeCost, parallelism, outputLen } = argon2Parameters
  return (
    made.algorithm !== algorithm ||
    made.version !== version ||
    made.memoryCost !== memoryCost ||
    made.timeCost !== timeCost ||
    made.parallelism !== parallelism ||
    made.outputLen !== outputLen
  )
}

/** PHC string format: base64 without padding. */
function formatPhc(salt: Buffer, output: Buffer): PasswordHash {
  const { memoryCost, timeCost, parallelism } = argon2Parameters
  const [salt64, output64] = [salt, output].map((bytes) => bytes.toString('base64').replace(/=+$/, ''))
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt64}$${output64}` as PasswordHash
}
