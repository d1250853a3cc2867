/**
 * One condition as a closure: operator × set × IfExists over the values the request carries for one key.
 *
 * A key that the request does not carry, and a key with an empty set of values, are the same: missing. Then
 * - plain: a negated operator holds, any other fails; `…IfExists` holds.
 * - `ForAllValues:` holds; `ForAnyValue:` fails, `ForAnyValue:…IfExists` holds.
 * With values:
 * - plain: a value matches any of the policy's (several values behave as ForAnyValue, negated ones as "none matches").
 * - `ForAllValues:` every value of the request satisfies the operator; `ForAnyValue:` at least one does.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators", "Multivalued context keys".
 */

import type { Condition, Context, Policy } from '../types.ts'
import { findValue } from './context.ts'
import { compileValueTest, equalIgnoreCase, negated, type ValueTest } from './value-test.ts'

export type ConditionTest = (context: Context) => boolean

export function compileCondition(condition: Condition, version: Policy['version']): ConditionTest {
  const key = condition.key.value.toLowerCase()
  if (condition.base === 'Null') return compileNull(condition, key)
  const matches = compileValueTest(condition, version)
  const isNegated = negated.has(condition.base)
  if (condition.set === undefined) {
    return isNegated ? plainNegated(key, matches) : plain(key, matches, condition.ifExists)
  }
  return condition.set === 'ForAllValues'
    ? forAll(key, matches, isNegated)
    : forAny(key, matches, isNegated, condition.ifExists)
}

function plain(key: string, matches: ValueTest, whenMissing: boolean): ConditionTest {
  return (context) => {
    const value = findValue(context, key)
    if (value === undefined) return whenMissing
    if (typeof value === 'string') return matches(value, context)
    return value.length === 0 ? whenMissing : some(value, matches, true, context)
  }
}

/** Missing: a negated operator holds, with IfExists or without. */
function plainNegated(key: string, matches: ValueTest): ConditionTest {
  return (context) => {
    const value = findValue(context, key)
    if (value === undefined) return true
    return typeof value === 'string' ? !matches(value, context) : !some(value, matches, true, context)
  }
}

function forAll(key: string, matches: ValueTest, isNegated: boolean): ConditionTest {
  return (context) => {
    const value = findValue(context, key)
    if (value === undefined) return true
    if (typeof value === 'string') return matches(value, context) !== isNegated
    return !some(value, matches, isNegated, context)
  }
}

function forAny(key: string, matches: ValueTest, isNegated: boolean, whenMissing: boolean): ConditionTest {
  return (context) => {
    const value = findValue(context, key)
    if (value === undefined) return whenMissing
    if (typeof value === 'string') return matches(value, context) !== isNegated
    return value.length === 0 ? whenMissing : some(value, matches, !isNegated, context)
  }
}

/** Is there a value for which the test comes out as `wanted`? */
function some(values: readonly string[], matches: ValueTest, wanted: boolean, context: Context): boolean {
  for (const value of values) if (matches(value, context) === wanted) return true
  return false
}

/** `Null: true` asks that the key be missing, `false` that it be there. A set prefix adds nothing to that. */
function compileNull(condition: Condition, key: string): ConditionTest {
  const wantsMissing = condition.values.some(({ value }) => equalIgnoreCase(value, 'true'))
  const wantsPresent = condition.values.some(({ value }) => equalIgnoreCase(value, 'false'))
  return (context) => {
    const value = findValue(context, key)
    const isMissing = value === undefined || (typeof value !== 'string' && value.length === 0)
    return isMissing ? wantsMissing : wantsPresent
  }
}
