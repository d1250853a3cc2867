/**
 * The values of the policy variables in Resource elements.
 *
 * `arn:aws:iam::*:user/${aws:username}` matches another set of ARNs for each user name, so names are chosen first: two
 * that nobody mentions, and every name by which an ARN that the other patterns speak of would be matched.
 */

import { variablesOf } from '../findings/variables.ts'
import type { ContextValue } from '../request/types.ts'
import type { Region } from './regions.ts'

/** Values of policy variables: key in lower case to value; `undefined`: absent from the request. */
export type Assignment = ReadonlyMap<string, string | undefined>

type ValuesByKey = ReadonlyMap<string, readonly (string | undefined)[]>

const strangers = ['alice', 'bob']
/** So many ways to combine the values of variables are tried. */
const assignmentsMax = 128

/**
 * @param patterns those with variables
 * @param regions of the resources, with a star in the place of each variable
 * @param moreValues that conditions ask of a key
 */
export function assignmentsFor(
  patterns: readonly string[],
  regions: readonly Region[],
  moreValues: ReadonlyMap<string, readonly string[]>,
): { assignments: readonly Assignment[]; complete: boolean } {
  const keys = [...new Set(patterns.flatMap(variablesOf).map((name) => name.toLowerCase()))]
  // One pattern with one variable whose place in the ARN is certain: then every ARN names the one value that fits it.
  let complete = patterns.length <= 1 && keys.every((key) => !moreValues.has(key))
  const valuesByKey = new Map<string, readonly (string | undefined)[]>()
  for (const key of keys) {
    const values = new Set<string | undefined>([undefined, ...strangers, ...(moreValues.get(key) ?? [])])
    for (const pattern of patterns) {
      const around = splitAround(pattern, key)
      if (around === undefined) complete = false
      else for (const region of regions) for (const value of valuesIn(region.text, around)) values.add(value)
    }
    valuesByKey.set(key, [...values])
  }
  const count = [...valuesByKey.values()].reduce((product, values) => product * values.length, 1)
  if (count <= assignmentsMax) return { assignments: product(valuesByKey), complete }
  return { assignments: samples(valuesByKey), complete: false }
}

function product(valuesByKey: ValuesByKey): readonly Assignment[] {
  let assignments: Assignment[] = [new Map()]
  for (const [key, values] of valuesByKey) {
    assignments = assignments.flatMap((known) => values.map((value) => new Map([...known, [key, value]])))
  }
  return assignments
}

/**
 * Each value of each key, once where the request carries no other key and once where it carries them all. The keys take
 * turns: where not every value can be tried, some are of each key.
 */
function samples(valuesByKey: ValuesByKey): readonly Assignment[] {
  const [stranger] = strangers
  const found = new Map<string, Assignment>()
  const longest = Math.max(...[...valuesByKey.values()].map((values) => values.length))
  for (let turn = 0; turn < longest; turn++) {
    for (const [key, values] of valuesByKey) {
      if (turn >= values.length) continue
      for (const others of [undefined, stranger]) {
        const assignment = new Map([...valuesByKey.keys()].map((other) => [other, others]))
        assignment.set(key, values[turn])
        found.set(JSON.stringify([...assignment]), assignment)
        if (found.size >= assignmentsMax) return [...found.values()]
      }
    }
  }
  return [...found.values()]
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

export const variablePattern = /\$\{\s*([A-Za-z0-9:/._@=+-]+)\s*(?:,\s*'([^']*)'\s*)?\}/g

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
