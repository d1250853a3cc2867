/** The signing key of SigV4: the secret, narrowed to a date, a region and a service by four HMACs. */
import { createHmac } from 'node:crypto'

export interface Scope {
  /** `YYYYMMDD`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

export function deriveSigningKey(secretAccessKey: string, scope: Scope): Buffer {
  const dated = hmac(`AWS4${secretAccessKey}`, scope.date)
  return hmac(hmac(hmac(dated, scope.region), scope.service), 'aws4_request')
}

/**
 * Signing keys that have verified a request. Two generations, the older of which is dropped when the younger is full: what is
 * used stays, and nothing is moved on the usual hit.
 *
 * INVARIANT(signing-key-cache): a key is found only under the version of the secret that it was derived from, and is put here only
 * after a signature was right, so that a stranger who knows an access key id cannot fill it.
 */
export interface SigningKeyCache {
  find(id: string): Buffer | undefined
  keep(id: string, key: Buffer): void
}

// A key and its name are about 300 bytes: two full generations take 3 MB.
const generationEntriesMax = 5_000

export function createSigningKeyCache(entriesMax = generationEntriesMax): SigningKeyCache {
  let younger = new Map<string, Buffer>()
  let older = new Map<string, Buffer>()
  const keep = (id: string, key: Buffer): void => {
    if (younger.size >= entriesMax) {
      older = younger
      younger = new Map()
    }
    younger.set(id, key)
  }
  return {
    find(id) {
      const found = younger.get(id)
      if (found !== undefined) return found
      const aged = older.get(id)
      if (aged !== undefined) keep(id, aged)
      return aged
    },
    keep,
  }
}
