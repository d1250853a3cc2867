/**
 * Whether a new password may be taken: length and a block list, no composition rules (ASVS V6.2, NIST SP 800-63B-4 §3.1.1.2).
 * Only comparisons normalise: the password itself is hashed as received.
 */
import { commonPasswords } from './common-passwords.ts'

/** Characters are Unicode code points here, as a person would roughly count them. */
export const passwordCharactersMin = 14
/** AWS's own maximum. */
export const passwordCharactersMax = 128

export interface PasswordContext {
  readonly accountName: string
  readonly email: string
  readonly userName?: string
  readonly accountId?: string
  readonly accountAlias?: string
}

/** `reason` is one sentence for the person. */
export type CheckPasswordResult = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** Fewer different characters than this are a pattern, whatever the length. */
const differentCharactersMin = 5

/** Shorter context words are left alone: "Plan A" must not block every password with an "a" and digits. */
const contextWordCharactersMin = 3

/** What fingers run along. */
const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '1234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '!@#$%^&*()',
].flatMap((run) => {
  const repeated = run.repeat(Math.ceil((2 * passwordCharactersMax) / run.length))
  return [repeated, [...repeated].reverse().join('')]
})

/**
 * Refuses what is shorter than 14 (or `charactersMin`) or longer than 128 characters; control characters; a few characters over and over; a run along
 * the keyboard or the alphabet; and what is nothing but one common password, or words from the context, alone or repeated, with
 * digits and symbols in between. Several different words in a row are a passphrase, and welcome.
 *
 * @example
 * checkPassword('Password2026!!!', { accountName: 'Example Corp', email: 'root@example.com' }).ok // false
 */
export function checkPassword(
  password: string,
  context: PasswordContext,
  charactersMin: number = passwordCharactersMin,
): CheckPasswordResult {
  const length = [...password].length
  if (length < charactersMin) {
    return refuse(`Use at least ${charactersMin} characters: this password has ${length}.`)
  }
  if (length > passwordCharactersMax) {
    return refuse(`Use at most ${passwordCharactersMax} characters: this password has ${length}.`)
  }
  if (/\p{Cc}/u.test(password)) {
    return refuse('A password cannot have control characters, such as a tab or a line break: no form takes them.')
  }
  const text = fold(password)
  if (new Set(text).size < differentCharactersMin) {
    return refuse('This password repeats a few characters: use more different ones.')
  }
  const core = text.replace(/^\P{L}+|\P{L}+$/gu, '')
  if (runs.some((run) => run.includes(text) || (core.length >= text.length / 2 && run.includes(core)))) {
    return refuse('This password follows the keyboard or the alphabet, which attackers try early.')
  }
  const reading = read(text)
  if (isNothingBut(reading, contextWords(context))) {
    return refuse(
      'This password is made of names that anybody can look up, such as that of the account or the email address.',
    )
  }
  const common = commonPasswords.find((word) => isNothingBut(reading, [word]))
  if (common !== undefined) {
    return refuse(`This password is the common password "${common}" with digits or symbols added, or repeated.`)
  }
  return { ok: true }
}

const refuse = (reason: string): CheckPasswordResult => ({ ok: false, reason })

/** Capital letters, full-width forms and the like make no password rarer. */
const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** The usual spellings of letters by digits and symbols, one character for one. */
const spellings: { readonly [character: string]: string } = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** A text as it is written, and as it reads when digits and symbols stand for letters; both of one length. */
interface Reading {
  readonly plain: string
  readonly spelt: string
}

function read(text: string): Reading {
  return { plain: text, spelt: text.replace(/[013457@$!]/g, (character) => spellings[character] ?? character) }
}

/**
 * True when, the words taken out, no letter is left: the rest is padding. A password without any letter must be half made of
 * the words, or padded with a few characters over and over, else any long number that happens to hold 1234 would be refused.
 */
function isNothingBut(text: Reading, words: readonly string[]): boolean {
  const rest = words.reduce(without, text).plain
  if (rest === text.plain || /\p{L}/u.test(rest)) return false
  const padded = rest.length * 2 <= text.plain.length || new Set(rest).size < differentCharactersMin
  return padded || /\p{L}/u.test(text.plain)
}

/** Every occurrence of the word taken out, in either reading. */
function without(text: Reading, word: string): Reading {
  let place = text.plain.indexOf(word)
  if (place < 0) place = text.spelt.indexOf(word)
  if (place < 0) return text
  const cut = (reading: string): string => reading.slice(0, place) + reading.slice(place + word.length)
  return without({ plain: cut(text.plain), spelt: cut(text.spelt) }, word)
}

/** Longest first, so that "example corp" goes before "example". */
function contextWords(context: PasswordContext): string[] {
  const { accountName, email, userName = '', accountId = '', accountAlias = '' } = context
  const [localPart = '', domain = ''] = email.split('@')
  const ofAccount = [accountName, accountAlias, accountId, email, localPart, domain]
  const names = ['sallyport', 'aws', 'amazon', 'root', ...ofAccount, userName].map(fold)
  const parts = names.flatMap((name) => [name, name.replace(/[^\p{L}\p{N}]/gu, ''), ...name.split(/[^\p{L}\p{N}]+/u)])
  return [...new Set(parts)]
    .filter((word) => word.length >= contextWordCharactersMin)
    .sort((a, b) => b.length - a.length)
}
