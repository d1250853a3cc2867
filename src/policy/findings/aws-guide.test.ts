/** Documents that AWS's own guides print: what is said of them is true, and nothing else is said. */

import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { PolicyKind } from '../types.ts'
import type { FindingCode } from './codes.ts'
import { findings } from './findings.ts'

const noMfa = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }
const ownUser = `arn:aws:iam::*:user/\${aws:username}`

const denyWithoutMfa = {
  Sid: 'DenyAllExceptListedIfNoMFA',
  Effect: 'Deny',
  NotAction: [
    'iam:CreateVirtualMFADevice',
    'iam:EnableMFADevice',
    'iam:GetUser',
    'iam:ListMFADevices',
    'iam:ListVirtualMFADevices',
    'iam:ResyncMFADevice',
    'sts:GetSessionToken',
  ],
  Resource: '*',
  Condition: noMfa,
}

const manageOwnMfa = [
  { Sid: 'AllowViewAccountInfo', Effect: 'Allow', Action: 'iam:ListVirtualMFADevices', Resource: '*' },
  {
    Sid: 'AllowManageOwnVirtualMFADevice',
    Effect: 'Allow',
    Action: 'iam:CreateVirtualMFADevice',
    Resource: 'arn:aws:iam::*:mfa/*',
  },
  {
    Sid: 'AllowManageOwnUserMFA',
    Effect: 'Allow',
    Action: [
      'iam:DeactivateMFADevice',
      'iam:EnableMFADevice',
      'iam:GetUser',
      'iam:GetMFADevice',
      'iam:ListMFADevices',
      'iam:ResyncMFADevice',
    ],
    Resource: ownUser,
  },
]

interface Page {
  readonly page: string
  readonly kind: PolicyKind
  readonly statements: readonly Readonly<Record<string, unknown>>[]
  readonly says: readonly FindingCode[]
}

const pages: readonly Page[] = [
  {
    page: 'IAM: the Deny of "self-manage MFA" alone',
    kind: 'identity',
    statements: [denyWithoutMfa],
    says: [
      'NO_ALLOW',
      'MFA_EXEMPTIONS_LACK_CHANGE_PASSWORD',
      'MFA_EXEMPTIONS_LET_ENROL_FOR_OTHERS',
      'ACTION_CANNOT_BE_CONTROLLED',
    ],
  },
  {
    page: 'IAM: allows MFA-authenticated users to manage their own MFA device',
    kind: 'identity',
    statements: [...manageOwnMfa, denyWithoutMfa],
    // The page says so itself: "does not allow users to reset a password while signing in for the first time".
    says: ['MFA_EXEMPTIONS_LACK_CHANGE_PASSWORD', 'ACTION_CANNOT_BE_CONTROLLED'],
  },
  {
    page: 'IAM: allows MFA-authenticated users to manage their own credentials',
    kind: 'identity',
    statements: [
      {
        Effect: 'Allow',
        Action: ['iam:GetAccountPasswordPolicy', 'iam:ListVirtualMFADevices'],
        Resource: '*',
      },
      { Effect: 'Allow', Action: ['iam:ChangePassword', 'iam:GetUser'], Resource: ownUser },
      ...manageOwnMfa.slice(1),
      {
        ...denyWithoutMfa,
        NotAction: [
          ...denyWithoutMfa.NotAction,
          'iam:ChangePassword',
          'iam:GetAccountPasswordPolicy',
          'iam:GetMFADevice',
        ],
      },
    ],
    says: ['ACTION_CANNOT_BE_CONTROLLED'],
  },
  {
    page: 'IAM: denies access to AWS based on the source IP (aws_deny-ip)',
    kind: 'identity',
    statements: [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      },
    ],
    says: ['NO_ALLOW'],
  },
  {
    page: 'IAM: DynamoDB specific columns (dynamodb_attributes)',
    kind: 'identity',
    statements: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
        Resource: ['arn:aws:dynamodb:*:*:table/table-name'],
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['column-name-1', 'column-name-2'] },
          StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
    ],
    says: [],
  },
  {
    page: 'IAM: S3 home directory of a user (s3_home-directory-console)',
    kind: 'identity',
    statements: [
      { Effect: 'Allow', Action: ['s3:ListAllMyBuckets', 's3:GetBucketLocation'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::bucket-name',
        Condition: { StringLike: { 's3:prefix': ['', 'home/', `home/\${aws:username}/*`] } },
      },
      { Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::bucket-name/home/\${aws:username}/*`] },
    ],
    says: [],
  },
  {
    page: 'IAM: tag-based access, start and stop own instances (ec2_tag-owner)',
    kind: 'identity',
    statements: [
      {
        Effect: 'Allow',
        Action: ['ec2:StartInstances', 'ec2:StopInstances'],
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringEquals: { 'aws:ResourceTag/Owner': `\${aws:username}` } },
      },
      { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
    ],
    says: [],
  },
  {
    page: 'S3: requiring MFA, with an age',
    kind: 'resource',
    statements: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::b/taxdocuments/*',
        Condition: { Null: { 'aws:MultiFactorAuthAge': true } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::b/taxdocuments/*',
        Condition: { NumericGreaterThan: { 'aws:MultiFactorAuthAge': 3600 } },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: ['s3:GetObject'],
        Resource: 'arn:aws:s3:::b/*',
      },
    ],
    says: [],
  },
  {
    page: 'S3: a public website',
    kind: 'resource',
    statements: [{ Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*'] }],
    says: ['PUBLIC_PRINCIPAL'],
  },
  {
    page: 'S3: deny requests without TLS',
    kind: 'resource',
    statements: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
    says: [],
  },
  {
    page: 'IAM: cross-account trust with MFA',
    kind: 'trust',
    statements: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      },
    ],
    says: [],
  },
  {
    page: 'IAM: trust of a service',
    kind: 'trust',
    statements: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    says: [],
  },
  {
    page: 'Organizations: restrict the root user',
    kind: 'scp',
    statements: [
      {
        Effect: 'Deny',
        Action: ['ec2:*'],
        Resource: ['*'],
        Condition: { StringLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:root'] } },
      },
    ],
    says: [],
  },
  {
    page: 'Organizations: require MFA to stop an instance',
    kind: 'scp',
    statements: [
      {
        Sid: 'DenyStopAndTerminateWhenMFAIsNotPresent',
        Effect: 'Deny',
        Action: ['ec2:StopInstances', 'ec2:TerminateInstances'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': false } },
      },
    ],
    says: ['MFA_DENIES_ROLES'],
  },
  {
    page: 'Organizations: deny access outside of regions',
    kind: 'scp',
    statements: [
      {
        Effect: 'Deny',
        NotAction: ['a4b:*', 'iam:*', 'organizations:*', 'sts:*'],
        Resource: '*',
        Condition: {
          StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] },
          ArnNotLike: { 'aws:PrincipalARN': ['arn:aws:iam::*:role/Role1AllowedToBypassThisSCP'] },
        },
      },
    ],
    says: [],
  },
  {
    page: 'Organizations: FullAWSAccess',
    kind: 'scp',
    statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    says: [],
  },
]

describe('AWS’s own documents', () => {
  for (const { page, kind, statements, says } of pages) {
    test(page, () => {
      const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2), kind)
      expect(parsed.ok ? [] : parsed.findings).toEqual([])
      expect(parsed.ok ? findings(parsed.policy).map((finding) => finding.code) : []).toEqual(says)
    })
  }
})
