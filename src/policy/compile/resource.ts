/**
 * Resource and NotResource. "If the * wildcard is the last character of a resource ARN segment, it can expand to match
 * beyond the colon boundaries" (IAM user guide, "IAM JSON policy elements: Resource"): such a star stands for anything.
 * Other stars and `?` stay within their segment, but for the sixth part, which holds colons of its own.
 *
 * A pattern with fewer than six parts is completed: `arn:aws:sqs` is `arn:aws:sqs:*:*:*` (the guide, "Identify AWS resources
 * with Amazon Resource Names"). It is also taken as it stands, for a star in it may reach over the parts that lack:
 * `arn:aws:sns:*:topic` matches `arn:aws:sns:us-east-1:111122223333:topic`.
 *
 * NotResource in a Deny is read part by part instead, as docs/decisions/0006 says: the wide reading would spare more.
 */

import type { ResourceElement } from '../types.ts'
import { anyOf, type Pattern, type TextTest, toPattern } from './any-of.ts'
import { byParts, isArn, isEverything, splitArnPattern, withoutColon } from './arn.ts'
import { matchesAny } from './automaton.ts'
import { compileWhole, searchOf } from './glob.ts'
import { type Part, parseTemplate, type TemplateOptions } from './template.ts'

export interface ResourcePattern {
  /** Where the sixth part must begin so, up to its first wildcard or variable; '' where the pattern has no sixth part. */
  readonly tailPrefix: string
  /** The sixth part is exactly `tailPrefix`. */
  readonly isWholeTail: boolean
  /** A star before the sixth part may reach over colons, so that what follows the fifth one may stand behind a later one. */
  readonly roams: boolean
  readonly matches: TextTest
}

export interface CompiledResources {
  /** undefined: every resource. */
  readonly resource: TextTest | undefined
  /** undefined: NotResource, or every resource. */
  readonly resources: readonly ResourcePattern[] | undefined
}

export const everyResource: CompiledResources = { resource: undefined, resources: undefined }

export function compileResources(
  { element, values }: ResourceElement,
  effect: 'Allow' | 'Deny',
  options: TemplateOptions,
): CompiledResources {
  const templates = values.map(({ value }) => parseTemplate(value, options))
  if (element === 'NotResource') {
    if (templates.some(isEverything)) return { resource: () => false, resources: undefined }
    const listed = effect === 'Deny' ? anyOf(templates.map(narrowly)) : anyReading(templates.flatMap(widely))
    return { resource: (value, asked) => !listed(value, asked), resources: undefined }
  }
  if (templates.some(isEverything)) return everyResource
  const readings = templates.flatMap(widely)
  return { resource: anyReading(readings), resources: readings.map(toResourcePattern) }
}

interface Reading {
  readonly parts: readonly Part[]
  /** It has six parts, so what it matches has them too. */
  readonly isComplete: boolean
  readonly pattern: Pattern
}

function anyReading(readings: readonly Reading[]): TextTest {
  const matches = anyOf(readings.map(({ pattern }) => pattern))
  if (readings.every(({ isComplete }) => isComplete)) return matches
  return (value, asked) => isArn(value) && matches(value, asked)
}

function toResourcePattern(reading: Reading): ResourcePattern {
  const { parts } = reading
  const tail = tailOf(parts)
  const [first] = tail
  const tailPrefix = first?.kind === 'text' ? first.text : ''
  return {
    tailPrefix,
    isWholeTail: tail.length === 1 && first?.kind === 'text',
    roams: headOf(parts).some(reachesOver),
    matches: anyReading([reading]),
  }
}

/** Part by part, completed with stars. */
function narrowly(parts: readonly Part[]): Pattern {
  const completed = complete(parts)
  return byParts(completed, splitArnPattern(completed) ?? [])
}

/** A star at the end of a segment stands for anything; a pattern that lacks parts has two readings. */
function widely(parts: readonly Part[]): readonly Reading[] {
  const asItStands = withReach(parts)
  if (splitArnPattern(parts) !== undefined) return [toReading(asItStands)]
  // A star at its end covers what completing would add.
  if (parts.at(-1)?.kind === 'any') return [toReading(asItStands)]
  const completed = toReading(withReach(complete(parts)))
  return asItStands.some(reachesOver) ? [toReading(asItStands), completed] : [completed]
}

function complete(parts: readonly Part[]): readonly Part[] {
  let completed = parts
  while (splitArnPattern(completed) === undefined)
    completed = [...withText(completed, ':'), { kind: 'any', colon: true }]
  return completed
}

function withText(parts: readonly Part[], text: string): readonly Part[] {
  const last = parts.at(-1)
  if (last?.kind !== 'text') return [...parts, { kind: 'text', text }]
  return [...parts.slice(0, -1), { kind: 'text', text: last.text + text }]
}

function toReading(parts: readonly Part[]): Reading {
  const components = splitArnPattern(parts)
  const isComplete = components !== undefined
  const head = headOf(parts)
  if (head.every((part) => part.kind === 'text' || part.colon)) {
    return { parts, isComplete, pattern: toPattern(compileWhole(parts), parts) }
  }
  if (components !== undefined && !head.some(reachesOver))
    return { parts, isComplete, pattern: byParts(parts, components) }
  return { parts, isComplete, pattern: mixed(parts, components) }
}

/**
 * Some wildcards of the first five parts reach over colons, and some do not: only the automaton knows both. It is asked
 * where all of them reaching over would match, and none of them does not.
 */
function mixed(parts: readonly Part[], components: readonly (readonly Part[])[] | undefined): Pattern {
  const narrowest = components && byParts(parts, components).matches
  const widest = searchOf(parts) === 'stepwise' ? startsLike(parts) : compileWhole(parts)
  const patterns = [parts]
  const matches: TextTest = (value, asked) =>
    widest(value, asked) && (narrowest?.(value, asked) === true || matchesAny(patterns, value, asked))
  return { ...toPattern(matches, parts), search: { parts, isNative: false }, isPlain: false }
}

function startsLike([first]: readonly Part[]): TextTest {
  const prefix = first?.kind === 'text' ? first.text : ''
  return (value) => value.startsWith(prefix)
}

/** Marks what stays within its segment: in the first five, `?`, variables, and stars with something behind them. */
function withReach(parts: readonly Part[]): readonly Part[] {
  let colons = 0
  return parts.map((part, index) => {
    if (part.kind === 'text') {
      for (let at = part.text.indexOf(':'); at >= 0; at = part.text.indexOf(':', at + 1)) colons++
      return part
    }
    if (colons >= 5 || (part.kind === 'any' && endsSegment(parts[index + 1]))) return part
    return withoutColon(part)
  })
}

function endsSegment(next: Part | undefined): boolean {
  return next === undefined || (next.kind === 'text' && next.text.startsWith(':'))
}

function reachesOver(part: Part): boolean {
  return part.kind === 'any' && part.colon
}

/** What stands before the fifth colon, or all of a pattern that has fewer. */
function headOf(parts: readonly Part[]): readonly Part[] {
  return parts.slice(0, parts.length - tailOf(parts).length)
}

/** The parts after the fifth colon. */
function tailOf(parts: readonly Part[]): readonly Part[] {
  let colons = 0
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'text') continue
    for (let at = part.text.indexOf(':'); at >= 0; at = part.text.indexOf(':', at + 1)) {
      if (++colons < 5) continue
      const text = part.text.slice(at + 1)
      const rest = parts.slice(index + 1)
      return text === '' ? rest : [{ kind: 'text', text }, ...rest]
    }
  }
  return []
}
