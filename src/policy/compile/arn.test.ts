import { describe, expect, test } from 'vitest'
import { toAsked } from '../../../test/support/policy-asked.ts'
import { buildContext } from '../request/build-context.ts'
import { compileArnLike, isArn, tailStart } from './arn.ts'
import { parseTemplate } from './template.ts'

const variable = (inside: string) => `$\{${inside}}`

const context = buildContext([
  ['aws:username', 'alice'],
  ['aws:colon', 'a:b'],
  ['aws:PrincipalArn', 'arn:aws:iam::1:user/alice'],
])

/** Undefined: the pattern is no ARN. */
function matches(pattern: string, value: string): boolean | undefined {
  return compileArnLike(parseTemplate(pattern, { variables: true, wildcards: true }))?.matches(value, toAsked(context))
}

describe('an ARN operator compares part by part', () => {
  test.each<[pattern: string, value: string, expected: boolean]>([
    ['*', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/k', true],
    ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/K', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/k/l:m', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::bb/k', false],
    ['arn:aws:s3:::*', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:::*', 'arn:aws:s3:::', true],
    ['arn:aws:iam::*:user/a', 'arn:aws:iam::123456789012:user/a', true],
    ['arn:aws:iam::*:user/a', 'arn:aws:iam::1:2:user/a', false],
    ['arn:aws:iam::*user/a:b', 'arn:aws:iam::1:user/a:b', false],
    ['arn:aws:x:*:1:finance/*', 'arn:aws:x:r:9:store/abc:1:finance/d', false],
    ['arn:aws:logs:*:*:*', 'arn:aws:logs:r:1:log-group:g:log-stream:s', true],
    [`arn:aws:iam::123456789012:user/${variable('aws:username')}`, 'arn:aws:iam::123456789012:user/alice', true],
    [`arn:aws:iam::123456789012:user/${variable('aws:username')}`, 'arn:aws:iam::123456789012:user/bob', false],
    [`arn:aws:x:::${variable('aws:colon')}/*`, 'arn:aws:x:::a:b/c', true],
    [`arn:aws:x::${variable('aws:colon')}:c`, 'arn:aws:x::a:b:c', false],
    ['arn:aws:iam::*:user/?', 'arn:aws:iam::1:user/ab', false],
    ['arn:aws*:s3:::b', 'arn:aws-cn:s3:::b', true],
    [variable('aws:PrincipalArn'), 'arn:aws:iam::1:user/alice', true],
    [variable('aws:PrincipalArn'), 'arn:aws:iam::1:user/bob', false],
    [variable('aws:none'), 'arn:aws:iam::1:user/bob', false],
  ])('%s on %s: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected)
  })

  test.each([
    'arn:aws:sqs',
    'arn:aws:sns:*:topic',
    'not-an-arn',
    '*:aws:s3:::b',
    `x${variable('aws:PrincipalArn')}`,
    '',
  ])('%j is no ARN', (pattern) => {
    expect(matches(pattern, 'arn:aws:sqs:r:1:queue')).toBeUndefined()
  })
})

test('an ARN begins with arn: and has six parts', () => {
  expect(isArn('arn:aws:iam::1:user/a:b')).toBe(true)
  expect(isArn('arn:aws:iam::1')).toBe(false)
  expect(isArn('urn:aws:iam::1:user/a')).toBe(false)
  expect(isArn('*')).toBe(false)
})

test('the sixth part begins after the fifth colon', () => {
  expect(tailStart('arn:aws:iam::1:user/a:b')).toBe('arn:aws:iam::1:'.length)
  expect(tailStart('arn:aws:iam::1')).toBe(-1)
})
