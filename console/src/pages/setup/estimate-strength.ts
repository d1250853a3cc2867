// The strength meter's judgement, by zxcvbn: how many guesses a password would take. It advises; the server's list of common
// and context words decides. Loaded when the first character is typed.
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { commonWords } from './common-words.ts'
import { qwertyGraph } from './qwerty-graph.ts'

export type Strength = { score: 0 | 1 | 2 | 3 | 4; advice: string | undefined }

// zxcvbn names its findings by key; these are the ones that help with what to do next.
const advice: Readonly<Record<string, string>> = {
  straightRow: 'Rows of keys are easy to guess.',
  keyPattern: 'Patterns on the keyboard are easy to guess.',
  simpleRepeat: 'Repeated characters are easy to guess.',
  extendedRepeat: 'Repeated parts are easy to guess.',
  sequences: 'Sequences such as abc or 4321 are easy to guess.',
  recentYears: 'Years are easy to guess.',
  dates: 'Dates are easy to guess.',
  topTen: 'This is one of the most used passwords.',
  topHundred: 'This is a very common password.',
  common: 'This is a common password.',
  similarToCommon: 'This resembles a common password.',
  wordByItself: 'A single word is easy to guess.',
  userInputs: 'Names and addresses of the account are easy to guess.',
}

const estimator = new ZxcvbnFactory({
  dictionary: { passwords: [...commonWords] },
  graphs: { qwerty: qwertyGraph },
  maxLength: 128,
})

export function estimateStrength(password: string, accountWords: readonly string[]): Strength {
  const words = accountWords
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length > 2)
  const { score, feedback } = estimator.check(password, words)
  return { score, advice: feedback.warning === null ? undefined : advice[feedback.warning] }
}
