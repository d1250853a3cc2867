import { describe, expect, test } from 'vitest'
import { document, firstOf, ok, valid } from '../../../test/support/policy-documents.ts'
import type { PolicyKind } from '../types.ts'
import { baseOperators } from './operator.ts'
import { parsePolicy } from './parse-policy.ts'

const kinds = Object.keys(valid) as PolicyKind[]

test.each(kinds)('a valid %s policy is read', (kind) => {
  expect(parsePolicy(document(kind), kind)).toMatchObject({ ok: true, policy: { kind, version: '2012-10-17' } })
})

describe('accepted as AWS accepts it', () => {
  test.each<[rule: string, kind: PolicyKind, change: Record<string, unknown>]>([
    ['an empty Sid', 'trust', { Sid: '' }],
    ['any Sid in a resource policy', 'resource', { Sid: 'a b-c' }],
    ['a resource policy without Resource', 'resource', { Resource: undefined }],
    ['NotPrincipal in a resource policy', 'resource', { Principal: undefined, NotPrincipal: { AWS: '123456789012' } }],
    ['*:*', 'identity', { Action: '*:*' }],
    ['an ARN without its last parts', 'identity', { Resource: 'arn:aws:sqs' }],
    ['the root user as resource', 'identity', { Resource: 'arn:aws:iam::*:root' }],
    [
      'booleans and numbers as values',
      'identity',
      { Condition: { Bool: { 'aws:a': true }, NumericEquals: { 'aws:b': [1, 2.5] } } },
    ],
    ['no values', 'identity', { Condition: { StringEquals: { 'aws:a': [] } } }],
    ['an empty Condition', 'identity', { Condition: {} }],
    ['a principal that was deleted', 'trust', { Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } }],
    [
      'all kinds of principals',
      'resource',
      {
        Principal: {
          AWS: ['*', 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1'],
          Service: 'ec2.amazonaws.com',
          Federated: ['www.amazon.com', 'arn:aws:iam::123456789012:saml-provider/P'],
          CanonicalUser: 'a'.repeat(64),
        },
      },
    ],
    [
      'the whole language in an SCP',
      'scp',
      {
        Effect: 'Allow',
        Action: undefined,
        NotAction: 's3:*Get*',
        Resource: undefined,
        NotResource: 'arn:aws:s3:::b/*',
        Condition: { StringLike: { 'aws:username': 'a*' } },
      },
    ],
    ['RCPFullAWSAccess', 'rcp', { Effect: 'Allow', Action: '*', Resource: '*' }],
  ])('%s (%s)', (_rule, kind, change) => {
    expect(firstOf(document(kind, change), kind)).toBeUndefined()
  })

  test('a document without Version is 2008-10-17, and one statement needs no list', () => {
    expect(parsePolicy(JSON.stringify({ Statement: ok }), 'identity')).toMatchObject({
      ok: true,
      policy: { version: '2008-10-17', statements: [{ index: 0 }] },
    })
  })

  const literals = [
    ['Numeric', '1'],
    ['Date', '2026-01-01'],
    ['IpAddress', '192.0.2.0/24'],
    ['NotIpAddress', '192.0.2.1'],
    ['Arn', 'arn:aws:s3:::b'],
    ['Binary', 'QQ=='],
  ] as const

  test.each(baseOperators)('%s with both set prefixes, and IfExists but for Null', (base) => {
    for (const set of ['', 'ForAllValues:', 'ForAnyValue:']) {
      const values = { 'aws:a': literals.find(([start]) => base.startsWith(start))?.[1] ?? 'any' }
      expect(firstOf(document('identity', { Condition: { [`${set}${base}`]: values } }), 'identity')).toBeUndefined()
      const ifExists = firstOf(document('identity', { Condition: { [`${set}${base}IfExists`]: values } }), 'identity')
      expect(ifExists?.code).toBe(base === 'Null' ? 'UNKNOWN_OPERATOR' : undefined)
    }
  })
})

test('elements and values keep their places', () => {
  const text = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Deny",
      "NotAction": ["iam:GetUser", "sts:GetSessionToken"],
      "Resource": "*",
      "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": false } }
    }
  ]
}`
  expect(parsePolicy(text, 'identity')).toEqual({
    ok: true,
    policy: {
      kind: 'identity',
      version: '2012-10-17',
      versionAt: { line: 2, column: 14 },
      line: 1,
      column: 1,
      statements: [
        {
          index: 0,
          line: 4,
          column: 5,
          sid: { value: 'One', line: 5, column: 14 },
          effect: 'Deny',
          effectAt: { line: 6, column: 17 },
          actions: {
            element: 'NotAction',
            line: 7,
            column: 7,
            values: [
              { value: 'iam:GetUser', line: 7, column: 21 },
              { value: 'sts:GetSessionToken', line: 7, column: 36 },
            ],
          },
          resources: { element: 'Resource', line: 8, column: 7, values: [{ value: '*', line: 8, column: 19 }] },
          conditions: [
            {
              operator: { value: 'BoolIfExists', line: 9, column: 22 },
              base: 'Bool',
              ifExists: true,
              key: { value: 'aws:MultiFactorAuthPresent', line: 9, column: 40 },
              values: [{ value: 'false', line: 9, column: 70 }],
              line: 9,
              column: 40,
            },
          ],
        },
      ],
    },
  })
})

test('every fault is found, with its statement', () => {
  const text = JSON.stringify({
    Statement: [
      { ...ok, Sid: 'A', Action: 'x' },
      { ...ok, Resource: 'y', Efect: 1 },
    ],
  })
  const result = parsePolicy(text, 'identity')
  expect(result.ok ? [] : result.findings.map(({ code, statement, sid }) => ({ code, statement, sid }))).toEqual([
    { code: 'UNKNOWN_ELEMENT', statement: 1, sid: undefined },
    { code: 'INVALID_RESOURCE', statement: 1, sid: undefined },
    { code: 'INVALID_ACTION', statement: 0, sid: 'A' },
  ])
})
