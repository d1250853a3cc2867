import { expect, test } from 'vitest'
import { hotp } from './hotp.ts'
import { timeStep, totp } from './totp.ts'

// RFC 6238 appendix B, table 1, all 18 rows. Seeds by its erratum 2866: ASCII "1234567890" repeated to 20, 32 and 64 bytes.
const seeds = {
  sha1: Buffer.from('1234567890'.repeat(2)),
  sha256: Buffer.from('1234567890'.repeat(4).slice(0, 32)),
  sha512: Buffer.from('1234567890'.repeat(7).slice(0, 64)),
} as const

test.each([
  [59, 'sha1', '94287082'],
  [59, 'sha256', '46119246'],
  [59, 'sha512', '90693936'],
  [1111111109, 'sha1', '07081804'],
  [1111111109, 'sha256', '68084774'],
  [1111111109, 'sha512', '25091201'],
  [1111111111, 'sha1', '14050471'],
  [1111111111, 'sha256', '67062674'],
  [1111111111, 'sha512', '99943326'],
  [1234567890, 'sha1', '89005924'],
  [1234567890, 'sha256', '91819424'],
  [1234567890, 'sha512', '93441116'],
  [2000000000, 'sha1', '69279037'],
  [2000000000, 'sha256', '90698825'],
  [2000000000, 'sha512', '38618901'],
  [20000000000, 'sha1', '65353130'],
  [20000000000, 'sha256', '77737706'],
  [20000000000, 'sha512', '47863826'],
] as const)('RFC 6238 appendix B: at %d seconds %s gives %s', (seconds, algorithm, code) => {
  expect(totp(seeds[algorithm], seconds * 1000, { algorithm, digits: 8 })).toBe(code)
})

test.each([
  [0, 0],
  [29_999, 0],
  [30_000, 1],
  [59_999, 1],
  [Date.UTC(2100, 0, 1), 136_748_160],
  [2 ** 31 * 30_000, 2 ** 31],
  [2 ** 33 * 30_000, 2 ** 33],
])('RFC 6238 §4.2: %d ms lie in step %d', (ms, step) => {
  expect(timeStep(ms)).toBe(step)
})

test('steps beyond 2^32 use the upper half of the counter', () => {
  expect(totp(seeds.sha1, 2 ** 32 * 30_000)).toBe(hotp(seeds.sha1, 2 ** 32))
  expect(totp(seeds.sha1, 2 ** 32 * 30_000)).not.toBe(hotp(seeds.sha1, 0))
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is no time', (ms) => {
  expect(() => timeStep(ms)).toThrow(RangeError)
})
