/** Worked examples of AWS's guides on what stands beside identity policies: resources, boundaries, sessions, SCPs. */
import {
  account,
  allowAll,
  anonymous,
  bucketPolicy,
  type Example,
  federatedUser,
  fullAwsAccess,
  named,
  policy,
  rcpFullAwsAccess,
  roleSession,
  rootUser,
  trustPolicy,
  user,
} from './aws-guide-example.ts'

const nothing = policy('Nothing', { Effect: 'Allow', Action: 'nothing:AtAll', Resource: '*' })
const object = 'arn:aws:s3:::amzn-s3-demo-bucket/key'
const getObjectFor = (aws: string | string[]) =>
  bucketPolicy({ Effect: 'Allow', Principal: { AWS: aws }, Action: 's3:GetObject', Resource: '*' })

const resourcePolicies: readonly Example[] = [
  {
    page: 'IAM User Guide, Policy evaluation logic: example identity-based and resource-based policy evaluation',
    principal: user('carlossalazar'),
    stack: {
      identity: [
        policy(
          'carlossalazar',
          {
            Sid: 'AllowS3ListRead',
            Effect: 'Allow',
            Action: [
              's3:GetBucketLocation',
              's3:GetAccountPublicAccessBlock',
              's3:ListAccessPoints',
              's3:ListAllMyBuckets',
            ],
            Resource: 'arn:aws:s3:::*',
          },
          {
            Sid: 'AllowS3Self',
            Effect: 'Allow',
            Action: 's3:*',
            Resource: ['arn:aws:s3:::carlossalazar/*', 'arn:aws:s3:::carlossalazar'],
          },
          { Sid: 'DenyS3Logs', Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::*log*' },
        ),
      ],
    },
    rows: [
      {
        says: 'his own bucket, by both policies',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::carlossalazar/file',
        stack: {
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:user/carlossalazar` },
            Action: 's3:*',
            Resource: ['arn:aws:s3:::carlossalazar/*', 'arn:aws:s3:::carlossalazar'],
          }),
        },
        expected: 'allow',
      },
      {
        says: 'the log bucket is denied explicitly',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::carlossalazar-logs/file',
        expected: 'explicit-deny',
      },
      {
        says: 'one of the two policies is enough',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::carlossalazar/file',
        stack: {
          identity: [],
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:user/carlossalazar` },
            Action: 's3:*',
            Resource: 'arn:aws:s3:::carlossalazar/*',
          }),
        },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Cross-account policy evaluation logic: example',
    principal: user('carlossalazar', '111111111111'),
    resourceAccountId: '222222222222',
    stack: {
      identity: [
        policy(
          'carlossalazar',
          { Sid: 'AllowS3ListRead', Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
          {
            Sid: 'AllowS3ProductionObjectActions',
            Effect: 'Allow',
            Action: 's3:*Object*',
            Resource: 'arn:aws:s3:::Production/*',
          },
          {
            Sid: 'DenyS3Logs',
            Effect: 'Deny',
            Action: 's3:*',
            Resource: ['arn:aws:s3:::*log*', 'arn:aws:s3:::*log*/*'],
          },
        ),
      ],
      resource: bucketPolicy({
        Effect: 'Allow',
        Action: ['s3:GetObject*', 's3:PutObject*', 's3:ReplicateObject', 's3:RestoreObject'],
        Principal: { AWS: 'arn:aws:iam::111111111111:user/carlossalazar' },
        Resource: 'arn:aws:s3:::Production/*',
      }),
    },
    rows: [
      { says: 'both accounts allow', action: 's3:PutObject', resource: 'arn:aws:s3:::Production/f', expected: 'allow' },
      {
        says: 'the bucket does not let him delete',
        action: 's3:DeleteObject',
        resource: 'arn:aws:s3:::Production/f',
        expected: 'implicit-deny',
      },
      {
        says: 'the log bucket',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::Production-logs/f',
        expected: 'explicit-deny',
      },
      {
        says: 'the bucket alone is not enough, though it names him',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::Production/f',
        stack: { identity: [] },
        expected: 'implicit-deny',
      },
      {
        says: 'his own account alone is not enough',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::Production/f',
        stack: {
          identity: [allowAll],
          resource: bucketPolicy({ Effect: 'Allow', Principal: { AWS: '333333333333' }, Action: '*', Resource: '*' }),
        },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Policy evaluation logic: resource-based policies and implicit denies in other policy types (same account)',
    principal: roleSession('examplerole', 'examplerolesessionname'),
    stack: { identity: [nothing] },
    rows: [
      {
        says: 'role ARN: no identity policy needed',
        action: 's3:GetObject',
        resource: object,
        stack: { resource: getObjectFor(`arn:aws:iam::${account}:role/examplerole`) },
        expected: 'allow',
      },
      {
        says: 'role ARN: limited by the boundary',
        action: 's3:GetObject',
        resource: object,
        stack: { boundary: nothing, resource: getObjectFor(`arn:aws:iam::${account}:role/examplerole`) },
        expected: 'implicit-deny',
      },
      {
        says: 'role ARN: limited by the session policy',
        action: 's3:GetObject',
        resource: object,
        stack: { session: [nothing], resource: getObjectFor(`arn:aws:iam::${account}:role/examplerole`) },
        expected: 'implicit-deny',
      },
      {
        says: 'role session ARN: limited by neither',
        action: 's3:GetObject',
        resource: object,
        stack: {
          boundary: nothing,
          session: [nothing],
          resource: getObjectFor(`arn:aws:sts::${account}:assumed-role/examplerole/examplerolesessionname`),
        },
        expected: 'allow',
      },
      {
        says: 'another session of the role is somebody else',
        action: 's3:GetObject',
        resource: object,
        stack: { resource: getObjectFor(`arn:aws:sts::${account}:assumed-role/examplerole/other`) },
        expected: 'implicit-deny',
      },
      {
        says: 'user ARN: limited by neither identity policy nor boundary',
        principal: user('exampleuser'),
        action: 's3:GetObject',
        resource: object,
        stack: { boundary: nothing, resource: getObjectFor(`arn:aws:iam::${account}:user/exampleuser`) },
        expected: 'allow',
      },
      {
        says: 'federated user ARN: limited by nothing, not even the want of a session policy',
        principal: federatedUser('exampleuser'),
        action: 's3:GetObject',
        resource: object,
        stack: { boundary: nothing, resource: getObjectFor(`arn:aws:sts::${account}:federated-user/exampleuser`) },
        expected: 'allow',
      },
      {
        says: 'root user ARN',
        principal: rootUser(),
        action: 's3:GetObject',
        resource: object,
        stack: { identity: [], resource: getObjectFor(`arn:aws:iam::${account}:root`) },
        expected: 'allow',
      },
      {
        says: 'the account: an identity policy has to grant it',
        action: 's3:GetObject',
        resource: object,
        stack: { resource: getObjectFor(`arn:aws:iam::${account}:root`) },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Principal: all principals',
    principal: user('someone'),
    stack: { resource: getObjectFor('*') },
    rows: [
      { says: 'a user of the account', action: 's3:GetObject', resource: object, expected: 'allow' },
      { says: 'anonymous', principal: anonymous, action: 's3:GetObject', resource: object, expected: 'allow' },
      {
        says: 'another account needs its own identity policy',
        principal: user('stranger', '999999999999'),
        resourceAccountId: account,
        action: 's3:GetObject',
        resource: object,
        expected: 'implicit-deny',
      },
      {
        says: 'and with one it may',
        principal: user('stranger', '999999999999'),
        resourceAccountId: account,
        action: 's3:GetObject',
        resource: object,
        stack: { identity: [allowAll] },
        expected: 'allow',
      },
      {
        says: '"*" with aws:PrincipalArn is not limited by boundary or session policy',
        principal: roleSession('r', 's'),
        action: 's3:GetObject',
        resource: object,
        context: { 'aws:principalarn': `arn:aws:iam::${account}:role/r` },
        stack: {
          boundary: nothing,
          session: [nothing],
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:*',
            Resource: '*',
            Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/r` } },
          }),
        },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Principal: UsePrincipalArnInsteadOfNotPrincipalWithDeny',
    principal: user('user-name', '444455556666'),
    stack: {
      identity: [allowAll],
      resource: bucketPolicy({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: '*',
        Resource: ['arn:aws:s3:::BUCKETNAME/*', 'arn:aws:s3:::BUCKETNAME'],
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:user/user-name' } },
      }),
    },
    rows: [
      {
        says: 'the one named',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::BUCKETNAME/k',
        context: { 'aws:principalarn': 'arn:aws:iam::444455556666:user/user-name' },
        expected: 'allow',
      },
      {
        says: 'anybody else',
        principal: user('other', '444455556666'),
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::BUCKETNAME/k',
        context: { 'aws:principalarn': 'arn:aws:iam::444455556666:user/other' },
        expected: 'explicit-deny',
      },
    ],
  },
]

const bobAccount = '444455556666'
const denyAllBut = (...aws: string[]) =>
  bucketPolicy({ Effect: 'Deny', NotPrincipal: { AWS: aws }, Action: 's3:*', Resource: 'arn:aws:s3:::BUCKETNAME/*' })
const bucketObject = { action: 's3:GetObject', resource: 'arn:aws:s3:::BUCKETNAME/k' }

const notPrincipal: readonly Example[] = [
  {
    page: 'IAM User Guide, NotPrincipal: IAM user in the same or a different account',
    principal: user('Bob', bobAccount),
    stack: {
      identity: [allowAll],
      resource: denyAllBut(`arn:aws:iam::${bobAccount}:user/Bob`, `arn:aws:iam::${bobAccount}:root`),
    },
    rows: [
      { says: 'Bob is spared', ...bucketObject, expected: 'allow' },
      {
        says: 'nobody else of his account is',
        principal: user('Eve', bobAccount),
        ...bucketObject,
        expected: 'explicit-deny',
      },
      { says: 'nor anonymous callers', principal: anonymous, ...bucketObject, expected: 'explicit-deny' },
      {
        says: 'without the account the effect might be to deny the account, and Bob with it',
        ...bucketObject,
        stack: { resource: denyAllBut(`arn:aws:iam::${bobAccount}:user/Bob`) },
        expected: 'explicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, NotPrincipal: IAM role in the same or a different account',
    principal: roleSession('cross-account-read-only-role', 'cross-account-audit-app', bobAccount),
    stack: {
      identity: [allowAll],
      resource: denyAllBut(
        `arn:aws:sts::${bobAccount}:assumed-role/cross-account-read-only-role/cross-account-audit-app`,
        `arn:aws:iam::${bobAccount}:role/cross-account-read-only-role`,
        `arn:aws:iam::${bobAccount}:root`,
      ),
    },
    rows: [
      { says: 'the session is spared', ...bucketObject, expected: 'allow' },
      {
        says: 'another session of the role is not',
        principal: roleSession('cross-account-read-only-role', 'other', bobAccount),
        ...bucketObject,
        expected: 'explicit-deny',
      },
      {
        says: 'without the role the effect might be to deny the role',
        ...bucketObject,
        stack: {
          resource: denyAllBut(
            `arn:aws:sts::${bobAccount}:assumed-role/cross-account-read-only-role/cross-account-audit-app`,
            `arn:aws:iam::${bobAccount}:root`,
          ),
        },
        expected: 'explicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Permissions boundaries: NotPrincipal with Deny always denies a principal with a boundary',
    principal: user('Bob', bobAccount),
    stack: {
      identity: [allowAll],
      boundary: allowAll,
      resource: denyAllBut(`arn:aws:iam::${bobAccount}:user/Bob`, `arn:aws:iam::${bobAccount}:root`),
    },
    rows: [{ says: 'regardless of the values', ...bucketObject, expected: 'explicit-deny' }],
  },
]

const boundaries: readonly Example[] = [
  {
    page: 'IAM User Guide, Permissions boundaries: ShirleyRodriguez',
    principal: user('ShirleyRodriguez'),
    stack: {
      identity: [policy('CreateUser', { Effect: 'Allow', Action: 'iam:CreateUser', Resource: '*' })],
      boundary: policy('Boundary', { Effect: 'Allow', Action: ['s3:*', 'cloudwatch:*', 'ec2:*'], Resource: '*' }),
    },
    rows: [
      { says: 'the boundary does not allow it', action: 'iam:CreateUser', expected: 'implicit-deny' },
      { says: 'the boundary grants nothing itself', action: 's3:ListAllMyBuckets', expected: 'implicit-deny' },
      {
        says: 'both',
        action: 's3:ListAllMyBuckets',
        stack: { identity: [policy('S3', { Effect: 'Allow', Action: 's3:*', Resource: '*' })] },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Permissions boundaries: Zhang and DelegatedUserBoundary',
    principal: user('Zhang'),
    stack: {
      identity: [
        policy(
          'DelegatedUserPermissions',
          { Sid: 'IAM', Effect: 'Allow', Action: 'iam:*', Resource: '*' },
          { Sid: 'S3BucketContents', Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::ZhangBucket' },
        ),
      ],
      boundary: policy(
        'DelegatedUserBoundary',
        {
          Sid: 'CreateOrChangeOnlyWithBoundary',
          Effect: 'Allow',
          Action: ['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:PutUserPermissionsBoundary'],
          Resource: '*',
          Condition: {
            StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/XCompanyBoundaries` },
          },
        },
        {
          Sid: 'CloudWatchAndOtherIAMTasks',
          Effect: 'Allow',
          Action: ['iam:GetUser', 'iam:CreatePolicy', 'iam:DeletePolicy'],
          Resource: '*',
        },
        {
          Sid: 'NoBoundaryPolicyEdit',
          Effect: 'Deny',
          Action: [
            'iam:CreatePolicyVersion',
            'iam:DeletePolicy',
            'iam:DeletePolicyVersion',
            'iam:SetDefaultPolicyVersion',
          ],
          Resource: [
            `arn:aws:iam::${account}:policy/XCompanyBoundaries`,
            `arn:aws:iam::${account}:policy/DelegatedUserBoundary`,
          ],
        },
        { Sid: 'NoBoundaryUserDelete', Effect: 'Deny', Action: 'iam:DeleteUserPermissionsBoundary', Resource: '*' },
      ),
    },
    rows: [
      { says: 'forgets the boundary', action: 'iam:CreateUser', expected: 'implicit-deny' },
      {
        says: 'sets it',
        action: 'iam:CreateUser',
        context: { 'iam:permissionsboundary': `arn:aws:iam::${account}:policy/XCompanyBoundaries` },
        expected: 'allow',
      },
      {
        says: 'another boundary',
        action: 'iam:CreateUser',
        context: { 'iam:permissionsboundary': `arn:aws:iam::${account}:policy/Other` },
        expected: 'implicit-deny',
      },
      {
        says: 'cannot delete the boundary policy',
        action: 'iam:DeletePolicy',
        resource: `arn:aws:iam::${account}:policy/XCompanyBoundaries`,
        expected: 'explicit-deny',
      },
      {
        says: 'can delete others',
        action: 'iam:DeletePolicy',
        resource: `arn:aws:iam::${account}:policy/Other`,
        expected: 'allow',
      },
      { says: 'cannot lift a boundary', action: 'iam:DeleteUserPermissionsBoundary', expected: 'explicit-deny' },
      {
        says: 'S3 is outside his boundary',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::ZhangBucket',
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Permissions boundaries: Nikhil and resource-based policies',
    principal: user('Nikhil'),
    stack: {
      identity: [],
      boundary: policy(
        'XCompanyBoundaries',
        { Sid: 'ServiceBoundaries', Effect: 'Allow', Action: ['s3:*', 'ec2:*'], Resource: '*' },
        {
          Sid: 'DenyEC2Production',
          Effect: 'Deny',
          Action: 'ec2:*',
          Resource: 'arn:aws:ec2:*:*:instance/i-1234567890abcdef0',
        },
      ),
      resource: bucketPolicy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:user/Nikhil` },
        Action: '*',
        Resource: '*',
      }),
    },
    rows: [
      {
        says: 'the secret’s policy is not limited by the boundary',
        action: 'secretsmanager:GetSecretValue',
        resource: `arn:aws:secretsmanager:us-east-1:${account}:secret:s`,
        expected: 'allow',
      },
      {
        says: 'but the boundary’s explicit deny holds',
        action: 'ec2:StartInstances',
        resource: `arn:aws:ec2:us-east-1:${account}:instance/i-1234567890abcdef0`,
        expected: 'explicit-deny',
      },
    ],
  },
]

const listAndRead = policy(
  'SessionPolicy',
  { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::productionapp' },
  {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    Resource: 'arn:aws:s3:::productionapp/*',
  },
)

const sessions: readonly Example[] = [
  {
    page: 'IAM User Guide, Permissions for GetFederationToken',
    principal: federatedUser('Carol'),
    stack: {
      identity: [
        policy('token-app', {
          Effect: 'Allow',
          Action: ['sts:GetFederationToken', 'dynamodb:ListTables', 'sqs:ReceiveMessage', 's3:ListBucket'],
          Resource: '*',
        }),
      ],
    },
    rows: [
      {
        says: 'no session policy, no permissions',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::productionapp',
        expected: 'implicit-deny',
      },
      {
        says: 'the intersection: lists the bucket',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::productionapp',
        stack: { session: [listAndRead] },
        expected: 'allow',
      },
      {
        says: 'the session policy cannot add GetObject',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::productionapp/k',
        stack: { session: [listAndRead] },
        expected: 'implicit-deny',
      },
      {
        says: 'nor does the user’s policy reach past it',
        action: 'dynamodb:ListTables',
        stack: { session: [listAndRead] },
        expected: 'implicit-deny',
      },
      {
        says: 'a bucket policy that names Carol, with no session policy',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::productionapp/k',
        stack: {
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:sts::${account}:federated-user/Carol` },
            Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
            Resource: 'arn:aws:s3:::productionapp/*',
          }),
        },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Session policies: AssumeRole with a session policy',
    principal: roleSession('app', 's1'),
    stack: { identity: [policy('role', { Effect: 'Allow', Action: 's3:*', Resource: '*' })] },
    rows: [
      { says: 'without one: the role’s policies', action: 's3:PutObject', resource: object, expected: 'allow' },
      {
        says: 'the intersection',
        action: 's3:PutObject',
        resource: object,
        stack: { session: [listAndRead] },
        expected: 'implicit-deny',
      },
      {
        says: 'several session policies count together',
        action: 's3:PutObject',
        resource: object,
        stack: { session: [listAndRead, policy('More', { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' })] },
        expected: 'allow',
      },
      {
        says: 'they grant nothing of their own',
        action: 'ec2:RunInstances',
        stack: { session: [allowAll] },
        expected: 'implicit-deny',
      },
    ],
  },
]

const role = `arn:aws:iam::${account}:role/CrossAccountRole`
const assume = { action: 'sts:AssumeRole', resource: role, resourceAccountId: account }
const trustAccount = (accountId: string, condition?: Record<string, Record<string, string>>) =>
  trustPolicy({
    Effect: 'Allow',
    Principal: { AWS: accountId },
    Action: 'sts:AssumeRole',
    ...(condition ? { Condition: condition } : {}),
  })
const mayAssume = policy('Assume', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role })

const trust: readonly Example[] = [
  {
    page: 'IAM User Guide, Secure API access with MFA: cross-account delegation',
    principal: user('richard', '999999999999'),
    stack: {
      identity: [mayAssume],
      resource: trustAccount('999999999999', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    },
    rows: [
      { says: 'with MFA', ...assume, context: { 'aws:multifactorauthpresent': 'true' }, expected: 'allow' },
      { says: 'without', ...assume, expected: 'implicit-deny' },
      {
        says: 'his own account has to let him',
        ...assume,
        context: { 'aws:multifactorauthpresent': 'true' },
        stack: { identity: [] },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, The confused deputy problem: sts:ExternalId',
    principal: user('vendor', '999999999999'),
    stack: {
      identity: [allowAll],
      resource: trustAccount('999999999999', { StringEquals: { 'sts:ExternalId': '12345' } }),
    },
    rows: [
      { says: 'the right one', ...assume, context: { 'sts:externalid': '12345' }, expected: 'allow' },
      { says: 'a wrong one', ...assume, context: { 'sts:externalid': '54321' }, expected: 'implicit-deny' },
      { says: 'none', ...assume, expected: 'implicit-deny' },
    ],
  },
  {
    page: 'IAM User Guide, Policy evaluation logic: role trust policies must allow explicitly',
    principal: user('ann'),
    stack: { identity: [allowAll] },
    rows: [
      {
        says: 'the trust policy names nobody of hers',
        ...assume,
        stack: { resource: trustAccount('999999999999') },
        expected: 'implicit-deny',
      },
      { says: 'it trusts the account', ...assume, stack: { resource: trustAccount(account) }, expected: 'allow' },
      {
        says: 'then her identity policy decides',
        ...assume,
        stack: { identity: [], resource: trustAccount(account) },
        expected: 'implicit-deny',
      },
      {
        says: 'it names her: no identity policy needed',
        ...assume,
        stack: { identity: [], resource: trustAccount(`arn:aws:iam::${account}:user/ann`) },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Principal: AWS service principals and web identity',
    principal: named('ecs.amazonaws.com'),
    stack: {
      resource: trustPolicy(
        {
          Effect: 'Allow',
          Principal: { Service: ['ecs.amazonaws.com', 'elasticloadbalancing.amazonaws.com'] },
          Action: 'sts:AssumeRole',
        },
        {
          Effect: 'Allow',
          Principal: { Federated: 'accounts.google.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { 'accounts.google.com:aud': 'app' } },
        },
      ),
    },
    rows: [
      { says: 'a service listed', ...assume, expected: 'allow' },
      { says: 'another one', principal: named('ec2.amazonaws.com'), ...assume, expected: 'implicit-deny' },
      {
        says: 'the provider, for the right app',
        principal: named('accounts.google.com'),
        ...assume,
        action: 'sts:AssumeRoleWithWebIdentity',
        context: { 'accounts.google.com:aud': 'app' },
        expected: 'allow',
      },
      {
        says: 'another provider',
        principal: named('www.amazon.com'),
        ...assume,
        action: 'sts:AssumeRoleWithWebIdentity',
        context: { 'accounts.google.com:aud': 'app' },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Condition operators: SNS sends to a queue (ArnEquals aws:SourceArn)',
    principal: named('sns.amazonaws.com'),
    resourceAccountId: account,
    stack: {
      resource: bucketPolicy({
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'SQS:SendMessage',
        Resource: `arn:aws:sqs:us-east-1:${account}:queue`,
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${account}:topic` } },
      }),
    },
    rows: [
      {
        says: 'the topic',
        action: 'sqs:SendMessage',
        resource: `arn:aws:sqs:us-east-1:${account}:queue`,
        context: { 'aws:sourcearn': `arn:aws:sns:us-east-1:${account}:topic` },
        expected: 'allow',
      },
      {
        says: 'the topic of another account: the confused deputy',
        action: 'sqs:SendMessage',
        resource: `arn:aws:sqs:us-east-1:${account}:queue`,
        context: { 'aws:sourcearn': 'arn:aws:sns:us-east-1:999999999999:topic' },
        expected: 'implicit-deny',
      },
    ],
  },
]

const kmsKey = `arn:aws:kms:us-east-1:${account}:key/1234`

const keys: readonly Example[] = [
  {
    page: 'KMS Developer Guide, Key policies: the key policy has to allow, and may delegate to IAM policies',
    principal: user('ann'),
    stack: { identity: [allowAll] },
    rows: [
      {
        says: 'delegated to the account',
        action: 'kms:Decrypt',
        resource: kmsKey,
        stack: {
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: 'kms:*',
            Resource: '*',
          }),
        },
        expected: 'allow',
      },
      {
        says: 'not delegated: the IAM policy has no effect',
        action: 'kms:Decrypt',
        resource: kmsKey,
        stack: {
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:user/bob` },
            Action: 'kms:*',
            Resource: '*',
          }),
        },
        expected: 'implicit-deny',
      },
    ],
  },
]

const leaveOrganization = policy('DenyLeave', {
  Effect: 'Deny',
  Action: 'organizations:LeaveOrganization',
  Resource: '*',
})
const denyRoot = policy('DenyRoot', {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { StringLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:root'] } },
})
const rootArn = { 'aws:principalarn': `arn:aws:iam::${account}:root` }

const organizations: readonly Example[] = [
  {
    page: 'Organizations User Guide, SCP evaluation: an Allow at every level',
    principal: user('ann'),
    stack: { identity: [allowAll], scps: [[fullAwsAccess], [fullAwsAccess], [fullAwsAccess]] },
    rows: [
      { says: 'root, OU and account allow', action: 'ec2:RunInstances', expected: 'allow' },
      {
        says: 'missing at the OU',
        action: 'ec2:RunInstances',
        stack: { scps: [[fullAwsAccess], [], [fullAwsAccess]] },
        expected: 'implicit-deny',
      },
      {
        says: 'another action there',
        action: 'ec2:RunInstances',
        stack: {
          scps: [[fullAwsAccess], [policy('S3', { Effect: 'Allow', Action: 's3:*', Resource: '*' })], [fullAwsAccess]],
        },
        expected: 'implicit-deny',
      },
      {
        says: 'a Deny at any level',
        action: 'organizations:LeaveOrganization',
        stack: { scps: [[fullAwsAccess, leaveOrganization], [fullAwsAccess], [fullAwsAccess]] },
        expected: 'explicit-deny',
      },
      { says: 'SCPs grant nothing', action: 'ec2:RunInstances', stack: { identity: [] }, expected: 'implicit-deny' },
      {
        says: 'nor are resource-based grants outside of them',
        action: 's3:GetObject',
        resource: object,
        stack: { scps: [[]], resource: getObjectFor(`arn:aws:iam::${account}:user/ann`) },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'Organizations User Guide, SCPs: users and roles not restricted',
    principal: rootUser(),
    stack: { scps: [[fullAwsAccess, denyRoot]] },
    rows: [
      {
        says: 'the root user of a member account',
        action: 'iam:CreateUser',
        context: rootArn,
        expected: 'explicit-deny',
      },
      {
        says: 'not that of the management account',
        action: 'iam:CreateUser',
        context: rootArn,
        stack: { principalInManagementAccount: true },
        expected: 'allow',
      },
      {
        says: 'service-linked roles are not restricted',
        principal: roleSession('AWSServiceRoleForX', 'x', account, 'aws-service-role/x.amazonaws.com/'),
        action: 'ec2:RunInstances',
        stack: { identity: [allowAll], scps: [[]], rcps: [[]] },
        expected: 'allow',
      },
      {
        says: 'an SCP with no Allow binds the root user too',
        action: 'iam:CreateUser',
        context: rootArn,
        stack: { scps: [[leaveOrganization]] },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'Organizations User Guide, Resource control policies: only principals of the organization, over TLS',
    principal: user('ann'),
    stack: {
      identity: [allowAll],
      rcps: [
        [
          rcpFullAwsAccess,
          policy('Perimeter', {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: '*',
            Condition: {
              StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
              BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
            },
          }),
        ],
        [rcpFullAwsAccess],
      ],
    },
    rows: [
      {
        says: 'of the organization',
        action: 's3:GetObject',
        resource: object,
        context: { 'aws:principalorgid': 'o-exampleorgid', 'aws:principalisawsservice': 'false' },
        expected: 'allow',
      },
      {
        says: 'from outside, though the bucket is public',
        principal: user('eve', '999999999999'),
        resourceAccountId: account,
        action: 's3:GetObject',
        resource: object,
        context: { 'aws:principalorgid': 'o-anotherorgid', 'aws:principalisawsservice': 'false' },
        stack: { resource: getObjectFor('*') },
        expected: 'explicit-deny',
      },
      {
        says: 'anonymous',
        principal: anonymous,
        resourceAccountId: account,
        action: 's3:GetObject',
        resource: object,
        stack: { identity: [], resource: getObjectFor('*') },
        expected: 'explicit-deny',
      },
      {
        says: 'an AWS service',
        principal: named('logging.s3.amazonaws.com'),
        resourceAccountId: account,
        action: 's3:PutObject',
        resource: object,
        context: { 'aws:principalisawsservice': 'true' },
        stack: {
          identity: [],
          resource: bucketPolicy({
            Effect: 'Allow',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: '*',
          }),
        },
        expected: 'allow',
      },
      {
        says: 'resources of the management account are not restricted',
        action: 's3:GetObject',
        resource: object,
        context: { 'aws:principalorgid': 'o-anotherorgid' },
        stack: { resourceInManagementAccount: true },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Policy evaluation logic: the root user has full access by default',
    principal: rootUser(),
    stack: {},
    rows: [
      { says: 'no policy at all', action: 'iam:CreateUser', expected: 'allow' },
      {
        says: 'a bucket policy may deny it',
        action: 's3:GetObject',
        resource: object,
        stack: { resource: bucketPolicy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }) },
        expected: 'explicit-deny',
      },
      {
        says: 'resources of other accounts are theirs to grant',
        action: 's3:GetObject',
        resource: object,
        resourceAccountId: '999999999999',
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'STS API Reference, GetCallerIdentity: no permissions are required',
    principal: user('ann'),
    stack: { identity: [policy('DenyAll', { Effect: 'Deny', Action: '*', Resource: '*' })] },
    rows: [
      { says: 'even when a policy denies it', action: 'sts:GetCallerIdentity', expected: 'allow' },
      { says: 'others are denied', action: 'sts:AssumeRole', expected: 'explicit-deny' },
    ],
  },
]

export const layerExamples: readonly Example[] = [
  ...resourcePolicies,
  ...notPrincipal,
  ...boundaries,
  ...sessions,
  ...trust,
  ...keys,
  ...organizations,
]
