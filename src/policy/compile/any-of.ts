/**
 * The patterns of a list as one test: is the text matched by any of them? Most are compared one by one. Where the text and
 * the patterns that have to be searched for are long, all of these are searched at once, in bounded time (automaton.ts).
 */

import type { Asked } from '../request/asked.ts'
import { matchesAny } from './automaton.ts'
import { searchOf, stepsAtPlace, stepsAtPlaceOfShort } from './glob.ts'
import { type Part, sizeOf } from './template.ts'
import { spend } from './work.ts'

export type TextTest = (text: string, asked: Asked) => boolean

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
  /** What it costs to compare it once where it must stand. */
  readonly size: number
  /** One text, or the beginning of one. */
  readonly isPlain: boolean
}

/** @param components what `matches` searches one by one, where that is not the whole pattern */
export function toPattern(
  matches: TextTest,
  parts: readonly Part[],
  components: readonly (readonly Part[])[] = [parts],
): Pattern {
  const kinds = components.map(searchOf)
  const isSearched = kinds.some((kind) => kind !== 'none')
  return {
    matches,
    search: isSearched ? { parts, isNative: !kinds.includes('stepwise') } : undefined,
    size: sizeOf(parts) + components.length,
    isPlain: parts.every(({ kind }) => kind === 'text' || kind === 'any'),
  }
}

/** So many steps take some 0.3 ms at most; a run of the automaton begins with a few µs. */
const stepsMax = 300_000
/** Texts as long as most are, which no list that fits a document makes slow. */
const shortText = 64

export function anyOf(patterns: readonly Pattern[]): TextTest {
  const compared = patterns.filter(({ search }) => search === undefined)
  const searched = patterns.filter(({ search }) => search !== undefined)
  if (searched.length === 0) return compareAny(compared)
  const search = searchAny(searched)
  return compared.length === 0 ? search : some([compareAny(compared), search])
}

/** What all of them cost is known before: no comparison goes beyond the pattern, nor, but for variables, beyond the text. */
function compareAny(patterns: readonly Pattern[]): TextTest {
  const test = some(patterns.map(({ matches }) => matches))
  // One plain text costs no more than reading it did.
  if (patterns.length === 0 || (patterns.length === 1 && patterns[0]?.isPlain === true)) return test
  // Numbers, so that the test keeps no pattern that is not compared any more.
  const sizeOfPlain = sum(patterns.filter(({ isPlain }) => isPlain))
  const plainCount = patterns.filter(({ isPlain }) => isPlain).length
  const others = sum(patterns) - sizeOfPlain
  return (text, asked) => {
    spend(asked, others + Math.min(sizeOfPlain, plainCount * (text.length + 1)))
    return test(text, asked)
  }
}

function sum(patterns: readonly Pattern[]): number {
  return patterns.reduce((total, { size }) => total + size, 0)
}

function searchAny(patterns: readonly Pattern[]): TextTest {
  const oneByOne = some(patterns.map(({ matches }) => matches))
  const searches = patterns.flatMap(({ search }) => search ?? [])
  const templates = searches.map(({ parts }) => parts)
  const size = sum(patterns)
  const atPlaceOfShort = searches.reduce(
    (total, { parts, isNative }) => total + (isNative ? 1 : stepsAtPlaceOfShort(parts)),
    0,
  )
  return (text, asked) => {
    if (text.length <= shortText) {
      spend(asked, size + text.length * atPlaceOfShort)
      return oneByOne(text, asked)
    }
    spend(asked, size)
    const steps = stepsOf(searches, text.length, asked)
    if (steps > stepsMax) return matchesAny(templates, text, asked)
    spend(asked, steps)
    return oneByOne(text, asked)
  }
}

/** What stands between two stars is looked for from where the last one was found, so no place is tried for two of them. */
function stepsOf(searches: readonly Search[], length: number, asked: Asked): number {
  let steps = 0
  for (const { parts, isNative } of searches) {
    steps += isNative ? length : length * stepsAtPlace(parts, asked)
    if (steps > stepsMax) return steps
  }
  return steps
}

function some(tests: readonly TextTest[]): TextTest {
  const [first, second, ...more] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (more.length === 0) return (text, asked) => first(text, asked) || second(text, asked)
  return (text, asked) => {
    for (const test of tests) if (test(text, asked)) return true
    return false
  }
}
