import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { Policy, PolicyKind } from '../types.ts'
import { type FindingCode, findingCodes } from './codes.ts'
import { findings } from './findings.ts'

type StatementText = Readonly<Record<string, unknown>>

function policyOf(statements: readonly StatementText[], kind: PolicyKind, version = '2012-10-17'): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: version, Statement: statements }, null, 2), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return parsed.policy
}

const mfa = 'aws:MultiFactorAuthPresent'
const age = 'aws:MultiFactorAuthAge'
const noMfa = { BoolIfExists: { [mfa]: 'false' } }
const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const allowEc2 = { Effect: 'Allow', Action: 'ec2:*', Resource: '*' }
const denyEc2 = { Effect: 'Deny', Action: 'ec2:StopInstances', Resource: '*' }
const ownUser = `arn:aws:iam::*:user/\${aws:username}`
const enrolment = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:ResyncMFADevice',
  'iam:ListMFADevices',
  'iam:ChangePassword',
  'iam:GetAccountPasswordPolicy',
]
const denyOthers = {
  Effect: 'Deny',
  Action: ['iam:EnableMFADevice', 'iam:ResyncMFADevice'],
  NotResource: ownUser,
  Condition: noMfa,
}
const exempting = (...exempt: readonly string[]): StatementText => ({
  Effect: 'Deny',
  NotAction: exempt,
  Resource: '*',
  Condition: noMfa,
})
const trusting = (principal: unknown, condition?: unknown): StatementText => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 'sts:AssumeRole',
  ...(condition === undefined ? {} : { Condition: condition }),
})
const bucket = (more: StatementText): StatementText => ({
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::b/*',
  ...more,
})
const on = (resource: string): StatementText => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: resource })
const when = (condition: unknown): StatementText => ({ ...allowEc2, Condition: condition })

interface Case {
  readonly code: FindingCode
  readonly fires: readonly StatementText[]
  readonly quiet: readonly StatementText[]
  readonly kind?: PolicyKind
  /** Of the statements that fire; 2012-10-17 without it. */
  readonly version?: string
}

const cases: readonly Case[] = [
  {
    code: 'MFA_DENY_MISSES_ACCESS_KEYS',
    fires: [{ ...denyEc2, Condition: { Bool: { [mfa]: 'false' } } }],
    quiet: [{ ...denyEc2, Condition: noMfa }],
  },
  {
    code: 'MFA_DENY_MISSES_ACCESS_KEYS',
    fires: [{ ...denyEc2, Condition: { NumericGreaterThan: { [age]: '3600' } } }],
    quiet: [{ ...denyEc2, Condition: { NumericGreaterThanIfExists: { [age]: '3600' } } }],
  },
  {
    code: 'MFA_DENY_MISSES_ACCESS_KEYS',
    fires: [{ ...denyEc2, Condition: { StringEquals: { [mfa.toLowerCase()]: false } } }],
    // Two statements share the work (S3 User Guide, "Requiring MFA").
    quiet: [
      { ...denyEc2, Condition: { Null: { [age]: 'true' } } },
      { ...denyEc2, Condition: { NumericGreaterThan: { [age]: '3600' } } },
    ],
  },
  {
    code: 'MFA_DENY_MISSES_SESSIONS',
    fires: [{ ...denyEc2, Condition: { Null: { [mfa]: 'true' } } }],
    quiet: [{ ...denyEc2, Condition: { Null: { [age]: 'true' } } }],
  },
  {
    code: 'MFA_DENY_INVERTED',
    fires: [{ ...denyEc2, Condition: { BoolIfExists: { [mfa]: 'true' } } }],
    quiet: [{ ...denyEc2, Condition: noMfa }],
  },
  {
    code: 'MFA_ALLOW_LETS_ACCESS_KEYS_THROUGH',
    fires: [when({ BoolIfExists: { [mfa]: 'true' } })],
    quiet: [when({ Bool: { [mfa]: 'true' } })],
  },
  {
    code: 'MFA_ALLOW_LETS_ACCESS_KEYS_THROUGH',
    fires: [when({ NumericLessThanIfExists: { [age]: '3600' } })],
    quiet: [when({ NumericLessThan: { [age]: '3600' } })],
  },
  {
    code: 'MFA_ALLOW_LETS_SESSIONS_THROUGH',
    fires: [when({ Null: { [mfa]: 'false' } })],
    quiet: [when({ Null: { [mfa]: 'false' }, Bool: { [mfa]: 'true' } })],
  },
  {
    code: 'MFA_EXEMPTIONS_LACK_CHANGE_PASSWORD',
    fires: [exempting('iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'iam:GetAccountPasswordPolicy')],
    quiet: [exempting(...enrolment)],
  },
  {
    code: 'MFA_EXEMPTIONS_LET_ENROL_FOR_OTHERS',
    fires: [exempting(...enrolment)],
    quiet: [exempting(...enrolment), denyOthers],
  },
  {
    code: 'MFA_EXEMPTIONS_LET_ENROL_FOR_OTHERS',
    fires: [exempting(...enrolment), { Effect: 'Allow', Action: 'iam:*', Resource: '*' }],
    quiet: [exempting(...enrolment), { Effect: 'Allow', Action: 'iam:*MFADevice', Resource: ownUser }],
  },
  {
    code: 'MFA_EXEMPTIONS_UNDO_MFA',
    fires: [exempting(...enrolment, 'iam:DeactivateMFADevice')],
    quiet: [exempting(...enrolment)],
  },
  {
    code: 'MFA_EXEMPTIONS_UNDO_MFA',
    fires: [exempting('iam:*')],
    quiet: [
      exempting('iam:*'),
      { ...denyOthers, Action: ['iam:De*MFADevice'], NotResource: 'arn:aws:iam::*:user/none' },
    ],
  },
  {
    code: 'MFA_DENY_BLOCKS_ENROLMENT',
    fires: [everything, { Effect: 'Deny', Action: '*', Resource: '*', Condition: noMfa }],
    quiet: [everything, exempting(...enrolment)],
  },
  {
    code: 'MFA_DENY_BLOCKS_ENROLMENT',
    fires: [exempting('iam:CreateVirtualMFADevice', 'iam:ListMFADevices')],
    quiet: [
      { ...denyEc2, Condition: noMfa },
      { ...denyEc2, Action: '*', Resource: 'arn:aws:s3:::b/*', Condition: noMfa },
    ],
  },
  {
    code: 'MFA_PRINCIPAL_CANNOT_SATISFY',
    kind: 'trust',
    fires: [trusting({ Service: 'ec2.amazonaws.com' }, { Bool: { [mfa]: 'true' } })],
    quiet: [trusting({ AWS: '123456789012' }, { Bool: { [mfa]: 'true' } }), trusting({ Service: 'ec2.amazonaws.com' })],
  },
  {
    code: 'MFA_DENIES_ROLES',
    kind: 'scp',
    fires: [{ ...denyEc2, Condition: noMfa }],
    quiet: [{ ...denyEc2, Condition: { ...noMfa, ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } } }],
  },
  {
    code: 'ACTION_CANNOT_BE_CONTROLLED',
    fires: [exempting(...enrolment, 'sts:GetSessionToken')],
    quiet: [exempting(...enrolment), { Effect: 'Allow', Action: 'sts:GetSessionToken', Resource: '*' }],
  },
  { code: 'NO_ALLOW', fires: [denyEc2], quiet: [denyEc2, allowEc2] },
  { code: 'NO_ALLOW', kind: 'boundary', fires: [denyEc2], quiet: [denyEc2, everything] },
  { code: 'NO_ALLOW', kind: 'session', fires: [denyEc2], quiet: [allowEc2] },
  {
    code: 'ALLOW_NOT_ACTION',
    fires: [{ Effect: 'Allow', NotAction: ['iam:*', 'a4b:*', 'account:*', 'sts:*'], Resource: '*' }],
    quiet: [allowEc2, exempting(...enrolment)],
  },
  {
    code: 'ALLOW_EVERYTHING',
    fires: [everything],
    quiet: [{ ...everything, Condition: { Bool: { [mfa]: 'true' } } }, allowEc2],
  },
  {
    code: 'ALLOW_EVERYTHING',
    fires: [{ ...everything, Action: '*:*' }],
    quiet: [{ ...everything, Resource: 'arn:aws:s3:::b/*' }],
  },
  {
    code: 'ALLOW_ALWAYS_DENIED',
    fires: [
      { ...allowEc2, Action: 'ec2:StopInstances' },
      { ...denyEc2, Action: 'ec2:*' },
    ],
    quiet: [allowEc2, denyEc2, { ...everything, Effect: 'Deny', Condition: noMfa }],
  },
  {
    code: 'PUBLIC_PRINCIPAL',
    kind: 'resource',
    fires: [bucket({ Effect: 'Allow', Principal: '*' })],
    quiet: [
      bucket({ Effect: 'Deny', Principal: '*' }),
      bucket({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
    ],
  },
  {
    code: 'ALLOW_NOT_PRINCIPAL',
    kind: 'resource',
    fires: [bucket({ Effect: 'Allow', NotPrincipal: { AWS: '123456789012' } })],
    quiet: [bucket({ Effect: 'Allow', Principal: { AWS: '123456789012' } })],
  },
  {
    code: 'NOT_PRINCIPAL_LACKS_ACCOUNT',
    kind: 'resource',
    fires: [bucket({ Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::123456789012:user/a' } })],
    quiet: [
      bucket({
        Effect: 'Deny',
        NotPrincipal: { AWS: ['arn:aws:iam::123456789012:user/a', 'arn:aws:iam::123456789012:root'] },
      }),
    ],
  },
  {
    code: 'NOT_PRINCIPAL_LACKS_ACCOUNT',
    kind: 'resource',
    fires: [
      bucket({
        Effect: 'Deny',
        NotPrincipal: { AWS: ['arn:aws:iam::123456789012:role/p/r', 'arn:aws:iam::123456789012:root'] },
      }),
    ],
    quiet: [
      bucket({
        Effect: 'Deny',
        NotPrincipal: {
          AWS: [
            'arn:aws:iam::123456789012:role/p/r',
            'arn:aws:sts::123456789012:assumed-role/r/s',
            'arn:aws:iam::123456789012:root',
          ],
        },
      }),
    ],
  },
  {
    code: 'FEDERATED_SUBJECT_NOT_LIMITED',
    kind: 'trust',
    fires: [
      {
        ...trusting(
          { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
          { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
        ),
        Action: 'sts:AssumeRoleWithWebIdentity',
      },
    ],
    quiet: [
      {
        ...trusting(
          { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
          { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:octo-org/octo-repo:*' } },
        ),
        Action: 'sts:AssumeRoleWithWebIdentity',
      },
    ],
  },
  {
    code: 'PASS_ANY_ROLE',
    fires: [{ Effect: 'Allow', Action: ['ec2:RunInstances', 'iam:PassRole'], Resource: '*' }],
    quiet: [
      { Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/ec2-*' },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      },
    ],
  },
  {
    code: 'VARIABLE_IN_OLD_VERSION',
    version: '2008-10-17',
    fires: [on(`arn:aws:s3:::b/\${aws:username}/*`)],
    quiet: [on(`arn:aws:s3:::b/\${aws:username}/*`)],
  },
  {
    code: 'VARIABLE_BEFORE_WILDCARD',
    fires: [on(`arn:aws:s3:::b/\${aws:username}*`)],
    quiet: [on(`arn:aws:s3:::b/\${aws:username}/*`), on(`arn:aws:s3:::b/\${aws:userid}*`)],
  },
  {
    code: 'WILDCARD_COMPARED_LITERALLY',
    fires: [when({ StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } })],
    quiet: [
      when({ ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' }, StringEquals: { 's3:prefix': `a\${*}` } }),
    ],
  },
  {
    code: 'CIDR_COMPARED_AS_TEXT',
    fires: [when({ StringEquals: { 'aws:SourceIp': '203.0.113.0/24' } })],
    quiet: [when({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })],
  },
  {
    code: 'VALUE_NEVER_MATCHES',
    fires: [when({ Bool: { 'aws:SecureTransport': 'yes' } })],
    quiet: [when({ Bool: { 'aws:SecureTransport': ['true', false] }, Null: { [age]: 'True' } })],
  },
  {
    code: 'VALUE_NEVER_MATCHES',
    kind: 'session',
    fires: [when({ NumericLessThan: { 's3:max-keys': 'ten' } })],
    quiet: [when({ NumericLessThan: { 's3:max-keys': ['10', -1, 2.5] } })],
  },
  {
    code: 'VALUE_NEVER_MATCHES',
    kind: 'session',
    fires: [when({ IpAddress: { 'aws:SourceIp': '203.0.113.0/33' } })],
    quiet: [when({ IpAddress: { 'aws:SourceIp': ['203.0.113.7', '2001:db8::/32', '0.0.0.0/0'] } })],
  },
  {
    code: 'VALUE_NEVER_MATCHES',
    kind: 'session',
    fires: [when({ ArnLike: { 'aws:SourceArn': 'my-bucket' } })],
    quiet: [when({ ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::my-bucket', '*', `\${aws:PrincipalTag/arn}`] } })],
  },
  {
    code: 'MULTIVALUED_KEY_WITHOUT_SET',
    fires: [{ ...denyEc2, Condition: { StringNotLikeIfExists: { 'AWS:CALLEDVIA': ['a*'] } } }],
    quiet: [when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' }, Null: { 'aws:CalledVia': 'false' } })],
  },
  {
    code: 'FOR_ALL_VALUES_MATCHES_ABSENT',
    fires: [when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } })],
    quiet: [
      when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] }, Null: { 'aws:TagKeys': 'false' } }),
      when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] }, StringEquals: { 'aws:RequestTag/a': 'b' } }),
      when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }),
      { ...denyEc2, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } } },
    ],
  },
  {
    code: 'SOURCE_IP_DENIES_FORWARDED_CALLS',
    fires: [{ ...denyEc2, Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }],
    quiet: [
      {
        ...denyEc2,
        Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' }, Bool: { 'aws:ViaAWSService': 'false' } },
      },
    ],
  },
  {
    code: 'IMPOSSIBLE_ARN',
    fires: [on('arn:aws:s3:us-east-1::b/*')],
    quiet: [on('arn:aws:s3:us-east-1:123456789012:accesspoint/p')],
  },
  { code: 'IMPOSSIBLE_ARN', fires: [on('arn:aws:s3::123456789012:b/*')], quiet: [on('arn:aws:s3:::b/*')] },
  {
    code: 'IMPOSSIBLE_ARN',
    fires: [on('arn:aws:ec2:*:12345678901:instance/*')],
    quiet: [on('arn:aws:ec2:*:123456789012:instance/*')],
  },
  {
    code: 'IMPOSSIBLE_ARN',
    fires: [on('arn:aws:iam:::user/a')],
    quiet: [on('arn:aws:iam::*:user/a'), on('arn:aws:iam::aws:policy/*'), on('arn:aws:iam:*')],
  },
  { code: 'IMPOSSIBLE_ARN', fires: [on('arn:aws:s3:*:123456789012:b')], quiet: [on('arn:aws:s3:*:b')] },
  {
    code: 'IMPOSSIBLE_ARN',
    fires: [on('arn:aws:iam::123456789012:assumed-role/r/s')],
    quiet: [on('arn:aws:sts::123456789012:assumed-role/r/s')],
  },
]

describe('each finding fires on its mistake, and is quiet beside it', () => {
  for (const [index, { code, fires, quiet, kind = 'identity', version }] of cases.entries()) {
    test(`${code}, case ${index}`, () => {
      const found = findings(policyOf(fires, kind, version)).filter((finding) => finding.code === code)
      expect(found.length).toBeGreaterThan(0)
      expect(found[0]?.severity).toBe(findingCodes[code][0])
      expect(findings(policyOf(quiet, kind)).filter((finding) => finding.code === code)).toEqual([])
    })
  }

  test('every code is in the table, but those that need names', () => {
    const needNames = [
      'UNKNOWN_SERVICE',
      'UNKNOWN_ACTION',
      'UNKNOWN_CONDITION_KEY',
      'UNKNOWN_VARIABLE',
      'UNKNOWN_RESOURCE',
      'ACTION_NEVER_ON_RESOURCE',
    ]
    const tested = new Set<string>([...cases.map((row) => row.code), ...needNames])
    expect(Object.keys(findingCodes).filter((code) => !tested.has(code))).toEqual([])
  })
})
