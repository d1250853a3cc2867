/** How Resource and NotResource read an ARN (IAM user guide, "IAM JSON policy elements: Resource"; docs/decisions/0006). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAsked } from '../../../test/support/policy-asked.ts'
import { buildContext } from '../request/build-context.ts'
import type { ResourceElement } from '../types.ts'
import { compileResources } from './resource.ts'

const context = buildContext([
  ['aws:username', 'alice'],
  ['aws:PrincipalTag/colon', '1:x'],
])
const variable = (inside: string) => `$\{${inside}}`

function speaksOf(
  element: ResourceElement['element'],
  effect: 'Allow' | 'Deny',
  pattern: string,
  arn: string,
): boolean {
  const values = [{ value: pattern, line: 1, column: 1 }]
  const compiled = compileResources({ element, values, line: 1, column: 1 }, effect, {
    variables: true,
    wildcards: true,
  })
  const { resource, resources } = compiled
  const matched = resource?.(arn, toAsked(context)) ?? true
  // What stands in the index by its sixth part must come to the same as the list.
  if (resources !== undefined) expect(resources.some(({ matches }) => matches(arn, toAsked(context)))).toBe(matched)
  return matched
}

const topic = 'arn:aws:sns:us-east-1:111122223333:topic'

/** `wide`: the star at a segment's end reaches over colons. `parts`: segment by segment, as ArnLike compares. */
const readings: readonly (readonly [pattern: string, arn: string, wide: boolean, parts: boolean])[] = [
  ['*', topic, true, true],
  ['*', '*', true, true],
  ['arn:aws:sns:*', '*', false, false],
  ['arn:aws:sns:*:topic', topic, true, false],
  ['arn:aws:sns:*:topic', 'arn:aws:sns:us-east-1:111122223333:other', false, false],
  ['arn:aws:sns:*:topic', 'arn:aws:sns:us-east-1:111122223333:x:topic', true, false],
  ['arn:aws:sns:*:topic', 'arn:aws:sns:topic', false, false],
  ['arn:aws:sns:*:topic', 'arn:aws:sns::topic', false, false],
  ['arn:aws:sns:*-?:*', 'arn:aws:sns:us-1:x', false, false],
  ['arn:aws:sns:us-east-1:*', topic, true, true],
  ['arn:aws:sns:*:*:topic', topic, true, true],
  ['arn:aws:sns:*:*:topic', 'arn:aws:sns:us-east-1:111122223333:x:topic', true, false],
  ['arn:aws:sns:us-*:topic', topic, true, false],
  ['arn:aws:sns:*-1:*:topic', topic, true, true],
  ['arn:aws:sns:*-1:topic', topic, false, false],
  ['arn:aws:sns:u*1:1*:topic', 'arn:aws:sns:us-east-1:111122223333:x:topic', true, false],
  ['arn:aws:sns:u*3:topic', topic, false, false],
  ['arn:aws:sns:us-east-?:111122223333:topic', topic, true, true],
  ['arn:aws:sns:us-east-1?111122223333:topic', topic, false, false],
  ['arn:aws:sns:us-east-1:????????????:topic', topic, true, true],
  ['arn:aws:sns:??-*:????????????:topic', topic, true, true],
  ['arn:aws:sns:??-*:????????????:topic', 'arn:aws:sns:us:x:y:111122223333:topic', false, false],
  ['arn:aws:sns:us-*:????????????:topic', 'arn:aws:sns:us-x:y:111122223333:topic', true, false],
  ['arn:aws:x:*:111122223333:finance/*', 'arn:aws:x:r:999999999999:store/a:111122223333:finance/d', true, false],
  ['arn:aws*:s3:::b', 'arn:aws-cn:s3:::b', true, true],
  ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/k:l', true, true],
  ['arn:aws:s3:::b/?/x', 'arn:aws:s3:::b/:/x', true, true],
  ['arn:aws:s3:::b/*x', 'arn:aws:s3:::b/k:x', true, true],
  ['arn:aws:sqs', 'arn:aws:sqs:r:1:queue', true, true],
  ['arn:aws:sqs', 'arn:aws:sns:r:1:topic', false, false],
  ['arn:aws:iam::*', 'arn:aws:iam::1:user/a', true, true],
  [`arn:aws:iam::*:user/${variable('aws:username')}`, 'arn:aws:iam::1:user/alice', true, true],
  [`arn:aws:iam::*:user/${variable('aws:username')}`, 'arn:aws:iam::1:user/bob', false, false],
  [`arn:aws:iam::*:user/${variable('aws:none')}`, 'arn:aws:iam::1:user/', false, false],
  // The guide lets variables stand behind the fifth colon only; a value that would bring a colon matches nothing.
  [`arn:aws:iam::${variable('aws:PrincipalTag/colon')}:*`, 'arn:aws:iam::1:x:y', false, false],
  [`arn:aws:x:*:${variable('aws:PrincipalTag/colon')}:*`, 'arn:aws:x:r:1:x:y', false, false],
  [`arn:aws:x:::${variable('aws:PrincipalTag/colon')}`, 'arn:aws:x:::1:x', true, true],
]

describe.each(readings)('%s on %s', (pattern, arn, wide, parts) => {
  test(`Resource: ${wide}`, () => {
    expect(speaksOf('Resource', 'Allow', pattern, arn)).toBe(wide)
    expect(speaksOf('Resource', 'Deny', pattern, arn)).toBe(wide)
  })

  test(`NotResource excepts it from an Allow: ${wide}, and from a Deny: ${parts}`, () => {
    expect(speaksOf('NotResource', 'Allow', pattern, arn)).toBe(!wide)
    expect(speaksOf('NotResource', 'Deny', pattern, arn)).toBe(!parts)
  })
})

/** The wide reading from its definition: letter by letter, trying everything. */
function slow(pattern: string, arn: string, colons = 0): boolean {
  const [char] = pattern
  if (char === undefined) return arn === ''
  const rest = pattern.slice(1)
  if (char === '*' || char === '?') {
    const reaches = colons >= 5 || (char === '*' && (rest === '' || rest.startsWith(':')))
    const takes = arn !== '' && (reaches || !arn.startsWith(':'))
    if (char === '?') return takes && slow(rest, arn.slice(1), colons)
    return slow(rest, arn, colons) || (takes && slow(pattern, arn.slice(1), colons))
  }
  return arn.startsWith(char) && slow(rest, arn.slice(1), char === ':' ? colons + 1 : colons)
}

test('Resource matches by the definition, whatever stands where', () => {
  const segment = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 3 }).map((letters) => letters.join(''))
  const literal = fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }).map((letters) => letters.join(''))
  const pattern = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => ['arn', ...parts].join(':'))
  const arn = fc.array(literal, { minLength: 3, maxLength: 8 }).map((parts) => ['arn', ...parts].join(':'))
  fc.assert(
    fc.property(pattern, arn, (written, value) => {
      const missing = Math.max(0, 6 - written.split(':').length)
      const isArn = value.split(':').length >= 6
      const expected = isArn && (slow(written, value) || slow(written + ':*'.repeat(missing), value))
      expect(speaksOf('Resource', 'Deny', written, value)).toBe(expected)
      expect(speaksOf('NotResource', 'Allow', written, value)).toBe(!expected)
      // What a Deny spares, the wide reading spares too.
      if (!speaksOf('NotResource', 'Deny', written, value)) expect(expected).toBe(true)
    }),
    { numRuns: 20_000 },
  )
})
