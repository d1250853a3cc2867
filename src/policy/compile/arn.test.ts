import { describe, expect, test } from 'vitest'
import type { Context } from '../types.ts'
import { compileArn, tailStart } from './arn.ts'
import { parseTemplate } from './template.ts'

const variable = (inside: string) => `$\{${inside}}`

const context: Context = new Map([
  ['aws:username', 'alice'],
  ['aws:colon', 'a:b'],
])

function matches(pattern: string, value: string, completed = true): boolean {
  return compileArn(parseTemplate(pattern, { variables: true, wildcards: true }), completed)(value, context)
}

describe('part by part', () => {
  test.each<[pattern: string, value: string, expected: boolean]>([
    ['*', 'anything', true],
    ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/k', true],
    ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/K', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/k/l:m', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::bb/k', false],
    ['arn:aws:s3:::*', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:::*', 'arn:aws:s3:::', true],
    ['arn:aws:iam::*:user/a', 'arn:aws:iam::123456789012:user/a', true],
    ['arn:aws:iam::*:user/a', 'arn:aws:iam::1:2:user/a', false],
    ['arn:aws:iam::*user/a', 'arn:aws:iam::1:user/a', false],
    ['arn:aws:x:*:1:finance/*', 'arn:aws:x:r:9:store/abc:1:finance/d', false],
    ['arn:aws:logs:*:*:*', 'arn:aws:logs:r:1:log-group:g:log-stream:s', true],
    [`arn:aws:iam::123456789012:user/${variable('aws:username')}`, 'arn:aws:iam::123456789012:user/alice', true],
    [`arn:aws:iam::123456789012:user/${variable('aws:username')}`, 'arn:aws:iam::123456789012:user/bob', false],
    [`arn:aws:x:::${variable('aws:colon')}/*`, 'arn:aws:x:::a:b/c', true],
    ['arn:aws:iam::*:user/?', 'arn:aws:iam::1:user/ab', false],
    ['arn:aws*:s3:::b', 'arn:aws-cn:s3:::b', true],
    ['arn:aws:s3:::b', '*', false],
    ['arn:aws:s3:::*', 'not an arn', false],
  ])('%s on %s: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected)
  })

  test('a Resource without its last parts is completed with stars, an operator’s value is not', () => {
    expect(matches('arn:aws:sqs', 'arn:aws:sqs:r:1:queue')).toBe(true)
    expect(matches('arn:aws:sqs', 'arn:aws:sns:r:1:topic')).toBe(false)
    expect(matches('arn:aws:sqs', 'arn:aws:sqs:r:1:queue', false)).toBe(false)
  })

  test('a context that asks about another ARN in between disturbs nothing', () => {
    const other = compileArn(parseTemplate('arn:aws:x:*:*:y', { variables: false, wildcards: true }), true)
    const test = compileArn(
      parseTemplate(`arn:aws:iam::*:user/${variable('aws:username')}`, { variables: true, wildcards: true }),
      true,
    )
    const meddling: Context = () => {
      other('arn:aws:x:region:account:y', new Map())
      return 'alice'
    }
    expect(test('arn:aws:iam::123456789012:user/alice', meddling)).toBe(true)
  })
})

test('the sixth part begins after the fifth colon', () => {
  expect(tailStart('arn:aws:iam::1:user/a:b')).toBe('arn:aws:iam::1:'.length)
  expect(tailStart('arn:aws:iam::1')).toBe(-1)
})
