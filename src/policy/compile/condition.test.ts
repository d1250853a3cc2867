import { describe, expect, test } from 'vitest'
import { baseOperators, readOperator } from '../parse/operator.ts'
import type { BaseOperator, Condition, ContextValue, Text } from '../types.ts'
import { compileCondition } from './condition.ts'

const text = (value: string): Text => ({ value, line: 1, column: 1 })
const variable = (inside: string) => `$\{${inside}}`

function holds(
  name: string,
  values: readonly string[],
  actual: ContextValue | undefined,
  more: readonly (readonly [string, ContextValue])[] = [],
): boolean {
  const operator = readOperator(name)
  if (operator === undefined) throw new Error(`no operator ${name}`)
  const condition: Condition = {
    operator: text(name),
    ...operator,
    key: text('aws:Key'),
    values: values.map(text),
    line: 1,
    column: 1,
  }
  const context = new Map<string, ContextValue>(more)
  if (actual !== undefined) context.set('aws:key', actual)
  return compileCondition(condition, '2012-10-17')(context)
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
    plain: 'T f f T f T f',
    IfExists: 'T f T T f T T',
    ForAllValues: 'T f T f f T T',
    ForAllValuesIfExists: 'T f T f f T T',
    ForAnyValue: 'T f f T f T f',
    ForAnyValueIfExists: 'T f T T f T T',
  },
  negated: {
    plain: 'f T T f T f T',
    IfExists: 'f T T f T f T',
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
      expect(holds(`${set}Null`, ['maybe'], actual)).toBe(false)
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
    ['Bool', 'yes', 'yes'],
    ['Bool', 'true', '1'],
    ['BinaryEquals', '-', '-'],
    ['IpAddress', 'localhost', 'localhost'],
    ['IpAddress', '10.0.0.0/8', '10.0.0'],
    ['ArnLike', 'user/*', 'user/a'],
    ['ArnEquals', 'arn:aws:s3', 'arn:aws:s3:::b'],
  ])('%s %j against %j', (name, wanted, actual) => {
    expect(holds(name, [wanted], actual)).toBe(false)
  })

  test('so a negated operator holds', () => {
    expect(holds('NumericNotEquals', ['1'], 'x')).toBe(true)
    expect(holds('NotIpAddress', ['10.0.0.0/8'], 'x')).toBe(true)
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
    ['ArnLike', '*', 'anything', true],
  ])('%s %j against %j: %s', (name, wanted, actual, expected) => {
    const more = [
      ['aws:username', 'al*ce'],
      ['aws:number', '5'],
    ] as const
    expect(holds(name, [wanted], actual, more)).toBe(expected)
  })
})
