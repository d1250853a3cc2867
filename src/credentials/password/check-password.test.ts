import { describe, expect, test } from 'vitest'
import { checkPassword, passwordCharactersMax, passwordCharactersMin } from './check-password.ts'
import { commonPasswords } from './common-passwords.ts'

const context = {
  accountName: 'Example Corp',
  email: 'alice.root@mail.example.com',
  userName: 'Bob_Miller',
  accountId: '210987654321',
}
const check = (password: string) => checkPassword(password, context)

test('the example of the docstring', () => {
  expect(checkPassword('Password2026!!!', { accountName: 'Example Corp', email: 'root@example.com' }).ok).toBe(false)
})

describe('ASVS V6.2.5, V6.2.9: length, and no composition rules', () => {
  test('the limits are 14 and 128', () => {
    expect([passwordCharactersMin, passwordCharactersMax]).toEqual([14, 128])
  })

  const phrase = 'quiet lamp over nine green rivers '.repeat(5)
  test.each([
    [13, 'Use at least 14 characters: this password has 13.'],
    [129, 'Use at most 128 characters: this password has 129.'],
  ])('%d characters are refused', (length, reason) => {
    expect(check(phrase.slice(0, length))).toEqual({ ok: false, reason })
  })

  test.each([14, 15, 64, 128])('%d characters are accepted', (length) => {
    expect(check(phrase.slice(0, length))).toEqual({ ok: true })
  })

  test.each(['\u0000', '\t', '\n', '\u001b', '\u007f', '\u0085'])('a control character is refused: %j', (character) => {
    const result = check(`quiet lamp over ${character} nine green rivers`)
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('control characters') })
  })

  test('characters are code points: 14 emoji are long enough, 13 are not', () => {
    const emoji = ['🔑', '🚪', '🏰', '🐉', '🍀', '🎲', '🌋', '🚲', '🧭', '🪶', '🧊', '🥁', '🎻', '🪐']
    expect(check(emoji.join(''))).toEqual({ ok: true })
    expect(check(emoji.slice(1).join('')).ok).toBe(false)
  })

  test.each([
    'only small letters',
    'ALL CAPITALS HERE',
    'пароль из трёх слов',
    '正しい馬電池ホチキス青い空七つ',
    '  spaces  at both ends  ',
    '83749201734405',
    'correct horse battery',
    'xK4}q"<>&\'\\;--%00 z',
    'tr0ub4dor&3 sings',
    'my dragon eats passwords',
  ])('%j is accepted', (password) => {
    expect(check(password)).toEqual({ ok: true })
  })
})

describe('ASVS V6.2.4, V6.2.12: common passwords', () => {
  test('the list has the 3,000 most common, in the form that comparisons use', () => {
    expect(commonPasswords.length).toBeGreaterThanOrEqual(3_000)
    expect(new Set(commonPasswords).size).toBe(commonPasswords.length)
    expect(commonPasswords.filter((word) => word !== word.normalize('NFKC').toLowerCase() || word.length < 3)).toEqual(
      [],
    )
  })

  // Each entry is as good as refused by its length; what matters is what people make of it to reach 14.
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  const fill = (word: string, filling: string): string =>
    word + filling.repeat(14).slice(0, Math.max(14 - word.length, 1))
  test.each<[string, (word: string) => string]>([
    ['repeated', (word) => word.repeat(Math.ceil(14 / word.length))],
    ['repeated in capitals', (word) => word.toUpperCase().repeat(Math.ceil(14 / word.length))],
    ['with a symbol behind', (word) => fill(word, '!')],
  ])('each entry is refused %s', (_name, make) => {
    expect(commonPasswords.map(make).filter((password) => check(password).ok)).toEqual([])
  })

  test.each<[string, (word: string) => string]>([
    ['with a year and symbols behind', (word) => fill(capital(word), '2026!#')],
    ['between digits', (word) => `2026${word}2026000000`],
    ['in full-width letters', (word) => fill(fullWidth(word), '84!')],
  ])('each entry that has letters is refused %s', (_name, make) => {
    const words = commonPasswords.filter((word) => /[a-z]/.test(word))
    expect(words.map(make).filter((password) => check(password).ok)).toEqual([])
  })

  test.each(['P@ssw0rdP@ssw0rd', 'M0nk3y!!!2026!', 'l3tme1n-l3tme1n-'])('spelt with symbols: %j', (password) => {
    expect(check(password).ok).toBe(false)
  })

  test('the reason names the password', () => {
    expect(check('Dragon20262026')).toEqual({
      ok: false,
      reason: 'This password is the common password "dragon" with digits or symbols added, or repeated.',
    })
  })
})

describe('ASVS V6.1.2, V6.2.11: words from the context', () => {
  test.each([
    'Sallyport12345',
    'sallyportsallyport',
    'Example Corp 1',
    'ExampleCorp2026',
    'Example-Corp-2026!',
    'examplecorp examplecorp',
    'alice.root@mail.example.com',
    'Alice.Root2026!',
    'alice1234567890',
    'mail.example.com1',
    'example.com2026',
    'bob_miller2026',
    'BobMiller-2026!',
    'miller00000000001',
    '210987654321!!',
    'aws-root-2026-!!',
    'aws root alice example',
  ])('%j is refused', (password) => {
    expect(check(password)).toEqual({
      ok: false,
      reason:
        'This password is made of names that anybody can look up, such as that of the account or the email address.',
    })
  })

  test('a name among other words is no reason', () => {
    expect(check('alice sings under water')).toEqual({ ok: true })
  })

  test('one letter of a name blocks nothing', () => {
    expect(checkPassword('b83749201734405', { accountName: 'Plan B', email: 'b@c.de' })).toEqual({ ok: true })
  })
})

describe('patterns', () => {
  test.each([
    ['aaaaaaaaaaaaaa', 'repeats'],
    ['abababababababab', 'repeats'],
    ['12121212121212', 'repeats'],
    ['              ', 'repeats'],
    ['abcdefghijklmn', 'follows'],
    ['ZYXWVUTSRQPONM', 'follows'],
    ['qwertyuiopasdfgh', 'follows'],
    ['1qaz2wsx3edc4rfv', 'follows'],
    ['56789012345678', 'follows'],
    ['123qwertyuiop123', 'follows'],
    ['!@#$%^&*()!@#$%^', 'follows'],
  ])('%j: %s', (password, verb) => {
    expect(check(password)).toMatchObject({ ok: false, reason: expect.stringContaining(`This password ${verb}`) })
  })
})

function fullWidth(word: string): string {
  return word.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
}
