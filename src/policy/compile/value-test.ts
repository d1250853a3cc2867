/**
 * Does one value of the request satisfy the operator, given the policy's values? Sets and missing keys are condition.ts's.
 *
 * What cannot be read matches nothing: so a negated operator is satisfied by a number or a date that is none, but neither
 * IpAddress nor NotIpAddress by what is no address, and no ARN operator by what is no ARN (recorded from AWS:
 * github.com/radkawar/stackd, testdata/aws/iam/condition_values.json).
 */

import type { Asked } from '../request/asked.ts'
import { equalsIgnoringCase } from '../request/fold.ts'
import type { BaseOperator, Condition, Effect, Policy, Text } from '../types.ts'
import { anyOf, type Pattern, type TextTest, toPattern } from './any-of.ts'
import { compileArnLike, isArn } from './arn.ts'
import { equalBinary } from './binary.ts'
import { readDate } from './date.ts'
import { compileWhole, toLiteral } from './glob.ts'
import { isInRange, parseIpRange, readIp } from './ip-address.ts'
import { readNumber } from './number.ts'
import { type Part, parseTemplate, resolveVariable } from './template.ts'
import { spend } from './work.ts'

export type ValueTest = TextTest

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

export function compileValueTest(condition: Condition, version: Policy['version'], effect: Effect): ValueTest {
  const base = negated.get(condition.base) ?? condition.base
  const wanted = !negated.has(condition.base)
  const { values } = condition
  const variables = version === '2012-10-17'
  if (base === 'IpAddress') return compileIp(values, wanted)
  if (base === 'ArnEquals' || base === 'ArnLike') return compileArns(values, variables, wanted, effect)
  const matches = compileMatches(base, values, variables)
  return wanted ? matches : (value, asked) => !matches(value, asked)
}

function compileMatches(base: BaseOperator, values: readonly Text[], variables: boolean): ValueTest {
  if (base === 'Bool') return compileBool(values)
  if (base.startsWith('Numeric')) return compileOrder(values, readNumber, base.slice('Numeric'.length))
  if (base.startsWith('Date')) return compileOrder(values, readDate, base.slice('Date'.length))
  return anyOf(values.map(({ value }) => compileText(base, value, variables)))
}

function compileText(base: BaseOperator, text: string, variables: boolean): Pattern {
  const parts = parseTemplate(text, { variables, wildcards: base === 'StringLike' })
  if (base === 'BinaryEquals') return toPattern((value) => equalBinary(value, text), parts)
  if (base === 'StringEqualsIgnoreCase') return toPattern(likeIgnoringCase(parts), parts)
  return toPattern(compileWhole(parts), parts)
}

/**
 * Both texts in lower case, as AWS does (recorded, condition_values.json), whether the policy writes the text or a variable
 * stands for it. Lower case is as long as the text but for U+0130, which becomes two letters.
 */
function likeIgnoringCase(parts: readonly Part[]): ValueTest {
  const literal = toLiteral(parts)
  if (literal !== undefined) return likeLiteral(literal)
  return (value, asked) => {
    const wanted = join(parts, 2 * value.length, asked)
    if (wanted === undefined) return false
    spend(asked, (value.length + wanted.length) * loweringSteps)
    return value.toLowerCase() === wanted.toLowerCase()
  }
}

/** What a letter costs to bring to lower case. */
const loweringSteps = 4

function likeLiteral(literal: string): ValueTest {
  const lower = literal.toLowerCase()
  const mayDiffer = lower.includes('i\u0307')
  return (value, asked) => {
    if (value === literal) return true
    if (value.length !== literal.length && !mayDiffer) return false
    const place = firstDifference(value, literal)
    if (place < 0) return value.length === literal.length
    if (value.charCodeAt(place) <= 0x7f && literal.charCodeAt(place) <= 0x7f) return false
    spend(asked, (value.length + lower.length) * loweringSteps)
    return value.toLowerCase() === lower
  }
}

/** The first place where two texts differ by more than the case of an ASCII letter; -1: none, as far as both go. */
function firstDifference(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x === y) continue
    const lower = x | 0x20
    if (x > 0x7f || y > 0x7f || lower !== (y | 0x20) || lower < 0x61 || lower > 0x7a) return at
  }
  return -1
}

/** The text of a pattern without wildcards; undefined: a variable has no value, or the text would be longer than `lengthMax`. */
function join(parts: readonly Part[], lengthMax: number, asked: Asked): string | undefined {
  let text = ''
  for (const part of parts) {
    const piece = part.kind === 'text' ? part.text : part.kind === 'variable' ? resolveVariable(part, asked) : undefined
    if (piece === undefined || text.length + piece.length > lengthMax) return undefined
    text += piece
  }
  return text
}

/**
 * A value of the policy that is no ARN makes its statement fail to the safe side as soon as it is reached: it stands in an
 * Allow for what does not hold, in a Deny for what does, whatever stands behind it (recorded, condition_values.json;
 * docs/decisions/0006).
 */
function compileArns(values: readonly Text[], variables: boolean, wanted: boolean, effect: Effect): ValueTest {
  const patterns = values.map(({ value }) => compileArnLike(parseTemplate(value, { variables, wildcards: true })))
  const broken = patterns.indexOf(undefined)
  const before = broken < 0 ? patterns : patterns.slice(0, broken)
  const matches = anyOf(before.filter((pattern) => pattern !== undefined))
  const otherwise = broken < 0 ? !wanted : effect === 'Deny'
  return (value, asked) => {
    spend(asked, value.length >> 4)
    return isArn(value) && (matches(value, asked) ? wanted : otherwise)
  }
}

/** Only `true`, in any case, is true; whatever else the request or the policy says is false. */
function compileBool(values: readonly Text[]): ValueTest {
  const wantsTrue = values.some(({ value }) => isTrue(value))
  const wantsFalse = values.some(({ value }) => !isTrue(value))
  return (value) => (isTrue(value) ? wantsTrue : wantsFalse)
}

export function isTrue(text: string): boolean {
  return text === 'true' || equalsIgnoringCase(text, 'true')
}

const scratch = new Float64Array(1)
/** What a digit costs: a number of thousands of them is read slowly. */
const readingSteps = 4

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
  return (value, asked) => {
    spend(asked, value.length * readingSteps + wanted.length)
    if (!read(value, scratch)) return false
    for (let index = 0; index < wanted.length; index++) {
      if (holds(scratch[0] ?? 0, wanted[index] ?? 0)) return true
    }
    return false
  }
}

const ipWords = new Uint16Array(8)
/** Words of an address, at most. */
const rangeSteps = 8

function compileIp(values: readonly Text[], wanted: boolean): ValueTest {
  const ranges = values.flatMap(({ value }) => parseIpRange(value) ?? [])
  return (value, asked) => {
    spend(asked, (value.length >> 4) + ranges.length * rangeSteps)
    const family = readIp(value, ipWords)
    if (family === 0) return false
    for (const range of ranges) if (isInRange(range, family, ipWords)) return wanted
    return !wanted
  }
}
