import { describe, expect, test } from 'vitest'
import { parseAccountId } from '../../core/account-id.ts'
import { commonPasswords } from '../../credentials/password/common-passwords.ts'
import { checkUserPassword, userPasswordCharactersMin } from './check-user-password.ts'

const account = { accountId: parseAccountId('837492017344'), name: 'Example Corp', email: 'ops.team@mail.example.com' }
const check = (password: string, alias: string | undefined = 'blue-harbour') =>
  checkUserPassword(password, account, alias, 'Bob_Miller')

test('ASVS V6.2.1, V6.2.9: 8 to 128 characters', () => {
  expect(userPasswordCharactersMin).toBe(8)
  const phrase = 'quiet lamp over nine green rivers '.repeat(5)
  expect(check(phrase.slice(0, 7))).toEqual({
    ok: false,
    reason: 'Use at least 8 characters: this password has 7.',
  })
  for (const length of [8, 9, 14, 128]) expect(check(phrase.slice(0, length))).toEqual({ ok: true })
  expect(check(phrase.slice(0, 129)).ok).toBe(false)
})

test('ASVS V6.2.5: no composition rules', () => {
  for (const password of ['only small', 'ALL BIG ONES', '83749201', 'пароль ещё', '正しい馬電池青空'])
    expect(check(password)).toEqual({ ok: true })
})

describe('ASVS V6.1.2, V6.2.11: words from the context', () => {
  test.each([
    'bob_miller',
    'BobMiller1',
    'miller2026',
    'blue-harbour',
    'BlueHarbour!',
    'harbour1',
    'ExampleCorp',
    'example2026',
    '837492017344',
    'ops.team@mail.example.com',
    'opsteam!!',
    'sallyport',
    'amazon-aws',
  ])('%j is refused', (password) => {
    expect(check(password)).toEqual({ ok: false, reason: expect.stringContaining('names that anybody can look up') })
  })

  test('an account without an alias has none to look up', () => {
    expect(checkUserPassword('blue-harbour', account, undefined, 'ada')).toEqual({ ok: true })
  })
})

describe('ASVS V6.2.4, V6.2.12: common passwords', () => {
  const words = commonPasswords.filter((word) => [...word].length >= userPasswordCharactersMin)
  test.each<[string, readonly string[]]>([
    ['as it is', words],
    ['in capitals', words.map((word) => word.toUpperCase())],
    ['with a digit behind', commonPasswords.map((word) => `${word}1`).filter((word) => word.length >= 8)],
  ])('each entry that is long enough is refused %s', (_how, passwords) => {
    expect(passwords.length).toBeGreaterThan(500)
    expect(passwords.filter((password) => check(password).ok)).toEqual([])
  })
})
