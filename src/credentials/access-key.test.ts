import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newAccountId, parseAccountId } from '../core/account-id.ts'
import { systemRandom } from '../core/random.ts'
import { accountIdOfAccessKey, newAccessKeyId, newSecretAccessKey, newUniqueId } from './access-key.ts'

describe('access key ids', () => {
  test('an id that AWS gave names the account that AWS says (Be’ery, "A short note on AWS KEY ID", 2023)', () => {
    expect(accountIdOfAccessKey('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753')
  })

  test('every account id comes back, leading zeros too', () => {
    const account = fc.oneof(fc.constantFrom(0, 1, 999_999_999_999), fc.integer({ min: 0, max: 999_999_999_999 }))
    fc.assert(
      fc.property(account, fc.constantFrom('AKIA', 'ASIA'), (number, prefix) => {
        const accountId = parseAccountId(number.toString().padStart(12, '0'))
        const id = newAccessKeyId(systemRandom, accountId, prefix)
        expect(id).toMatch(new RegExp(`^${prefix}[Q-Z2-7][A-Z2-7]{15}$`))
        expect(accountIdOfAccessKey(id)).toBe(accountId)
      }),
      { numRuns: 2_000 },
    )
  })

  test('10,000 ids of one account differ', () => {
    const accountId = newAccountId(systemRandom)
    const ids = Array.from({ length: 10_000 }, () => newAccessKeyId(systemRandom, accountId, 'AKIA'))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each([
    'AKIAIOSFODNN7EXAMPLE', // AWS's example, of the older kind that names no account
    'AKIAQNZGKIQY56JQ7WM',
    'AKIAQNZGKIQY56JQ7WMLL',
    'akiaQNZGKIQY56JQ7WML',
    'AIDAQNZGKIQY56JQ7WML',
    'ASIAQNZGKIQY56JQ7WM1',
    'ASIAQNZGKIQY56JQ7WML\n',
    'ASIA7777777777777777', // beyond twelve digits
    '',
  ])('%j names no account', (id) => {
    expect(accountIdOfAccessKey(id)).toBeUndefined()
  })
})

test('secret access keys: 40 characters, 240 bit, not printed', () => {
  const secrets = Array.from({ length: 10_000 }, () => newSecretAccessKey(systemRandom))
  expect(secrets.every((secret) => /^[A-Za-z0-9+/]{40}$/.test(secret.reveal()))).toBe(true)
  expect(new Set(secrets.map((secret) => secret.reveal())).size).toBe(secrets.length)
  expect(`${secrets[0]} ${JSON.stringify(secrets[0])}`).toBe('[secret] "[secret]"')
})

test('unique ids: 21 characters that begin with their kind', () => {
  const ids = Array.from({ length: 10_000 }, () => newUniqueId(systemRandom, 'AIDA'))
  expect(ids.every((id) => /^AIDA[A-Z2-7]{17}$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
})
