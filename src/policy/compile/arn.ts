/**
 * ARN patterns part by part, as ArnEquals and ArnLike read them: "Each of the six colon-delimited components of the ARN is
 * checked separately and each can include multi-character match wildcards (*) or single-character match wildcards (?)" (IAM
 * user guide, "Condition operators"). So no wildcard reaches over one of the first five colons. In the sixth part a star
 * covers everything, `/` and `:` too. Resource elements read a star more widely: resource.ts.
 */

import type { Asked } from '../request/asked.ts'
import { type Pattern, type TextTest, toPattern } from './any-of.ts'
import { compileGlob, type Glob, toLiteral } from './glob.ts'
import { type Part, resolveVariable } from './template.ts'

/** Where the parts of the last ARN looked at begin and end: each request is asked about one ARN many times. */
let lastArn = ''
let isSplit = false
const colons = [0, 0, 0, 0, 0]

function split(value: string): boolean {
  if (value === lastArn) return isSplit
  let at = -1
  isSplit = true
  for (let index = 0; index < 5; index++) {
    at = value.indexOf(':', at + 1)
    if (at < 0) {
      isSplit = false
      break
    }
    colons[index] = at
  }
  lastArn = value
  return isSplit
}

/** Where the sixth part of an ARN begins, or -1. */
export function tailStart(value: string): number {
  return split(value) ? (colons[4] ?? 0) + 1 : -1
}

export function isArn(value: string): boolean {
  return value.startsWith('arn:') && split(value)
}

/** Where an ARN names the account that its resource belongs to, in twelve digits; -1 where it names none. */
export function accountStart(arn: string): number {
  if (!isArn(arn)) return -1
  const start = (colons[3] ?? 0) + 1
  if ((colons[4] ?? 0) - start !== accountDigits) return -1
  for (let at = start; at < start + accountDigits; at++) {
    const code = arn.charCodeAt(at)
    if (code < 0x30 || code > 0x39) return -1
  }
  return start
}

/** Undefined where it names none. */
export function accountInArn(arn: string): string | undefined {
  const start = accountStart(arn)
  return start < 0 ? undefined : arn.slice(start, start + accountDigits)
}

const accountDigits = 12

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

export function isEverything(parts: readonly Part[]): boolean {
  return parts.length === 1 && parts[0]?.kind === 'any'
}

/**
 * A value of an ARN operator, for request values that are ARNs. Undefined: it is no ARN itself, but for `*` and for a
 * variable, whose value is then the ARN.
 */
export function compileArnLike(parts: readonly Part[]): Pattern | undefined {
  if (isEverything(parts)) return toPattern(() => true, parts)
  const [first] = parts
  if (parts.length === 1 && first?.kind === 'variable') {
    return toPattern((value, asked) => value === resolveVariable(first, asked), parts)
  }
  const components = splitArnPattern(parts)
  if (components === undefined || toLiteral(components[0] ?? []) !== 'arn') return undefined
  return byParts(parts, components)
}

/** @param components of `parts` */
export function byParts(parts: readonly Part[], components: readonly (readonly Part[])[]): Pattern {
  const literal = toLiteral(parts)
  if (literal !== undefined) return toPattern((value) => value === literal, parts)
  const prefix = toPrefix(parts, components)
  if (prefix !== undefined) return toPattern((value) => value.startsWith(prefix), parts)
  return toPattern(compareParts(components.map(compileGlob)), withinParts(components), components)
}

/** The whole pattern again, with wildcards and variables of the first five parts that stop at colons. */
function withinParts(components: readonly (readonly Part[])[]): readonly Part[] {
  return components.flatMap((component, index) => {
    const own = index === 5 ? component : component.map(withoutColon)
    return index === 0 ? own : [{ kind: 'text', text: ':' }, ...own]
  })
}

export function withoutColon(part: Part): Part {
  return part.kind === 'text' ? part : { ...part, colon: false }
}

/** Literal text over the fifth colon, then one star to the end: a plain prefix. */
function toPrefix(parts: readonly Part[], components: readonly (readonly Part[])[]): string | undefined {
  const [text, star] = parts
  if (parts.length !== 2 || text?.kind !== 'text' || star?.kind !== 'any') return undefined
  return components[5]?.at(-1)?.kind === 'any' ? text.text : undefined
}

/** Parts that tell most ARNs apart first: the resource, then the account; `arn` and the partition last. */
const order = [5, 4, 2, 3, 1, 0] as const

function compareParts(globs: readonly Glob[]): TextTest {
  const tests = order.map((component) => ({ component, glob: globs[component] ?? (() => false) }))
  return (value: string, asked: Asked) => {
    if (!split(value)) return false
    for (const { component, glob } of tests) {
      const start = component === 0 ? 0 : (colons[component - 1] ?? 0) + 1
      const end = component === 5 ? value.length : (colons[component] ?? 0)
      if (!glob(value, start, end, asked)) return false
    }
    return true
  }
}
