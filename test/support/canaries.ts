/**
 * Every secret that a test knows is a canary: wherever it shows up (an answer, a log, a database file), in whichever
 * spelling, something leaked. Secrets are added as tests make them, and by the hook of answers.ts as they are handed out.
 */

/** Shorter texts turn up by chance; codes of six digits are not canaries, their seeds are. */
const lengthMin = 8

interface Canary {
  readonly name: string
  /** What to look for, in each spelling. */
  readonly needles: readonly Buffer[]
}

export interface CanaryRegistry {
  /** A text as it is typed or sent, or raw bytes. A base32 text (a seed) is guarded as bytes, too. */
  add(secret: string | Uint8Array, name?: string): void
  /** Throws when any secret, but those allowed, is in there. `where` names the place in the message. */
  scan(content: string | Uint8Array, where: string, allowed?: readonly (string | Uint8Array)[]): void
  /** How many are guarded. */
  readonly size: number
}

export function createCanaries(): CanaryRegistry {
  const canaries = new Map<string, Canary>()
  return {
    get size() {
      return canaries.size
    },
    add(secret, name = 'secret') {
      const key = keyOf(secret)
      if (canaries.has(key)) return
      if (secret.length < lengthMin) {
        throw new RangeError(`got a canary of ${secret.length} characters, expected at least ${lengthMin}`)
      }
      canaries.set(key, { name, needles: spellings(secret) })
    },
    scan(content, where, allowed = []) {
      const haystack = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content)
      const allowedKeys = new Set(allowed.map(keyOf))
      for (const [key, { name, needles }] of canaries) {
        if (allowedKeys.has(key)) continue
        const needle = needles.find((candidate) => haystack.includes(candidate))
        if (needle) throw new Error(`${where} holds the ${name} (spelled ${JSON.stringify(needle.toString('latin1'))})`)
      }
    },
  }
}

/** The secrets of the tests of this file: vitest runs each file in a process of its own. */
export const canaries = createCanaries()

function keyOf(secret: string | Uint8Array): string {
  return typeof secret === 'string' ? secret : Buffer.from(secret).toString('latin1')
}

function spellings(secret: string | Uint8Array): readonly Buffer[] {
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'utf8') : Buffer.from(secret)
  const raw: Buffer[] = [bytes]
  if (typeof secret === 'string' && /^[A-Z2-7]{16,}=*$/i.test(secret)) raw.push(fromBase32(secret))
  const texts = raw.flatMap(spellingsOfBytes)
  if (typeof secret === 'string') {
    texts.push(JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), escapeXml(secret))
  }
  const needles = new Map<string, Buffer>()
  for (const needle of [...raw, ...texts.map((text) => Buffer.from(text, 'utf8'))]) {
    if (needle.length >= lengthMin) needles.set(needle.toString('latin1'), needle)
  }
  return [...needles.values()]
}

function spellingsOfBytes(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex')
  const percent = hex.replace(/../g, '%$&')
  const base64 = insideBase64(bytes)
  return [
    hex,
    hex.toUpperCase(),
    percent,
    percent.toUpperCase(),
    toBase32(bytes),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

/** Base64 depends on where in a triple the secret begins: the part of each of the three that depends on it alone. */
function insideBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const first = Math.ceil((shift * 8) / 6)
    const last = Math.floor(((shift + bytes.length) * 8) / 6)
    return text.slice(first, last)
  })
}

// The product has a base32 of its own; what looks for its leaks must not share its faults.
const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => base32Alphabet[Number.parseInt(five, 2)]).join('')
}

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '').toUpperCase()]
    .map((character) => base32Alphabet.indexOf(character).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
