/**
 * Values that are no number, date, address, base64 or ARN: IAM refuses to store them, AssumeRole takes them in a session
 * policy but for base64 (recorded: github.com/radkawar/stackd, testdata/aws/iam/condition_values.json).
 */
import { describe, expect, test } from 'vitest'
import { document, firstOf } from '../../../test/support/policy-documents.ts'
import type { PolicyKind } from '../types.ts'

const kinds: readonly PolicyKind[] = ['identity', 'boundary', 'session', 'resource', 'trust', 'scp', 'rcp']

describe.each<[operator: string, malformed: readonly string[], readable: readonly string[]]>([
  ['NumericEquals', ['nope', '', 'NaN', '0x10', `$\{aws:PrincipalTag/age}`], ['1', '+01', '-2.5', '1e0']],
  ['NumericLessThanIfExists', ['ten'], ['10']],
  ['DateLessThan', ['not-a-date', '2026-02-30', '2026-13-01'], ['2026-01-01', '1893456000', '2026-01-01T00:00:00Z']],
  [
    'IpAddress',
    ['not-an-ip', '203.0.113.0/33', '203.0.113', '2001:db8::5/64', '2001:db8::/129'],
    ['203.0.113.7', '203.0.113.9/24', '203.0.113.07/024', '192.0.2.0/0', '192.0.2.0/+24', '2001:db8::/64', '::1'],
  ],
  ['ForAnyValue:NotIpAddress', ['2001:db8::1/127'], ['2001:db8::2/127']],
  ['BinaryEquals', ['-', 'Q'], ['QQ==', 'QQ']],
  ['ArnLike', ['not-an-arn', 'arn:aws:iam::*', '*:aws:s3:::b'], ['*', 'arn:aws:s3:::*', `$\{aws:PrincipalArn}`]],
  ['ArnNotEqualsIfExists', [''], ['arn:*:iam::*:role/*']],
])('%s', (operator, malformed, readable) => {
  test.each(kinds)('in a policy of kind %s', (kind) => {
    const codeOf = (value: string) =>
      firstOf(document(kind, { Condition: { [operator]: { 'aws:a': value } } }), kind)?.code
    const taken = kind === 'session' && operator !== 'BinaryEquals'
    for (const value of malformed)
      expect([value, codeOf(value)]).toEqual([value, taken ? undefined : 'INVALID_LITERAL'])
    for (const value of readable) expect([value, codeOf(value)]).toEqual([value, undefined])
  })
})

/** IAM user guide, "Identify AWS resources with Amazon Resource Names (ARNs)". */
test('an ARN that lacks parts is completed, but not taken in a session policy', () => {
  const codeOf = (kind: PolicyKind, resource: string) => firstOf(document(kind, { Resource: resource }), kind)?.code
  for (const resource of ['arn:aws:sqs', 'arn:aws:sns:*:topic']) {
    expect(codeOf('identity', resource)).toBeUndefined()
    expect(codeOf('session', resource)).toBe('INCOMPLETE_ARN')
  }
  expect(codeOf('session', `arn:aws:iam::*:user/$\{aws:username}`)).toBeUndefined()
  expect(codeOf('session', '*')).toBeUndefined()
})

describe('one value has at most 10,240 characters, as much as AWS stores', () => {
  const long = 'x'.repeat(10_240)

  test.each<[where: string, change: (text: string) => Record<string, unknown>]>([
    ['Action', (text) => ({ Action: `s3:${text.slice(3)}` })],
    ['Resource', (text) => ({ Resource: `arn:aws:s3:::${text.slice(13)}` })],
    ['a value of a condition', (text) => ({ Condition: { StringLike: { 'aws:UserAgent': text } } })],
    ['a number', (text) => ({ Condition: { StringLike: { 'aws:UserAgent': `#${text.replaceAll('x', '1')}` } } })],
    ['a key', (text) => ({ Condition: { StringLike: { [text]: 'a' } } })],
    ['Sid', (text) => ({ Sid: text })],
  ])('%s', (_, change) => {
    const codeOf = (text: string) =>
      firstOf(document('identity', change(text)).replace(/"#(\d+)"/, '$1'), 'identity')?.code
    expect(codeOf(long.slice(1))).toBeUndefined()
    expect(codeOf(`${long}x`)).toBe('JSON_TOO_LONG')
  })
})
