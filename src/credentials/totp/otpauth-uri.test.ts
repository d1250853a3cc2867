import fc from 'fast-check'
import { TOTP, URI } from 'otpauth'
import { expect, test } from 'vitest'
import { toBase32 } from '../../core/base32.ts'
import { systemRandom } from '../../core/random.ts'
import { newSeed } from './new-seed.ts'
import { otpauthUri } from './otpauth-uri.ts'

const seed = Buffer.from('0123456789'.repeat(4))

test('has the form that was seen in the QR code of AWS (aws-behaviour §1.3)', () => {
  const uri = otpauthUri({
    deviceName: 'root-account-mfa-device',
    accountLabel: 'example',
    seed,
    issuer: 'Amazon Web Services',
  })
  expect(uri).toBe(
    `otpauth://totp/Amazon%20Web%20Services:root-account-mfa-device@example?secret=${toBase32(seed)}&issuer=Amazon%20Web%20Services`,
  )
})

test('10,000 names come back whole from an independent parser, and add no parameter', () => {
  const part = fc.constantFrom(
    '&issuer=',
    '%',
    '%26',
    '<',
    '\n',
    '?',
    '#',
    '/',
    '=',
    '+',
    '@',
    '"',
    '\u202e',
    'é',
    '🔑',
  )
  const name = fc
    .array(fc.oneof(part, fc.string({ unit: 'binary', maxLength: 8 })), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
    .filter((text) => text !== '')
  // The format has no place for a colon in an issuer: readers take the first one for the end of it.
  const issuers = name.filter((text) => !text.includes(':'))
  fc.assert(
    fc.property(name, name, issuers, (deviceName, accountLabel, issuer) => {
      const uri = otpauthUri({ deviceName, accountLabel, seed, issuer })
      const parsed = URI.parse(uri)
      if (!(parsed instanceof TOTP)) expect.fail('not totp')
      expect([parsed.label, parsed.issuer]).toEqual([`${deviceName}@${accountLabel}`, issuer])
      expect(Buffer.from(parsed.secret.bytes).equals(seed)).toBe(true)
      expect([parsed.algorithm, parsed.digits, parsed.period]).toEqual(['SHA1', 6, 30])
      // A second parser, that of WHATWG URLs: exactly two parameters, once each.
      expect([...new URL(uri).searchParams.keys()]).toEqual(['secret', 'issuer'])
    }),
    { numRuns: 10_000 },
  )
}, 120_000)

test('seeds have 320 bit, 64 base32 characters, and do not repeat', () => {
  const seeds = Array.from({ length: 10_000 }, () => toBase32(newSeed(systemRandom)))
  expect(seeds.every((text) => /^[A-Z2-7]{64}$/.test(text))).toBe(true)
  expect(new Set(seeds).size).toBe(seeds.length)
})
