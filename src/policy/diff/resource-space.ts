/**
 * The resources that the policies can tell apart, and the values of the policy variables in their Resource elements.
 *
 * `arn:aws:iam::*:user/${aws:username}` matches another set of ARNs for each user name, so names are chosen first: two
 * that nobody mentions, and every name by which an ARN that the other patterns speak of would be matched.
 */

import { variablesOf } from '../findings/patterns.ts'
import type { ContextValue } from '../request/types.ts'
import type { Statement } from '../types.ts'
import { type Budget, findRegions, type Pattern, type Region } from './regions.ts'

/** Values of policy variables: key in lower case to value; `undefined`: absent from the request. */
export type Assignment = ReadonlyMap<string, string | undefined>

export interface ResourceSpace {
  readonly assignments: readonly Assignment[]
  /** ARNs, and `*` for operations without a resource. */
  readonly resources: readonly string[]
  /** Does the statement's Resource element speak of the resource (by its place in `resources`)? */
  readonly speaksOf: (statement: Statement, resource: number, assignment: Assignment) => boolean
  readonly notCovered: readonly string[]
}

/** Ordinary ARNs first, then all there can be. */
const universes: readonly Pattern[] = [
  { text: 'arn:aws:s3:::*x', arn: 'parts' },
  { text: 'arn:aws:?*::123456789012:*x', arn: 'parts' },
  { text: 'arn:aws:?*:us-east-1:123456789012:*x', arn: 'parts' },
  { text: 'arn:aws*:?*:*:*:?*', arn: 'parts' },
]
const strangers = ['alice', 'bob']
/** Values of two or more variables are combined up to so many ways. */
const assignmentsMax = 64

/** @param decidedApart resources with a rule of their own in `decide`, so that they are regions of their own */
export function resourceSpace(
  statements: readonly Statement[],
  moreValues: ReadonlyMap<string, readonly string[]>,
  decidedApart: readonly Pattern[],
  budget: Budget,
): ResourceSpace {
  const written = [...new Set(statements.flatMap((statement) => textsOf(statement)))]
  const variable = written.filter((text) => variablesOf(text).length > 0)
  const notCovered: string[] = []
  const starred = toPatterns(statements, (text) => [text.replace(variablePattern, '*')])
  const wide = findRegions(universes, [...starred.values()], budget)
  const { assignments, complete } = assignmentsFor(variable, wide.regions, moreValues)
  if (!complete) {
    const keys = [...new Set(variable.flatMap(variablesOf))].map((key) => `\${${key}}`)
    notCovered.push(`only some values of ${keys.join(' and ')} were tried`)
  }
  const patterns = toPatterns(statements, (text) => assignments.flatMap((way) => substitute(text, way) ?? []))
  const found = findRegions(universes, [...patterns.values(), ...decidedApart], budget)
  if (!wide.complete || !found.complete) notCovered.push('not all combinations of the resource patterns were tried')
  const indexOf = new Map([...patterns.keys()].map((key, index) => [key, index]))
  const ofStar = new Set([...patterns.values()].flatMap(({ text }, index) => (/^\*+$/.test(text) ? [index] : [])))
  const matched = [ofStar, ...found.regions.map((region) => new Set(region.matched))]
  return {
    assignments,
    resources: ['*', ...found.regions.map((region) => region.text)],
    speaksOf: (statement, resource, assignment) => {
      if (statement.resources === undefined) return true
      const listed = textsOf(statement).some((text) => {
        const concrete = substitute(text, assignment)
        if (concrete === undefined) return false
        return readingsOf(statement, concrete).some((pattern) => {
          const index = indexOf.get(keyOf(pattern))
          return index !== undefined && matched[resource]?.has(index) === true
        })
      })
      return listed === (statement.resources.element === 'Resource')
    },
    notCovered,
  }
}

function textsOf(statement: Statement): readonly string[] {
  return statement.resources?.values.map((value) => value.value) ?? []
}

/** By key, each once; `expand` replaces the policy variables of a text in every way that is tried. */
function toPatterns(
  statements: readonly Statement[],
  expand: (text: string) => readonly string[],
): ReadonlyMap<string, Pattern> {
  const patterns = statements.flatMap((statement) =>
    textsOf(statement)
      .flatMap(expand)
      .flatMap((text) => readingsOf(statement, text)),
  )
  return new Map(patterns.map((pattern) => [keyOf(pattern), pattern]))
}

function keyOf({ text, arn }: Pattern): string {
  return `${arn} ${text}`
}

/** As compile/resource.ts reads an entry: NotResource in a Deny part by part, and a text that lacks parts in two ways. */
function readingsOf({ effect, resources }: Statement, text: string): readonly Pattern[] {
  if (text === '*') return [{ text, arn: 'resource' }]
  const completed = completeArn(text)
  if (effect === 'Deny' && resources?.element === 'NotResource') return [{ text: completed, arn: 'parts' }]
  return [...new Set([text, completed])].map((form) => ({ text: form, arn: 'resource' }))
}

/** AWS completes an ARN pattern that ends early with stars. */
function completeArn(text: string): string {
  const missing = 6 - text.replace(/\$\{[^}]*\}/g, '').split(':').length
  return missing > 0 ? text + ':*'.repeat(missing) : text
}

const variablePattern = /\$\{\s*([A-Za-z0-9:/._@=+-]+)\s*(?:,\s*'([^']*)'\s*)?\}/g

/** Undefined: a variable has no value and no default, so the pattern matches nothing. A value matches literally. */
export function substitute(text: string, assignment: Assignment): string | undefined {
  let missing = false
  const concrete = text.replace(variablePattern, (_, name: string, fallback: string | undefined) => {
    const value = assignment.get(name.toLowerCase()) ?? fallback
    if (value === undefined) missing = true
    return value?.replace(/[*?$]/g, (char) => `\${${char}}`) ?? ''
  })
  return missing ? undefined : concrete
}

function assignmentsFor(
  patterns: readonly string[],
  regions: readonly Region[],
  moreValues: ReadonlyMap<string, readonly string[]>,
): { assignments: readonly Assignment[]; complete: boolean } {
  const keys = [...new Set(patterns.flatMap(variablesOf).map((name) => name.toLowerCase()))]
  let assignments: Assignment[] = [new Map()]
  // One pattern with one variable whose place in the ARN is certain: then every ARN names the one value that fits it.
  let complete = patterns.length <= 1 && keys.every((key) => !moreValues.has(key))
  for (const key of keys) {
    const values = new Set<string | undefined>([undefined, ...strangers, ...(moreValues.get(key) ?? [])])
    for (const pattern of patterns) {
      const around = splitAround(pattern, key)
      if (around === undefined) complete = false
      else for (const region of regions) for (const value of valuesIn(region.text, around)) values.add(value)
    }
    assignments = assignments.flatMap((known) => [...values].map((value) => new Map([...known, [key, value]])))
    if (assignments.length > assignmentsMax) {
      assignments = assignments.slice(0, assignmentsMax)
      complete = false
    }
  }
  return { assignments, complete }
}

interface Around {
  /** The literal text between the last wildcard before the variable and the variable. */
  readonly before: string
  readonly after: string
}

/** What stands around the only variable of a pattern. Undefined: there are more, or wildcards make its place unsure. */
function splitAround(pattern: string, key: string): Around | undefined {
  const found = [...pattern.matchAll(variablePattern)]
  const [only] = found
  if (only === undefined || found.length > 1 || only[1]?.toLowerCase() !== key || only[2] !== undefined)
    return undefined
  const head = pattern.slice(0, only.index)
  const after = pattern.slice(only.index + only[0].length)
  const tailFrom = head.split(':').slice(0, 5).join(':').length
  if (/[*?]/.test(after) || /[*?]/.test(head.slice(tailFrom)) || head.split(':').length < 6) return undefined
  return { before: head.slice(Math.max(head.lastIndexOf('*'), head.lastIndexOf('?')) + 1), after }
}

/** Every value for which the pattern may match: a star in front may reach over text that looks like what follows it. */
function valuesIn(arn: string, { before, after }: Around): readonly string[] {
  const values: string[] = []
  const end = arn.length - after.length
  if (!arn.endsWith(after)) return values
  for (let at = arn.indexOf(before); at >= 0 && at + before.length <= end; at = arn.indexOf(before, at + 1)) {
    values.push(arn.slice(at + before.length, end))
  }
  return values
}

export function contextOf(assignment: Assignment): Map<string, ContextValue> {
  const context = new Map<string, ContextValue>()
  for (const [key, value] of assignment) if (value !== undefined) context.set(key, value)
  return context
}
