/**
 * The resources that the policies can tell apart, and the values of the policy variables in their Resource elements.
 */

import { variablesOf } from '../findings/variables.ts'
import type { Statement } from '../types.ts'
import { type Assignment, assignmentsFor, substitute, variablePattern } from './assignments.ts'
import { type Budget, findRegions, type Pattern } from './regions.ts'

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
