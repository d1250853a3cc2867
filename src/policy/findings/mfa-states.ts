/**
 * For whom the MFA conditions of a statement hold. Instead of recognising spellings (`Bool`, `BoolIfExists`, `Null`,
 * an age), each condition is tried on the four kinds of caller that exist, so that every spelling is understood:
 *
 * | caller                                        | aws:MultiFactorAuthPresent | aws:MultiFactorAuthAge |
 * |-----------------------------------------------|----------------------------|------------------------|
 * | long-term access key                          | absent                     | absent                 |
 * | temporary session or console without MFA      | false                      | absent                 |
 * | the same with MFA, a second ago               | true                       | 1                      |
 * | the same with MFA, long ago                   | true                       | 1,000,000              |
 *
 * Source: IAM User Guide, "AWS global condition context keys", aws:MultiFactorAuthPresent and -Age.
 */

import type { Condition, Statement } from '../types.ts'
import { conditionsOn } from './statement-reach.ts'

const present = 'aws:multifactorauthpresent'
const age = 'aws:multifactorauthage'

export interface MfaStates {
  readonly accessKey: boolean
  readonly withoutMfa: boolean
  readonly freshMfa: boolean
  readonly oldMfa: boolean
}

type Caller = Readonly<Record<string, string>>

const callers: Readonly<Record<keyof MfaStates, Caller>> = {
  accessKey: {},
  withoutMfa: { [present]: 'false' },
  freshMfa: { [present]: 'true', [age]: '1' },
  oldMfa: { [present]: 'true', [age]: '1000000' },
}

export function mfaConditions(statement: Statement): readonly Condition[] {
  return conditionsOn(statement, present, age)
}

/** For whom the statement's MFA conditions hold, all other conditions taken as met. Undefined: it has none. */
export function mfaStates(statement: Statement): MfaStates | undefined {
  const conditions = mfaConditions(statement)
  if (conditions.length === 0) return undefined
  const holds = (caller: Caller): boolean => conditions.every((condition) => holdsFor(condition, caller))
  return {
    accessKey: holds(callers.accessKey),
    withoutMfa: holds(callers.withoutMfa),
    freshMfa: holds(callers.freshMfa),
    oldMfa: holds(callers.oldMfa),
  }
}

/** Does the statement hold for callers without MFA and spare those who have just shown a code? */
export function wantsMfa(states: MfaStates | undefined): states is MfaStates {
  return states !== undefined && (states.accessKey || states.withoutMfa) && !states.freshMfa
}

export function either(a: MfaStates, b: MfaStates): MfaStates {
  return {
    accessKey: a.accessKey || b.accessKey,
    withoutMfa: a.withoutMfa || b.withoutMfa,
    freshMfa: a.freshMfa || b.freshMfa,
    oldMfa: a.oldMfa || b.oldMfa,
  }
}

function holdsFor(condition: Condition, caller: Caller): boolean {
  const actual = caller[condition.key.value.toLowerCase()]
  const values = condition.values.map((value) => value.value.toLowerCase())
  // Only true is true, whatever else is written.
  if (condition.base === 'Null') return values.some((value) => (value === 'true') === (actual === undefined))
  const negated = condition.base.includes('Not')
  if (actual === undefined) return condition.ifExists || condition.set === 'ForAllValues' || negated
  const matched = values.some((value) => compares(condition.base, actual, value))
  return negated ? !matched : matched
}

function compares(base: Condition['base'], actual: string, value: string): boolean {
  switch (base) {
    case 'Bool':
      return (actual === 'true') === (value === 'true')
    case 'NumericLessThan':
      return Number(actual) < Number(value)
    case 'NumericLessThanEquals':
      return Number(actual) <= Number(value)
    case 'NumericGreaterThan':
      return Number(actual) > Number(value)
    case 'NumericGreaterThanEquals':
      return Number(actual) >= Number(value)
    default:
      return actual === value || value === '*'
  }
}
