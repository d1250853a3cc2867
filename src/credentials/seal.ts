/**
 * Envelope for secrets at rest: AES-256-GCM, bound to the place that it is written to. A sealed text that is moved to another row,
 * table or column, changed in any bit, cut, or made with another key does not open.
 *
 * Form: `1.KEYID.BASE64URL`, the last being nonce (96 bit, random), ciphertext and tag (128 bit). Version, key id and context are
 * authenticated with it.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { type Random, systemRandom } from '../core/random.ts'

export interface Sealer {
  /** Names the key without telling anything of it: 16 hexadecimal digits. */
  readonly keyId: string
  /** `context` says where the text will stand: table, account, row id, column. */
  seal(plain: Uint8Array, context: readonly string[]): string
  /** Throws a `SealBroken` unless `text` was sealed by this key for this very context. */
  open(text: string, context: readonly string[]): Buffer
  /** 32 bytes for another use, as good as unrelated to the key and to those of other purposes (HKDF, RFC 5869). */
  subkey(purpose: string): Buffer
}

/** A sealed text does not open. The message is for the operator's log and holds no part of text or key. */
export class SealBroken extends Error {
  readonly code = 'seal-broken'

  constructor(reason: string) {
    super(reason)
    this.name = 'SealBroken'
  }
}

export const masterKeyBytes = 32
const version = '1'
const nonceBytes = 12
const tagBytes = 16

/**
 * Throws a `RangeError` unless the master key has 32 bytes. Nonces are random: one master key is good for 2^32 seals
 * (NIST SP 800-38D §8.3); what seals at the rate of requests takes a sealer of its own, made of a `subkey`.
 */
export function createSealer(masterKey: Uint8Array, random: Random = systemRandom): Sealer {
  if (masterKey.length !== masterKeyBytes) {
    throw new RangeError(`got a master key of ${masterKey.length} bytes, expected ${masterKeyBytes}`)
  }
  const derive = (info: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `sallyport ${info}`, length))
  const key = derive('seal 1', 32)
  const keyId = derive('key id', 8).toString('hex')
  const prefix = `${version}.${keyId}.`
  /** Purposes are a few constants of the program; some are asked for at every request. */
  const subkeys = new Map<string, Buffer>()

  return {
    keyId,
    seal(plain, context) {
      const nonce = random.bytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      cipher.setAAD(encodeParts([version, keyId, ...context]))
      const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      return prefix + sealed.toString('base64url')
    },
    open(text, context) {
      if (!text.startsWith(prefix)) throw new SealBroken(describeForeign(text, keyId))
      const sealed = parseBase64url(text.slice(prefix.length))
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
      decipher.setAAD(encodeParts([version, keyId, ...context]))
      decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
      const plain = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes))
      try {
        return Buffer.concat([plain, decipher.final()])
      } catch {
        throw new SealBroken('got sealed text that was changed or belongs to another place')
      }
    },
    subkey(purpose) {
      const known = subkeys.get(purpose)
      if (known !== undefined) return Buffer.from(known)
      const subkey = derive(`subkey ${purpose}`, 32)
      subkeys.set(purpose, subkey)
      return Buffer.from(subkey)
    },
  }
}

/** Each part behind its length in bytes: no two lists of parts have the same encoding. */
function encodeParts(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

/** Strict: Node's decoder skips foreign characters and ignores spare bits, and two texts would then open as one. */
function parseBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== text) {
    throw new SealBroken('got sealed text that was cut or changed')
  }
  return bytes
}

function describeForeign(text: string, keyId: string): string {
  const other = /^1\.([0-9a-f]{16})\./.exec(text)?.[1]
  return other === undefined
    ? 'got something else than sealed text'
    : `got text sealed with key ${other}, expected key ${keyId}`
}
