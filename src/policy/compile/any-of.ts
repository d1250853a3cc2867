/**
 * The patterns of a list as one test: is the text matched by any of them? Most are compared one by one. Where the text and
 * the patterns that have to be searched for are long, all of these are searched at once, in bounded time (automaton.ts).
 */

import type { Context } from '../request/types.ts'
import { matchesAny } from './automaton.ts'
import { sizeOf } from './glob.ts'
import type { Part } from './template.ts'

export type TextTest = (text: string, context: Context) => boolean

export interface Pattern {
  readonly matches: TextTest
  /** Set where `matches` searches, and may need text × pattern steps: the same pattern for the automaton. */
  readonly searched: readonly Part[] | undefined
}

/** So many steps, a comparison of two letters each, take some 50 µs; a run of the automaton begins with about 1. */
const stepsMax = 65_536
/** Texts as long as most are, which no list that fits a document makes slow. */
const shortText = 64

export function anyOf(patterns: readonly Pattern[]): TextTest {
  const compared = patterns.filter(({ searched }) => searched === undefined).map(({ matches }) => matches)
  const searched = patterns.filter((pattern) => pattern.searched !== undefined)
  if (searched.length === 0) return some(compared)
  const search = searchOf(searched)
  return compared.length === 0 ? search : some([...compared, search])
}

function searchOf(patterns: readonly Pattern[]): TextTest {
  const oneByOne = some(patterns.map(({ matches }) => matches))
  const templates = patterns.flatMap(({ searched }) => (searched === undefined ? [] : [searched]))
  return (text, context) => {
    if (text.length <= shortText || isLittle(templates, text.length, context)) return oneByOne(text, context)
    return matchesAny(templates, text, context)
  }
}

function isLittle(templates: readonly (readonly Part[])[], length: number, context: Context): boolean {
  let steps = 0
  for (const parts of templates) {
    steps += Math.min(sizeOf(parts, context), length) * length
    if (steps > stepsMax) return false
  }
  return true
}

function some(tests: readonly TextTest[]): TextTest {
  const [first, second, ...more] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (more.length === 0) return (text, context) => first(text, context) || second(text, context)
  return (text, context) => {
    for (const test of tests) if (test(text, context)) return true
    return false
  }
}
