import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { covers, hasWildcard, overlaps, resourceOverlaps } from './patterns.ts'
import { variablesOf } from './variables.ts'

/** Matching by definition: a star takes any number of letters. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern.startsWith('*'))
    return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)))
  return text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1))
}

const texts = ['', 'a', 'b'].flatMap((a) => ['', 'a', 'b'].flatMap((b) => ['', 'a', 'b'].map((c) => a + b + c)))
const anyPattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 })

describe('patterns', () => {
  test.each([
    ['*', 'iam:*', true],
    ['iam:*', 'iam:Get*', true],
    ['iam:Get*', 'iam:*', false],
    ['iam:?et*', 'iam:G*', false],
    ['iam:*MFA*', 'iam:CreateVirtualMFADevice', true],
    ['user/?', 'user/*', false],
    [`user/\${aws:username}`, `user/\${aws:username}`, true],
    ['user/*', `user/\${aws:username}`, true],
    [`user/\${aws:username}`, 'user/alice', false],
    [`a\${*}`, 'ab', false],
  ])('%s covers %s: %s', (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected)
  })

  test.each([
    ['arn:*:s3:::*/*', 'arn:aws:s3:::bucket', false],
    ['arn:*:s3:::*/*', 'arn:aws:s3:::bucket*', true],
    ['a*c', '*b*', true],
    ['a?', '?b', true],
    ['ab', 'ac', false],
    [`user/\${aws:username}`, 'user/alice', true],
  ])('%s overlaps %s: %s', (left, right, expected) => {
    expect(overlaps(left, right)).toBe(expected)
    expect(overlaps(right, left)).toBe(expected)
  })

  test.each([
    ['arn:*:sns:*:*:*', 'arn:aws:sns:*:topic', true],
    ['arn:*:sns:*:*:*', 'arn:aws:sns:us-east-1:topic', false],
    ['arn:*:sqs:*:*:*', 'arn:aws:sns:*:topic', false],
    ['arn:*:sqs:*:*:*', 'arn:aws:sqs', true],
    ['arn:*:s3:::*', 'arn:aws:s3:*', true],
    ['arn:*:s3:::*', 'arn:aws:iam::*:user/*', false],
    ['arn:*:s3:::*/*', 'arn:aws:s3:::bucket', false],
    ['arn:*:s3:::*/*', 'arn:aws:s3:*:bucket/x', true],
    ['arn:*:iam::*:user/*', 'arn:aws:iam::*:group/a', false],
    ['arn:*:ec2:*:*:instance/*', 'arn:aws:ec2:us-*-1:*:instance/i', true],
    ['arn:*:ec2:*:*:instance/*', 'arn:aws:ec2:us-?:volume/v', false],
    ['arn:*:ec2:*:*:instance/*', 'arn:aws:ec2:*:volume/v', true],
    ['arn:*:iam::*:user/*', `arn:aws:iam::*:user/\${aws:username}`, true],
    ['arn:*:logs:*:*:log-group:*', 'arn:aws:logs:*:log-group:*:*', true],
  ])('a resource of the form %s may be meant by %s: %s', (form, entry, expected) => {
    expect(resourceOverlaps(form, entry)).toBe(expected)
  })

  test('what covers matches all that the other matches, and what shares a text overlaps', () => {
    fc.assert(
      fc.property(anyPattern, anyPattern, (outer, inner) => {
        const shared = texts.filter((text) => matches(outer, text) && matches(inner, text))
        if (covers(outer, inner)) expect(shared).toEqual(texts.filter((text) => matches(inner, text)))
        if (shared.length > 0) expect(overlaps(outer, inner)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a literal star is no wildcard, a default is no part of the name', () => {
    expect([hasWildcard(`a\${*}`), hasWildcard('a*'), hasWildcard(`\${?}\${$}`)]).toEqual([false, true, false])
    expect(variablesOf(`\${aws:username, 'x'}/\${*}/\${aws:PrincipalTag/team}`)).toEqual([
      'aws:username',
      'aws:PrincipalTag/team',
    ])
  })
})
