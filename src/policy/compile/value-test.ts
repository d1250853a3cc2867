/**
 * Does one value of the request match any of the policy's values? One function per family of operators; negation, sets
 * and missing keys are condition.ts's. A value that the operator cannot read (`abc` for a number) matches nothing.
 */

import type { BaseOperator, Condition, Context, Policy, Text } from '../types.ts'
import { compileArn } from './arn.ts'
import { equalBinary } from './binary.ts'
import { readDate } from './date.ts'
import { compileGlob, toLiteral } from './glob.ts'
import { isInRange, parseIpRange, readIp } from './ip-address.ts'
import { readNumber } from './number.ts'
import { type Part, parseTemplate } from './template.ts'

export type ValueTest = (value: string, context: Context) => boolean

/** The operators that hold when nothing matches, each with the one that it negates. */
export const negated: ReadonlyMap<BaseOperator, BaseOperator> = new Map([
  ['StringNotEquals', 'StringEquals'],
  ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
  ['StringNotLike', 'StringLike'],
  ['NumericNotEquals', 'NumericEquals'],
  ['DateNotEquals', 'DateEquals'],
  ['NotIpAddress', 'IpAddress'],
  ['ArnNotEquals', 'ArnEquals'],
  ['ArnNotLike', 'ArnLike'],
])

export function compileValueTest(condition: Condition, version: Policy['version']): ValueTest {
  const base = negated.get(condition.base) ?? condition.base
  const { values } = condition
  if (base === 'Bool') return compileBool(values)
  if (base === 'IpAddress') return compileIp(values)
  if (base.startsWith('Numeric')) return compileOrder(values, readNumber, base.slice('Numeric'.length))
  if (base.startsWith('Date')) return compileOrder(values, readDate, base.slice('Date'.length))
  const variables = version === '2012-10-17'
  return anyOf(values.map(({ value }) => compileText(base, value, variables)))
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  const [first, second, ...more] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (more.length === 0) return (value, context) => first(value, context) || second(value, context)
  return (value, context) => {
    for (const test of tests) if (test(value, context)) return true
    return false
  }
}

function compileText(base: BaseOperator, text: string, variables: boolean): ValueTest {
  if (base === 'BinaryEquals') return (value) => equalBinary(value, text)
  if (base === 'ArnEquals' || base === 'ArnLike') {
    return compileArn(parseTemplate(text, { variables, wildcards: true }), false)
  }
  const parts = parseTemplate(text, { variables, wildcards: base === 'StringLike' })
  const literal = toLiteral(parts)
  if (base === 'StringEqualsIgnoreCase') {
    if (literal !== undefined) return (value) => equalIgnoreCase(value, literal)
    const lower = compileGlob(parts.map(toLower))
    return (value, context) => lower(value.toLowerCase(), 0, value.toLowerCase().length, lowered(context))
  }
  if (literal !== undefined) return (value) => value === literal
  const glob = compileGlob(parts)
  return (value, context) => glob(value, 0, value.length, context)
}

function toLower(part: Part): Part {
  if (part.kind === 'text') return { kind: 'text', text: part.text.toLowerCase() }
  if (part.kind !== 'variable' || part.fallback === undefined) return part
  return { ...part, fallback: part.fallback.toLowerCase() }
}

/** Variables in a comparison without case: their values are lowered too. */
function lowered(context: Context): Context {
  return (key) => {
    const value = typeof context === 'function' ? context(key) : context.get(key)
    return typeof value === 'string' ? value.toLowerCase() : value
  }
}

/** Almost always ASCII, and then nothing is allocated. */
export function equalIgnoreCase(a: string, b: string): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x === y) continue
    if (x > 127 || y > 127) return a.toLowerCase() === b.toLowerCase()
    const lower = x | 0x20
    if (lower !== (y | 0x20) || lower < 0x61 || lower > 0x7a) return false
  }
  return true
}

function compileBool(values: readonly Text[]): ValueTest {
  const wantsTrue = values.some(({ value }) => equalIgnoreCase(value, 'true'))
  const wantsFalse = values.some(({ value }) => equalIgnoreCase(value, 'false'))
  return (value) =>
    (wantsTrue && (value === 'true' || equalIgnoreCase(value, 'true'))) ||
    (wantsFalse && (value === 'false' || equalIgnoreCase(value, 'false')))
}

const scratch = new Float64Array(1)

type Reader = (text: string, out: Float64Array) => boolean

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
}

function compileOrder(values: readonly Text[], read: Reader, comparison: string): ValueTest {
  const wanted = Float64Array.from(values.flatMap(({ value }) => (read(value, scratch) ? [scratch[0] ?? 0] : [])))
  const holds = comparisons[comparison]
  if (holds === undefined) throw new TypeError(`got the comparison ${comparison}`)
  return (value) => {
    if (!read(value, scratch)) return false
    for (let index = 0; index < wanted.length; index++) {
      if (holds(scratch[0] ?? 0, wanted[index] ?? 0)) return true
    }
    return false
  }
}

const ipWords = new Uint16Array(8)

function compileIp(values: readonly Text[]): ValueTest {
  const ranges = values.flatMap(({ value }) => parseIpRange(value) ?? [])
  return (value) => {
    const family = readIp(value, ipWords)
    if (family === 0) return false
    for (const range of ranges) if (isInRange(range, family, ipWords)) return true
    return false
  }
}
