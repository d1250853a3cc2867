import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer, SealBroken } from './seal.ts'

const sealer = createSealer(Buffer.alloc(32, 7))
const context = ['mfa_device', '123456789012', 'arn:aws:iam::123456789012:mfa/phone', 'seed']
const plain = Buffer.from('a seed of forty bytes, which nobody sees')

const parts = (text: string) => {
  const [version = '', keyId = '', body = ''] = text.split('.')
  return { version, keyId, bytes: Buffer.from(body, 'base64url') }
}

test('any bytes come back under the same context', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
      (bytes, place) => {
        expect(sealer.open(sealer.seal(bytes, place), place).equals(bytes)).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

test('the text names version and key, shows nothing of the plain text, and is never the same twice', () => {
  const texts = Array.from({ length: 1_000 }, () => sealer.seal(plain, context))
  expect(texts[0]).toMatch(/^1\.[0-9a-f]{16}\.[A-Za-z0-9_-]+$/)
  expect(texts[0]?.startsWith(`1.${sealer.keyId}.`)).toBe(true)
  expect(new Set(texts.map((text) => parts(text).bytes.subarray(0, 12).toString('hex'))).size).toBe(1_000)
  expect(texts.some((text) => parts(text).bytes.includes('seed'))).toBe(false)
})

describe('a text opens only where it was sealed', () => {
  test.each([
    ['another table', 0],
    ['another account', 1],
    ['another row', 2],
    ['another column', 3],
  ])('%s', (_name, index) => {
    const elsewhere = context.with(index, 'other')
    expect(() => sealer.open(sealer.seal(plain, context), elsewhere)).toThrow(SealBroken)
  })

  test('two rows swapped: neither opens', () => {
    const [one, two] = [context.with(2, 'one'), context.with(2, 'two')]
    const [sealedOne, sealedTwo] = [sealer.seal(plain, one), sealer.seal(plain, two)]
    expect(() => sealer.open(sealedTwo, one)).toThrow(SealBroken)
    expect(() => sealer.open(sealedOne, two)).toThrow(SealBroken)
  })

  test.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a', ''], ['a']],
    [[''], []],
    [['a,b'], ['a', 'b']],
    [['a\0b'], ['a', 'b']],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ])('%j is another place than %j', (here, there) => {
    expect(() => sealer.open(sealer.seal(plain, here), there)).toThrow(SealBroken)
  })
})

describe('a text that was touched does not open', () => {
  const text = sealer.seal(plain, context)

  test('each bit of its bytes', () => {
    const { version, keyId, bytes } = parts(text)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => sealer.open(`${version}.${keyId}.${changed.toString('base64url')}`, context)).toThrow(SealBroken)
    }
  })

  test('each bit of its characters, spare bits of the last one too', () => {
    // A length that leaves spare bits in the last character: 1 + 28 bytes.
    for (const sealed of [text, sealer.seal(Buffer.from('x'), context), sealer.seal(Buffer.from('xy'), context)]) {
      const bytes = Buffer.from(sealed, 'latin1')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = Buffer.from(bytes)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => sealer.open(changed.toString('latin1'), context)).toThrow(SealBroken)
      }
    }
  })

  test('cut anywhere', () => {
    for (let length = 0; length < text.length; length++) {
      expect(() => sealer.open(text.slice(0, length), context)).toThrow(SealBroken)
    }
  })

  test.each([`${text}A`, `${text}=`, ` ${text}`, `${text}\n`, text.replace('.', '..'), ''])('%j', (changed) => {
    expect(() => sealer.open(changed, context)).toThrow(SealBroken)
  })
})

describe('keys', () => {
  const other = createSealer(Buffer.alloc(32, 8))

  test('a text of another key is refused, and the error names both keys', () => {
    expect(() => other.open(sealer.seal(plain, context), context)).toThrow(
      `got text sealed with key ${sealer.keyId}, expected key ${other.keyId}`,
    )
  })

  test('a text that only claims to be of this key is refused', () => {
    const claimed = sealer.seal(plain, context).replace(sealer.keyId, other.keyId)
    expect(() => other.open(claimed, context)).toThrow(SealBroken)
  })

  test('the same key opens in another process: key id and subkeys depend on nothing else', () => {
    const again = createSealer(Buffer.alloc(32, 7))
    expect(again.open(sealer.seal(plain, context), context).equals(plain)).toBe(true)
    expect(again.keyId).toBe(sealer.keyId)
    expect(again.subkey('cookies').equals(sealer.subkey('cookies'))).toBe(true)
  })

  test('subkeys of two purposes, and of two keys, differ', () => {
    const keys = [sealer.subkey('cookies'), sealer.subkey('paging'), other.subkey('cookies'), Buffer.alloc(32, 7)]
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4)
    expect(keys[0]).toHaveLength(32)
  })

  test.each([0, 16, 31, 33])('a master key of %d bytes is refused', (length) => {
    expect(() => createSealer(Buffer.alloc(length))).toThrow(RangeError)
  })

  // HKDF by its definition (RFC 5869) in Python's hmac; a change of any constant would lock every stored secret.
  test('the derivation never changes', () => {
    expect(sealer.keyId).toBe('54aff52faa143b5b')
    expect(sealer.subkey('test').toString('hex')).toBe(
      '40a8f96a8d78172871089e658223a47ab1d946ea4fbf4ca5184c904b1eed4c6d',
    )
    expect(
      sealer.open('1.54aff52faa143b5b.AQEBAQEBAQEBAQEBlnWN45vet9gmsbA9cdAztZIOuYfGpNZVCAKb', ['a', 'b']).toString(),
    ).toBe('still opens')
  })
})
