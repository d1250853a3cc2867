import { describe, expect, test } from 'vitest'
import { toAsked } from '../../../test/support/policy-asked.ts'
import { baseOperators, readOperator } from '../parse/operator.ts'
import { buildContext } from '../request/build-context.ts'
import type { ContextValue } from '../request/types.ts'
import type { BaseOperator, Condition, Effect, Text } from '../types.ts'
import { compileCondition } from './condition.ts'

const text = (value: string): Text => ({ value, line: 1, column: 1 })
const variable = (inside: string) => `$\{${inside}}`

function holds(
  name: string,
  values: readonly string[],
  actual: ContextValue | undefined,
  more: readonly (readonly [string, ContextValue])[] = [],
  effect: Effect = 'Allow',
  key = 'aws:Key',
): boolean {
  const operator = readOperator(name)
  if (operator === undefined) throw new Error(`no operator ${name}`)
  const condition: Condition = {
    operator: text(name),
    ...operator,
    key: text(key),
    values: values.map(text),
    line: 1,
    column: 1,
  }
  const context = new Map<string, ContextValue>(more)
  if (actual !== undefined) context.set(key, actual)
  return compileCondition(condition, '2012-10-17', effect)(toAsked(buildContext(context)))
}

/** For each operator: the policy's values, a value of the request that is equal (like, within …), and one that is not. */
const samples: Record<Exclude<BaseOperator, 'Null'>, [wanted: string[], alike: string, different: string]> = {
  StringEquals: [['red', 'blue'], 'blue', 'Red'],
  StringNotEquals: [['red', 'blue'], 'blue', 'Red'],
  StringEqualsIgnoreCase: [['red', 'blue'], 'BLUE', 'green'],
  StringNotEqualsIgnoreCase: [['red', 'blue'], 'BLUE', 'green'],
  StringLike: [['red*', 'b?ue'], 'blue', 'Redder'],
  StringNotLike: [['red*', 'b?ue'], 'blue', 'Redder'],
  NumericEquals: [['10', '20'], '20.0', '15'],
  NumericNotEquals: [['10', '20'], '20.0', '15'],
  NumericLessThan: [['10'], '9.5', '10'],
  NumericLessThanEquals: [['10'], '10', '10.5'],
  NumericGreaterThan: [['10'], '10.5', '10'],
  NumericGreaterThanEquals: [['10'], '10', '9'],
  DateEquals: [['2026-01-01T00:00:00Z'], '1767225600', '2026-01-02'],
  DateNotEquals: [['2026-01-01T00:00:00Z'], '1767225600', '2026-01-02'],
  DateLessThan: [['2026-01-01T00:00:00Z'], '2025-12-31T23:59:59Z', '2026-01-01'],
  DateLessThanEquals: [['2026-01-01T00:00:00Z'], '2026', '2026-01-01T00:00:01Z'],
  DateGreaterThan: [['2026-01-01T00:00:00Z'], '2026-01-01T00:00:01Z', '2026-01-01T01:00:00+01:00'],
  DateGreaterThanEquals: [['2026-01-01T00:00:00Z'], '2026-01-01T00:00:00Z', '2025-12-31T23:59:59.9Z'],
  Bool: [['true'], 'True', 'false'],
  BinaryEquals: [['QQ=='], 'QQ==', 'Qg=='],
  IpAddress: [['203.0.113.0/24', '2001:db8::/32'], '2001:db8::7', '198.51.100.7'],
  NotIpAddress: [['203.0.113.0/24', '2001:db8::/32'], '2001:db8::7', '198.51.100.7'],
  ArnEquals: [['arn:aws:iam::*:user/a*'], 'arn:aws:iam::1:user/alice', 'arn:aws:iam::1:role/alice'],
  ArnNotEquals: [['arn:aws:iam::*:user/a*'], 'arn:aws:iam::1:user/alice', 'arn:aws:iam::1:role/alice'],
  ArnLike: [['arn:aws:iam::*:user/a*'], 'arn:aws:iam::1:user/alice', 'arn:aws:iam::1:role/alice'],
  ArnNotLike: [['arn:aws:iam::*:user/a*'], 'arn:aws:iam::1:user/alice', 'arn:aws:iam::1:role/alice'],
}

/**
 * T the condition holds, f it does not. Columns: one value alike · one different · key missing · values alike and
 * different · two different · two alike · an empty set.
 */
const table = {
  positive: {
    plain: 'T f f f f f f',
    IfExists: 'T f T f f f T',
    ForAllValues: 'T f T f f T T',
    ForAllValuesIfExists: 'T f T f f T T',
    ForAnyValue: 'T f f T f T f',
    ForAnyValueIfExists: 'T f T T f T T',
  },
  negated: {
    plain: 'f T T f f f T',
    IfExists: 'f T T f f f T',
    ForAllValues: 'f T T f T f T',
    ForAllValuesIfExists: 'f T T f T f T',
    ForAnyValue: 'f T f T T f f',
    ForAnyValueIfExists: 'f T T T T f T',
  },
} as const

const isNegated = (base: BaseOperator) => base.includes('Not')

describe.each(baseOperators.filter((base) => base !== 'Null'))('%s', (base) => {
  const [wanted, alike, different] = samples[base]
  const columns = [alike, different, undefined, [different, alike], [different, different], [alike, alike], []] as const

  test.each(Object.entries(table[isNegated(base) ? 'negated' : 'positive']))('%s: %s', (form, expected) => {
    const set = /^For\w+Values?(?=IfExists|$)/.exec(form)?.[0]
    const name = `${set === undefined ? '' : `${set}:`}${base}${form.endsWith('IfExists') ? 'IfExists' : ''}`
    const got = columns.map((actual) => (holds(name, wanted, actual) ? 'T' : 'f')).join(' ')
    expect(got).toBe(expected)
  })

  test('without values in the policy nothing matches', () => {
    expect(holds(base, [], alike)).toBe(isNegated(base))
    expect(holds(base, [], undefined)).toBe(isNegated(base))
  })
})

describe('a multivalued key never satisfies an operator without set qualifier', () => {
  test.each(baseOperators.filter((base) => base !== 'Null'))('%s', (base) => {
    const [wanted, alike, different] = samples[base]
    for (const name of [base, `${base}IfExists`]) {
      for (const value of [alike, different]) expect(holds(name, wanted, value, [], 'Allow', 'aws:TagKeys')).toBe(false)
    }
    expect(holds(`ForAnyValue:${base}`, wanted, alike, [], 'Allow', 'aws:TagKeys')).toBe(!isNegated(base))
  })
})

describe('an ARN of the policy that is none makes its statement fail to the safe side, once it is reached', () => {
  const user = 'arn:aws:iam::1:user/a'
  const users = 'arn:aws:iam::*:user/*'

  test.each<[name: string, values: string[], actual: string, inAllow: boolean, inDeny: boolean]>([
    ['ArnLike', ['not-an-arn'], user, false, true],
    ['ArnNotLike', ['not-an-arn'], user, false, true],
    ['ArnEquals', ['arn:aws:iam::*'], user, false, true],
    ['ArnLike', ['not-an-arn'], 'not-an-arn', false, false],
    ['ArnNotLike', ['not-an-arn'], 'not-an-arn', false, false],
    ['ArnLike', ['not-an-arn', users], user, false, true],
    ['ArnLike', [users, 'not-an-arn'], user, true, true],
    ['ArnNotLike', [users, 'not-an-arn'], user, false, false],
    ['ArnLike', ['not-an-arn', 'arn:aws:iam::*:role/*'], user, false, true],
  ])('%s %j against %s', (name, values, actual, inAllow, inDeny) => {
    expect(holds(name, values, actual, [], 'Allow')).toBe(inAllow)
    expect(holds(name, values, actual, [], 'Deny')).toBe(inDeny)
  })
})

describe('Null', () => {
  test.each<[actual: ContextValue | undefined, isMissing: boolean]>([
    [undefined, true],
    [[], true],
    ['', false],
    ['x', false],
    [['x'], false],
    [['x', 'y'], false],
  ])('the request has %j, missing: %s', (actual, isMissing) => {
    for (const set of ['', 'ForAllValues:', 'ForAnyValue:']) {
      expect(holds(`${set}Null`, ['true'], actual)).toBe(isMissing)
      expect(holds(`${set}Null`, ['False'], actual)).toBe(!isMissing)
      expect(holds(`${set}Null`, ['true', 'false'], actual)).toBe(true)
      expect(holds(`${set}Null`, ['maybe'], actual)).toBe(!isMissing)
    }
  })
})

describe('values that the operator cannot read match nothing', () => {
  test.each<[name: string, wanted: string, actual: string]>([
    ['NumericEquals', '0', ''],
    ['NumericLessThan', '10', 'x'],
    ['NumericGreaterThan', 'x', '10'],
    ['DateLessThan', '2026', 'yesterday'],
    ['DateEquals', 'x', 'x'],
    ['Bool', 'true', '1'],
    ['BinaryEquals', '-', '-'],
    ['IpAddress', 'localhost', 'localhost'],
    ['IpAddress', '10.0.0.0/8', '10.0.0'],
    ['ArnLike', 'user/*', 'user/a'],
    ['ArnEquals', 'arn:aws:s3', 'arn:aws:s3:::b'],
  ])('%s %j against %j', (name, wanted, actual) => {
    expect(holds(name, [wanted], actual)).toBe(false)
  })

  test.each<[name: string, wanted: string, expected: boolean]>([
    ['NumericNotEquals', '1', true],
    ['DateNotEquals', '2026', true],
    ['NotIpAddress', '10.0.0.0/8', false],
    ['ArnNotLike', 'arn:aws:iam::*:user/a', false],
    ['ArnNotEquals', 'arn:aws:iam::*:user/a', false],
    ['ArnNotLike', '*', false],
  ])('%s %j of what it cannot read: %s', (name, wanted, expected) => {
    expect(holds(name, [wanted], 'x')).toBe(expected)
    expect(holds(`${name}IfExists`, [wanted], 'x')).toBe(expected)
    expect(holds(`ForAnyValue:${name}`, [wanted], ['x'])).toBe(expected)
    expect(holds(`ForAllValues:${name}`, [wanted], ['x'])).toBe(expected)
  })
})

describe('values as the operator says', () => {
  test.each<[name: string, wanted: string, actual: string, expected: boolean]>([
    ['StringEquals', 'a*', 'a*', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', variable('*'), '*', true],
    ['StringEqualsIgnoreCase', 'STRASSE', 'straße', false],
    ['StringEqualsIgnoreCase', 'ÄRGER', 'ärger', true],
    ['StringEqualsIgnoreCase', '@[', '`{', false],
    ['StringLike', variable('*'), 'x', false],
    ['StringLike', variable('aws:username'), 'al*ce', true],
    ['StringLike', variable('aws:username'), 'alice', false],
    ['StringEquals', `${variable('aws:username')}-x`, 'al*ce-x', true],
    ['StringEqualsIgnoreCase', variable('aws:username'), 'AL*CE', true],
    ['StringEqualsIgnoreCase', variable("aws:none, 'Some'"), 'SOME', true],
    ['ArnLike', `arn:aws:iam::*:user/${variable('aws:username')}`, 'arn:aws:iam::1:user/al*ce', true],
    ['StringEquals', variable('aws:none'), '', false],
    ['StringNotEquals', variable('aws:none'), 'x', true],
    ['StringEquals', variable("aws:none, 'x'"), 'x', true],
    ['NumericEquals', variable('aws:number'), '5', false],
    ['ArnLike', '*', 'arn:aws:s3:::anything', true],
    ['ArnLike', '*', 'anything', false],
    ['Bool', 'false', 'anything', true],
    ['Bool', 'no', 'false', true],
    ['IpAddress', '203.000.113.08/+29', '203.0.113.9', true],
    ['NotIpAddress', '2001:db8::5/64', '2001:db8::5', true],
  ])('%s %j against %j: %s', (name, wanted, actual, expected) => {
    const more = [
      ['aws:username', 'al*ce'],
      ['aws:number', '5'],
    ] as const
    expect(holds(name, [wanted], actual, more)).toBe(expected)
  })
})
