/**
 * One condition as a closure: operator × set × IfExists over the values the request carries for one key.
 *
 * A key that the request does not carry, and a key with an empty set of values, are the same: missing. Then
 * - plain: a negated operator holds, any other fails; `…IfExists` holds.
 * - `ForAllValues:` holds; `ForAnyValue:` fails, `ForAnyValue:…IfExists` holds.
 * With values:
 * - plain: the value satisfies the operator. The values of a multivalued key never do, be it one or many, negated or
 *   IfExists (recorded from AWS: github.com/radkawar/stackd, testdata/aws/iam/condition_sets.json).
 * - `ForAllValues:` every value of the request satisfies the operator; `ForAnyValue:` at least one does.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators", "Multivalued context keys".
 */

import type { Asked } from '../request/asked.ts'
import { toAsciiLower } from '../request/fold.ts'
import type { Condition, Effect, Policy } from '../types.ts'
import { compileValueTest, isTrue, negated, type ValueTest } from './value-test.ts'
import { spend } from './work.ts'

export type ConditionTest = (asked: Asked) => boolean

export function compileCondition(condition: Condition, version: Policy['version'], effect: Effect): ConditionTest {
  const key = toAsciiLower(condition.key.value)
  if (condition.base === 'Null') return compileNull(condition, key)
  const satisfies = compileValueTest(condition, version, effect)
  if (condition.set === 'ForAllValues') return forAll(key, satisfies)
  if (condition.set === 'ForAnyValue') return forAny(key, satisfies, condition.ifExists)
  return plain(key, satisfies, condition.ifExists || negated.has(condition.base))
}

function plain(key: string, satisfies: ValueTest, whenMissing: boolean): ConditionTest {
  return (asked) => {
    const value = asked.values.get(key)
    if (value === undefined) return whenMissing
    if (typeof value === 'string') return satisfies(value, asked)
    return value.length === 0 && whenMissing
  }
}

function forAll(key: string, satisfies: ValueTest): ConditionTest {
  return (asked) => {
    const values = asked.values.get(key)
    if (values === undefined) return true
    if (typeof values === 'string') return satisfies(values, asked)
    spend(asked, values.length)
    for (const value of values) if (!satisfies(value, asked)) return false
    return true
  }
}

function forAny(key: string, satisfies: ValueTest, whenMissing: boolean): ConditionTest {
  return (asked) => {
    const values = asked.values.get(key)
    if (values === undefined) return whenMissing
    if (typeof values === 'string') return satisfies(values, asked)
    if (values.length === 0) return whenMissing
    spend(asked, values.length)
    for (const value of values) if (satisfies(value, asked)) return true
    return false
  }
}

/**
 * `Null: true` asks that the key be missing, any other value that it be there: only `true`, in any case, is true (recorded
 * from AWS: github.com/radkawar/stackd, testdata/aws/iam/condition_values.json). A set prefix adds nothing to that.
 */
function compileNull(condition: Condition, key: string): ConditionTest {
  const wantsMissing = condition.values.some(({ value }) => isTrue(value))
  const wantsPresent = condition.values.some(({ value }) => !isTrue(value))
  return (asked) => {
    const value = asked.values.get(key)
    const isMissing = value === undefined || (typeof value !== 'string' && value.length === 0)
    return isMissing ? wantsMissing : wantsPresent
  }
}
