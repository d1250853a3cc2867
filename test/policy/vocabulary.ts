/**
 * The words that generated policies and requests are made of: few, and near one another, so that statements match,
 * nearly match, and collide.
 */
import type { CallerJson } from './reference.ts'

export const home = '111111111111'
export const away = '222222222222'

const alice = `arn:aws:iam::${home}:user/alice`
const bob = `arn:aws:iam::${home}:user/team/bob`
const roleReader = `arn:aws:iam::${home}:role/path/reader`
const roleWriter = `arn:aws:iam::${home}:role/writer`
const readerSession = `arn:aws:sts::${home}:assumed-role/reader/alice`
const writerSession = `arn:aws:sts::${home}:assumed-role/writer/s1`
const federated = `arn:aws:sts::${home}:federated-user/alice`
export const samlProvider = `arn:aws:iam::${away}:saml-provider/idp`
export const canonicalHome = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'

const linkedRole = `arn:aws:iam::${home}:role/aws-service-role/x.amazonaws.com/writer`

export const principals: readonly CallerJson[] = [
  { text: `arn:aws:iam::${home}:root` },
  { text: alice },
  { text: alice, canonicalUserId: canonicalHome },
  { text: bob },
  { text: readerSession, roleArn: roleReader },
  { text: readerSession, roleArn: roleReader, federatedProvider: 'accounts.google.com' },
  { text: writerSession, roleArn: roleWriter },
  { text: writerSession, roleArn: linkedRole },
  { text: federated },
  { text: 'ec2.amazonaws.com' },
  { text: '*' },
  { text: samlProvider },
  { text: 'accounts.google.com' },
]

export const awsNames = [
  alice,
  bob,
  roleReader,
  roleWriter,
  readerSession,
  writerSession,
  federated,
  home,
  away,
  `arn:aws:iam::${home}:root`,
  `arn:aws:iam::${away}:root`,
  `arn:aws:iam::${away}:user/alice`,
]

export const actionsByService: Readonly<Record<string, readonly string[]>> = {
  iam: ['iam:CreateUser', 'iam:DeleteUser', 'iam:GetUser', 'iam:ListUsers', 'iam:EnableMFADevice', 'IAM:getuser'],
  s3: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:GetObjectTagging', 'S3:GETOBJECT'],
  kms: ['kms:Decrypt', 'kms:CreateKey', 'kms:UpdateAlias', 'kms:CreateGrant', 'KMS:deletealias'],
  logs: ['logs:PutLogEvents'],
  sns: ['sns:Publish', 'sns:Subscribe'],
  sts: [
    'sts:AssumeRole',
    'sts:TagSession',
    'sts:SetSourceIdentity',
    'sts:SetContext',
    'sts:AssumeRoot',
    'sts:GetAccessKeyInfo',
  ],
  textract: ['textract:DetectText', 'firehose:PutRecord'],
}

export const actionPatterns = [
  '*',
  'iam:*',
  'iam:Get*',
  'IAM:getUSER',
  'iam:*User',
  'iam:?etUser',
  'iam:*e*User*',
  'iam:CreateUser',
  'iam:EnableMFADevice',
  'sns:*',
  's3:*',
  's3:*Object',
  's3:Get*',
  's3:GetObject',
  's3:??tObject',
  's3:*t*t*',
  'sts:AssumeRole',
  'sts:*',
  'kms:Decrypt',
  'kms:*',
  'logs:*Events',
  'textract:*',
]

export const resourcesByService: Readonly<Record<string, readonly string[]>> = {
  iam: [alice, bob, `arn:aws:iam::${away}:user/alice`, `arn:aws:iam::${home}:mfa/alice`, '*'],
  s3: [
    'arn:aws:s3:::bucket',
    'arn:aws:s3:::bucket/alice/x',
    'arn:aws:s3:::bucket/red/x',
    'arn:aws:s3:::bucket/a*b',
    'arn:aws:s3:::bucket/axb',
    'arn:aws:s3:::other/alice/x:y',
    '*',
  ],
  kms: [
    `arn:aws:kms:us-east-1:${home}:key/k1`,
    `arn:aws:kms:us-east-1:${home}:alias/k1`,
    'arn:aws:foo:::alias/k1',
    '*',
  ],
  logs: [
    `arn:aws:logs:us-east-1:${home}:log-group:app:log-stream:alice`,
    `arn:aws:logs:us-east-1:${home}:log-group:app`,
    `arn:aws:logs:us-east-2:${home}:other:${home}:log-group:app`,
    `arn:aws:logs:us-gov-east-1:${home}:x:app`,
  ],
  sns: [
    `arn:aws:sns:us-east-1:${home}:topic`,
    `arn:aws:sns:eu-west-1:${away}:topic:1234`,
    `arn:aws:sns:us-east-1:${home}:other:topic`,
    'arn:aws:sns:us-east-1:topic:x',
  ],
  sts: [roleReader, roleWriter, `arn:aws:sts::${home}:federated-user/f`, `arn:aws:iam::${away}:root`],
  textract: [`arn:aws:textract:us-east-1:${home}:/adapters/a`, '*'],
}

export const resourcePatterns = [
  '*',
  '*',
  alice,
  bob,
  `arn:aws:iam::${home}:user/*`,
  'arn:aws:iam::*:user/*',
  'arn:aws:iam::*:user/alice',
  'arn:aws:iam::*:*',
  'arn:aws:iam::1???????????:user/al?ce',
  `arn:aws:iam::${home}:user/\${aws:username}`,
  `arn:aws:iam::*:user/\${aws:username, 'alice'}`,
  `arn:aws:iam::*:*/\${AWS:UserName,'team/bob'}`,
  'arn:aws:s3:::*',
  'arn:aws:s3:::bucket',
  'arn:aws:s3:::bucket/*',
  'arn:aws:s3:::bucket*',
  'arn:aws:s3:::*/x',
  'arn:aws:s3:::*/*/x*',
  'arn:aws:s3:::b?cket/alice/?',
  'arn:aws:s3:::bucket/a*b',
  `arn:aws:s3:::bucket/a\${*}b`,
  `arn:aws:s3:::bucket/\${aws:PrincipalTag/team}/*`,
  `arn:aws:s3:::\${s3:prefix}/*`,
  `arn:aws:s3:::*/\${aws:username}/*`,
  `arn:aws:kms:*:${home}:key/*`,
  'arn:aws:logs:us-east-1:*:log-group:*:log-stream:*',
  'arn:aws:logs:*:*:log-group:app',
  'arn:aws:logs:*:log-group:app',
  'arn:aws:logs:us-*-1:*:log-group:*',
  'arn:aws:logs:us-*-1:*:app',
  `arn:aws:logs:us-????-?:*:log-group:app`,
  'arn:aws:sns:*:topic',
  'arn:aws:sns:*:*:topic',
  'arn:aws:sns:us-east-1:*',
  'arn:aws:sns:*-1:*:*',
  `arn:aws:sns:*:${home}:*topic`,
  'arn:aws:sns',
  'arn:aws:s3:*:x:y',
  'arn:aws:s3:::*:y',
]

// --------------------------------------------------------------------------------------------------------- conditions

interface Family {
  readonly keys: readonly string[]
  readonly operators: readonly string[]
  /** What policies compare with. */
  readonly expected: readonly string[]
  /** What only session policies can compare with. */
  readonly malformed: readonly string[]
  /** What requests carry. */
  readonly actual: readonly string[]
}

const ordered = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals']

export const families: readonly Family[] = [
  {
    keys: ['aws:username', 'aws:PrincipalTag/team', 's3:prefix', 'aws:TagKeys', 'aws:CalledVia'],
    operators: ['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map(
      (suffix) => `String${suffix}`,
    ),
    expected: [
      'alice',
      'Alice',
      'al*',
      '*e',
      '?lice',
      'red',
      'blue',
      '*',
      'a*b',
      `a\${*}b`,
      `\${aws:username}`,
      `\${aws:PrincipalTag/team}`,
      `\${aws:PrincipalTag/team, 'red'}*`,
      `\${s3:prefix, ''}`,
      `\${aws:TagKeys, 'alice'}`,
      '*a*b*',
    ],
    malformed: [],
    actual: ['alice', 'Alice', 'team/bob', 'red', 'blue', 'a*b', 'axb', 'bucket', '*'],
  },
  {
    keys: ['aws:MultiFactorAuthAge', 's3:max-keys'],
    operators: ordered.map((suffix) => `Numeric${suffix}`),
    expected: ['0', '10', '10.5', '3600', '-1'],
    malformed: ['nope', ''],
    actual: ['0', '-0', '9', '10', '10.0', '1e1', '10.5', '3600', '3601', '-1', '-2', '+10', ' 10', '10.', '0x0a', ''],
  },
  {
    keys: ['aws:CurrentTime', 'aws:TokenIssueTime'],
    operators: ordered.map((suffix) => `Date${suffix}`),
    expected: ['2024-01-01T00:00:00Z', '2024-06-30T12:00:00+02:00', '1704067200', '2024-01-01'],
    malformed: ['not-a-date', '2024-13-01'],
    actual: [
      '2024-01-01T00:00:00Z',
      '2023-12-31T23:59:59Z',
      '2024-06-30T10:00:00Z',
      '1704067200',
      '1719741601',
      '2024',
      '2024-01',
      '2024-06-30',
      '2024-01-01T00:00Z',
      '2024-06-30T10:00:00.000Z',
      '2024-06-30T10:00:00.001Z',
      '2024-06-30T08:00:00-02:00',
      '2024-13-01',
      '2024-06-30 10:00:00Z',
      '',
    ],
  },
  {
    keys: ['aws:MultiFactorAuthPresent', 'aws:SecureTransport'],
    operators: ['Bool'],
    expected: ['true', 'false', 'True', 'no'],
    malformed: [],
    actual: ['true', 'false', 'TRUE', '1', ''],
  },
  {
    keys: ['test:Blob'],
    operators: ['BinaryEquals'],
    expected: ['QQ==', 'QUI='],
    malformed: [],
    actual: ['QQ==', 'QUI=', 'QUJD', 'QQ', 'Q', '*'],
  },
  {
    keys: ['aws:SourceIp'],
    operators: ['IpAddress', 'NotIpAddress'],
    expected: [
      '203.0.113.0/24',
      '203.0.113.7',
      '203.0.113.9/31',
      '203.000.113.08/29',
      '0.0.0.0/0',
      '2001:db8::/32',
      '2001:db8:0:1::/64',
      '::1',
    ],
    malformed: ['not-an-ip', '2001:db8::5/64', '203.0.113.0/33'],
    actual: [
      '203.0.113',
      '203.0.113.256',
      '203.0.113.07',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '2001:db8:0:1:0:0:0:g',
      '2001:db8:0:1:0:0:0:9',
      '203.0.113.7',
      '203.0.113.8',
      '198.51.100.1',
      '2001:db8:0:1::5',
      '2001:DB8::',
      '::1',
      '2002::1',
    ],
  },
  {
    keys: ['aws:PrincipalArn', 'aws:SourceArn'],
    operators: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
    expected: [
      alice,
      'arn:aws:iam::*:user/*',
      `arn:aws:iam::${home}:*`,
      'arn:aws:*:*:*:*',
      'arn:aws:someservice:*:111122223333:finance/*',
      `arn:aws:iam::*:user/\${aws:username}`,
      roleReader,
      '*',
      `\${aws:PrincipalArn}`,
    ],
    malformed: ['not-an-arn', 'arn:aws:iam::*', '*:aws:iam::1:user/x'],
    actual: [
      alice,
      bob,
      roleReader,
      `arn:aws:iam::${away}:root`,
      'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
    ],
  },
]
