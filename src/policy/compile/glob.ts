/**
 * Patterns without RegExp: a pattern from a policy must not be able to make the server slow. A pattern is compiled to
 * the cheapest of a few kinds; the general one is a list of segments between stars, each searched from the left once. That
 * is quick for what is usual, and its work is at most the pattern's length × the text's: any-of.ts hands to automaton.ts
 * what would be long.
 *
 * A matcher looks at `value` from `start` to `end`, so that a part of an ARN is matched where it stands. A variable's
 * value is matched literally, and a variable without value matches nothing.
 */

import type { Asked } from '../request/asked.ts'
import { type Part, resolveVariable } from './template.ts'
import { variableSteps } from './work.ts'

export type Glob = (value: string, start: number, end: number, asked: Asked) => boolean

export function compileGlob(parts: readonly Part[]): Glob {
  const literal = toLiteral(parts)
  if (literal !== undefined) return exact(literal)
  const segments = toSegments(parts)
  const [first, ...rest] = segments
  const last = rest.pop()
  if (first === undefined) return exact('')
  if (last === undefined) return single(first)
  if (rest.length === 0 && first.literal !== undefined && last.literal !== undefined) {
    return ends(first.literal, last.literal)
  }
  return general(first, rest, last)
}

/** The pattern against a whole text. */
export function compileWhole(parts: readonly Part[]): (text: string, asked: Asked) => boolean {
  const literal = toLiteral(parts)
  if (literal !== undefined) return (text) => text === literal
  const [first, star] = parts
  if (parts.length === 2 && first?.kind === 'text' && star?.kind === 'any') {
    const prefix = first.text
    return (text) => text.startsWith(prefix)
  }
  const glob = compileGlob(parts)
  return (text, asked) => glob(text, 0, text.length, asked)
}

/**
 * Texts of more characters than these V8 may search for in needle × text steps: `indexOf` is Boyer and Moore's, with tables
 * for the last 250 characters (V8, src/strings/string-search.h), and linear up to there.
 */
const needleMax = 250

/**
 * What has to be searched for is what stands between two stars; everything else is compared where it must stand.
 * `native`: `indexOf` does it in linear time; `stepwise`: every place is tried.
 */
export function searchOf(parts: readonly Part[]): 'none' | 'native' | 'stepwise' {
  const middle = toSegments(parts).slice(1, -1)
  if (middle.length === 0) return 'none'
  return middle.every(({ literal }) => literal !== undefined && literal.length <= needleMax) ? 'native' : 'stepwise'
}

/** What it costs to go to the next place, beside the comparison there. */
const placeSteps = 14

/** What it costs at most to look at one place for what stands between two stars, the longest of them; infinite: no match. */
export function stepsAtPlace(parts: readonly Part[], asked: Asked): number {
  let longest = 0
  let steps = 0
  let isBetween = false
  for (const part of parts) {
    if (part.kind !== 'any') {
      // Resolving a variable costs something, also where it stands for nothing.
      steps += part.kind === 'variable' ? variableSteps + lengthOfPart(part, asked) : lengthOfPart(part, asked)
      continue
    }
    if (isBetween && steps > longest) longest = steps
    isBetween = true
    steps = 0
  }
  return longest + placeSteps
}

/** The same for a text of at most 64 characters, which no comparison at one place goes beyond: known before it is read. */
export function stepsAtPlaceOfShort(parts: readonly Part[]): number {
  let longest = 0
  for (const { pieces } of toSegments(parts).slice(1, -1)) {
    longest = Math.max(
      longest,
      pieces.reduce((sum, { kind }) => sum + (kind === 'variable' ? variableSteps : 2), 0),
    )
  }
  return longest + placeSteps
}

/** Infinite where a variable has no value, so that nothing matches. */
function lengthOfPart(part: Part, asked: Asked): number {
  if (part.kind === 'text') return part.text.length
  if (part.kind === 'variable') return resolveVariable(part, asked)?.length ?? Number.POSITIVE_INFINITY
  return part.kind === 'one' ? 1 : 0
}

/** The text of a pattern without wildcards and variables. */
export function toLiteral(parts: readonly Part[]): string | undefined {
  if (parts.length === 0) return ''
  const [part] = parts
  return parts.length === 1 && part?.kind === 'text' ? part.text : undefined
}

function exact(literal: string): Glob {
  const { length } = literal
  return (value, start, end) => end - start === length && value.startsWith(literal, start)
}

function ends(prefix: string, suffix: string): Glob {
  const least = prefix.length + suffix.length
  if (least === 0) return () => true
  if (suffix === '') return (value, start, end) => end - start >= least && value.startsWith(prefix, start)
  if (prefix === '') return (value, start, end) => end - start >= least && value.endsWith(suffix, end)
  return (value, start, end) => end - start >= least && value.startsWith(prefix, start) && value.endsWith(suffix, end)
}

/** A run of pieces without star: text, `?` (null) and variables. Its length is fixed once the variables are known. */
interface Segment {
  readonly pieces: readonly (Part & { kind: 'text' | 'one' | 'variable' })[]
  readonly literal: string | undefined
}

function toSegments(parts: readonly Part[]): readonly Segment[] {
  const runs: Segment['pieces'][number][][] = [[]]
  for (const part of parts) {
    if (part.kind === 'any') runs.push([])
    else runs.at(-1)?.push(part as Segment['pieces'][number]) // `any` is the only other kind
  }
  return runs.map((pieces) => ({ pieces, literal: toLiteral(pieces) }))
}

function single(segment: Segment): Glob {
  return (value, start, end, asked) => matchAt(segment, value, start, end, asked) === end
}

function general(first: Segment, middle: readonly Segment[], last: Segment): Glob {
  return (value, start, end, asked) => {
    let at = matchAt(first, value, start, end, asked)
    if (at < 0) return false
    const lastStart = end - lengthOf(last, asked)
    if (lastStart < at) return false
    for (const segment of middle) {
      at = find(segment, value, at, lastStart, asked)
      if (at < 0) return false
    }
    return matchAt(last, value, lastStart, end, asked) === end
  }
}

/** Where the leftmost match within `start`..`end` ends, or -1. */
function find(segment: Segment, value: string, start: number, end: number, asked: Asked): number {
  if (segment.literal !== undefined) {
    const at = value.indexOf(segment.literal, start)
    return at < 0 || at + segment.literal.length > end ? -1 : at + segment.literal.length
  }
  for (let at = start; at <= end; at++) {
    const found = matchAt(segment, value, at, end, asked)
    if (found >= 0) return found
  }
  return -1
}

/** Where the match that begins at `start` ends, or -1. */
function matchAt(segment: Segment, value: string, start: number, end: number, asked: Asked): number {
  let at = start
  for (const piece of segment.pieces) {
    if (piece.kind === 'one') {
      at++
      if (at > end) return -1
      continue
    }
    const text = piece.kind === 'text' ? piece.text : resolveVariable(piece, asked)
    if (text === undefined || at + text.length > end || !value.startsWith(text, at)) return -1
    at += text.length
  }
  return at
}

function lengthOf(segment: Segment, asked: Asked): number {
  let length = 0
  for (const piece of segment.pieces) length += lengthOfPart(piece, asked)
  return length
}
