/**
 * ARN patterns are matched part by part: split at the first five colons, each of the six parts is a pattern of its own,
 * and no wildcard reaches over one of those colons. In the sixth part a star covers everything, `/` and `:` too
 * (IAM user guide, "IAM JSON policy elements: Resource" and "Amazon Resource Name (ARN) condition operators").
 */

import type { Context } from '../types.ts'
import { compileGlob, type Glob, toLiteral } from './glob.ts'
import type { Part } from './template.ts'

export type ArnTest = (value: string, context: Context) => boolean

/** Where the parts of the last ARN looked at begin and end: each request is asked about one ARN many times. */
let lastArn = ''
let isArn = false
const colons = [0, 0, 0, 0, 0]

function split(value: string): boolean {
  if (value === lastArn) return isArn
  let at = -1
  isArn = true
  for (let index = 0; index < 5; index++) {
    at = value.indexOf(':', at + 1)
    if (at < 0) {
      isArn = false
      break
    }
    colons[index] = at
  }
  lastArn = value
  return isArn
}

/** Where the sixth part of an ARN begins, or -1. */
export function tailStart(value: string): number {
  return split(value) ? (colons[4] ?? 0) + 1 : -1
}

/** The parts of the six components, or undefined where there are fewer than five colons. */
export function splitArnPattern(parts: readonly Part[]): readonly (readonly Part[])[] | undefined {
  const components: Part[][] = [[]]
  for (const part of parts) {
    if (part.kind !== 'text') {
      components.at(-1)?.push(part)
      continue
    }
    let { text } = part
    while (components.length < 6) {
      const colon = text.indexOf(':')
      if (colon < 0) break
      if (colon > 0) components.at(-1)?.push({ kind: 'text', text: text.slice(0, colon) })
      components.push([])
      text = text.slice(colon + 1)
    }
    if (text !== '') components.at(-1)?.push({ kind: 'text', text })
  }
  return components.length === 6 ? components : undefined
}

/** An incomplete pattern is completed with stars where it is a Resource's, and matches nothing where an operator's. */
export function compileArn(parts: readonly Part[], completed: boolean): ArnTest {
  if (isEverything(parts)) return () => true
  const components = splitArnPattern(completed ? complete(parts) : parts)
  if (components === undefined) return () => false
  const literal = toLiteral(parts)
  if (literal !== undefined && splitArnPattern(parts) !== undefined) return (value) => value === literal
  const prefix = toPrefix(parts, components)
  if (prefix !== undefined) return (value) => value.startsWith(prefix)
  return byParts(components.map(compileGlob))
}

export function isEverything(parts: readonly Part[]): boolean {
  return parts.length === 1 && parts[0]?.kind === 'any'
}

function complete(parts: readonly Part[]): readonly Part[] {
  const added: Part[] = []
  while (splitArnPattern([...parts, ...added]) === undefined) added.push({ kind: 'text', text: ':' }, { kind: 'any' })
  return [...parts, ...added]
}

/** Literal text over the fifth colon, then one star to the end: a plain prefix. */
function toPrefix(parts: readonly Part[], components: readonly (readonly Part[])[]): string | undefined {
  const [text, star] = parts
  if (parts.length !== 2 || text?.kind !== 'text' || star?.kind !== 'any') return undefined
  return components[5]?.at(-1)?.kind === 'any' ? text.text : undefined
}

function byParts(globs: readonly Glob[]): ArnTest {
  // Parts that tell most ARNs apart first: the resource, then the account; `arn` and the partition last.
  const order = [5, 4, 2, 3, 1, 0]
  const tests = order.map((component) => ({ component, glob: globs[component] ?? (() => false) }))
  return (value, context) => {
    if (!split(value)) return false
    for (const { component, glob } of tests) {
      const start = component === 0 ? 0 : (colons[component - 1] ?? 0) + 1
      const end = component === 5 ? value.length : (colons[component] ?? 0)
      if (!glob(value, start, end, context)) return false
      // A context that is a function may itself have asked about another ARN.
      if (value !== lastArn) split(value)
    }
    return true
  }
}
