/**
 * The patterns of a list as one test: is the text matched by any of them? Most are compared one by one. Where the text and
 * the patterns that have to be searched for are long, all of these are searched at once, in bounded time (automaton.ts).
 */

import type { Context } from '../request/types.ts'
import { matchesAny } from './automaton.ts'
import { longestSearch, searchOf } from './glob.ts'
import type { Part } from './template.ts'

export type TextTest = (text: string, context: Context) => boolean

/** A pattern that has to be searched for: it may need many steps. */
interface Search {
  /** The same pattern for the automaton. */
  readonly parts: readonly Part[]
  /** V8 searches, in linear time. */
  readonly isNative: boolean
}

export interface Pattern {
  readonly matches: TextTest
  readonly search: Search | undefined
}

/** @param components what `matches` searches one by one, where that is not the whole pattern */
export function toPattern(
  matches: TextTest,
  parts: readonly Part[],
  components: readonly (readonly Part[])[] = [parts],
): Pattern {
  const kinds = components.map(searchOf)
  const isSearched = kinds.some((kind) => kind !== 'none')
  return { matches, search: isSearched ? { parts, isNative: !kinds.includes('stepwise') } : undefined }
}

/** So many steps, a comparison of two letters each, take some 0.1 ms at most; a run of the automaton begins with a few µs. */
const stepsMax = 65_536
/** Texts as long as most are, which no list that fits a document makes slow. */
const shortText = 64

export function anyOf(patterns: readonly Pattern[]): TextTest {
  const compared = patterns.filter(({ search }) => search === undefined).map(({ matches }) => matches)
  const searched = patterns.filter(({ search }) => search !== undefined)
  if (searched.length === 0) return some(compared)
  const search = searchAny(searched)
  return compared.length === 0 ? search : some([...compared, search])
}

function searchAny(patterns: readonly Pattern[]): TextTest {
  const oneByOne = some(patterns.map(({ matches }) => matches))
  const searches = patterns.flatMap(({ search }) => search ?? [])
  const templates = searches.map(({ parts }) => parts)
  return (text, context) => {
    if (text.length <= shortText || isLittle(searches, text.length, context)) return oneByOne(text, context)
    return matchesAny(templates, text, context)
  }
}

/** What stands between two stars is looked for from where the last one was found, so no place is tried for two of them. */
function isLittle(searches: readonly Search[], length: number, context: Context): boolean {
  let steps = 0
  for (const { parts, isNative } of searches) {
    steps += isNative ? length : length * Math.min(longestSearch(parts, context), length)
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
