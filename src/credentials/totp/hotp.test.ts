import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { HOTP, Secret } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { type HotpAlgorithm, type HotpDigits, hotp } from './hotp.ts'

const rfcSeed = Buffer.from('12345678901234567890')

// RFC 4226 appendix D, "HOTP Algorithm: Test Values".
test.each([
  [0, '755224'],
  [1, '287082'],
  [2, '359152'],
  [3, '969429'],
  [4, '338314'],
  [5, '254676'],
  [6, '287922'],
  [7, '162583'],
  [8, '399871'],
  [9, '520489'],
])('RFC 4226 appendix D: counter %d gives %s', (counter, code) => {
  expect(hotp(rfcSeed, counter)).toBe(code)
})

describe('outside oracles', () => {
  const algorithms: readonly HotpAlgorithm[] = ['sha1', 'sha256', 'sha512']
  const digits: readonly HotpDigits[] = [6, 7, 8]

  test('100,000 random codes equal those of the package otpauth', () => {
    let state = 20261124
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const seed = Buffer.alloc(40)
    for (let round = 0; round < 100_000; round++) {
      seed.writeUInt32BE(next(2 ** 32), next(37))
      const key = seed.subarray(0, 16 + next(25))
      const counter = next(2 ** 21) * 2 ** next(32) + next(2 ** 20)
      const algorithm = algorithms[round % 3] ?? 'sha1'
      const length = digits[(round % 7) % 3] ?? 6
      const theirs = HOTP.generate({
        secret: new Secret({ buffer: new Uint8Array(key).buffer }),
        algorithm: algorithm.toUpperCase(),
        digits: length,
        counter,
      })
      if (hotp(key, counter, { algorithm, digits: length }) !== theirs) expect.fail(`${algorithm} ${length} ${counter}`)
    }
  }, 120_000)

  test('seeds of any length, longer than a block too, give the code of createHmac', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.maxSafeNat(),
        fc.constantFrom(...algorithms),
        (seed, counter, algorithm) => {
          const message = Buffer.alloc(8)
          message.writeBigUInt64BE(BigInt(counter))
          const mac = createHmac(algorithm, seed).update(message).digest()
          const offset = (mac.at(-1) ?? 0) & 15
          const code = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** 8
          expect(hotp(seed, counter, { algorithm, digits: 8 })).toBe(code.toString().padStart(8, '0'))
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('a counter of %s is refused', (counter) => {
  expect(() => hotp(rfcSeed, counter)).toThrow(RangeError)
})
