/** Worked examples of AWS's IAM User Guide on identity-based policies: elements, operators, variables, MFA. */
import { account, allowAll, type Example, policy, roleSession, user } from './aws-guide-example.ts'

const elements: readonly Example[] = [
  {
    page: 'IAM User Guide, Policy evaluation logic: the difference between explicit and implicit denies',
    principal: user('someone'),
    stack: {
      identity: [
        policy(
          'AllowGetList',
          { Sid: 'AllowGetList', Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' },
          { Sid: 'DenyReports', Effect: 'Deny', Action: 'iam:*Report', Resource: '*' },
        ),
      ],
    },
    rows: [
      { says: 'reads', action: 'iam:GetUser', expected: 'allow' },
      { says: 'action names have no case', action: 'IAM:listusers', expected: 'allow' },
      { says: 'everything else is denied implicitly', action: 'iam:CreatePolicy', expected: 'implicit-deny' },
      { says: 'reports are denied explicitly', action: 'iam:GetOrganizationsAccessReport', expected: 'explicit-deny' },
      {
        says: 'also where another policy grants them',
        action: 'iam:GenerateCredentialReport',
        stack: {
          identity: [allowAll, policy('DenyReports', { Effect: 'Deny', Action: 'iam:*Report', Resource: '*' })],
        },
        expected: 'explicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, NotAction: NotAction with Allow, scoped to S3',
    principal: user('someone'),
    stack: {
      identity: [policy('NotDelete', { Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::*' })],
    },
    rows: [
      { says: 'S3 on S3 resources', action: 's3:PutObject', resource: 'arn:aws:s3:::b/k', expected: 'allow' },
      { says: 'not the one', action: 's3:DeleteBucket', resource: 'arn:aws:s3:::b', expected: 'implicit-deny' },
      {
        says: 'ListAllMyBuckets requires "*"',
        action: 's3:ListAllMyBuckets',
        resource: '*',
        expected: 'implicit-deny',
      },
      {
        says: 'no other service',
        action: 'iam:GetUser',
        resource: `arn:aws:iam::${account}:user/x`,
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, NotAction: everything except IAM',
    principal: user('someone'),
    stack: { identity: [policy('NotIam', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })] },
    rows: [
      { says: 'another service', action: 'ec2:RunInstances', expected: 'allow' },
      { says: 'IAM', action: 'iam:CreateUser', expected: 'implicit-deny' },
    ],
  },
  {
    page: 'IAM User Guide, NotResource: the HRPayroll group',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('HRPayroll', {
          Effect: 'Deny',
          Action: 's3:*',
          NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'],
        }),
      ],
    },
    rows: [
      { says: 'the folder', action: 's3:GetObject', resource: 'arn:aws:s3:::HRBucket/Payroll/May', expected: 'allow' },
      {
        says: 'another one',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::HRBucket/Bonus',
        expected: 'explicit-deny',
      },
      {
        says: 'the case of names counts',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::hrbucket/Payroll/May',
        expected: 'explicit-deny',
      },
      { says: 'another service', action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:1:q', expected: 'allow' },
    ],
  },
  {
    page: 'IAM User Guide, Resource: all users of the path /accounting',
    principal: user('someone'),
    stack: {
      identity: [
        policy('Accounting', {
          Effect: 'Allow',
          Action: 'iam:GetUser',
          Resource: `arn:aws:iam::${account}:user/accounting/*`,
        }),
      ],
    },
    rows: [
      {
        says: 'in the path',
        action: 'iam:GetUser',
        resource: `arn:aws:iam::${account}:user/accounting/ann`,
        expected: 'allow',
      },
      {
        says: '* covers "/" inside its segment',
        action: 'iam:GetUser',
        resource: `arn:aws:iam::${account}:user/accounting/eu/ann`,
        expected: 'allow',
      },
      {
        says: 'outside',
        action: 'iam:GetUser',
        resource: `arn:aws:iam::${account}:user/ann`,
        expected: 'implicit-deny',
      },
      {
        says: 'another account',
        action: 'iam:GetUser',
        resource: 'arn:aws:iam::999999999999:user/accounting/ann',
        expected: 'implicit-deny',
      },
    ],
  },
]

const operators: readonly Example[] = [
  {
    page: 'IAM User Guide, Condition operators: StringEquals with a principal tag',
    principal: user('someone'),
    stack: {
      identity: [
        policy('KeyAdmin', {
          Effect: 'Allow',
          Action: 'iam:*AccessKey*',
          Resource: `arn:aws:iam::${account}:user/*`,
          Condition: { StringEquals: { 'aws:PrincipalTag/job-category': 'iamuser-admin' } },
        }),
      ],
    },
    rows: [
      {
        says: 'tagged',
        action: 'iam:CreateAccessKey',
        resource: `arn:aws:iam::${account}:user/x`,
        context: { 'aws:principaltag/job-category': 'iamuser-admin' },
        expected: 'allow',
      },
      {
        says: 'values have case',
        action: 'iam:CreateAccessKey',
        resource: `arn:aws:iam::${account}:user/x`,
        context: { 'aws:principaltag/job-category': 'IAMUser-Admin' },
        expected: 'implicit-deny',
      },
      {
        says: 'a user without the tag',
        action: 'iam:CreateAccessKey',
        resource: `arn:aws:iam::${account}:user/x`,
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Condition operators: NumericLessThanEquals s3:max-keys',
    principal: user('someone'),
    stack: {
      identity: [
        policy('TenKeys', {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: 'arn:aws:s3:::example_bucket',
          Condition: { NumericLessThanEquals: { 's3:max-keys': '10' } },
        }),
      ],
    },
    rows: ['9', '10', '11'].map((keys) => ({
      says: `up to 10 objects, ${keys} asked`,
      action: 's3:ListBucket',
      resource: 'arn:aws:s3:::example_bucket',
      context: { 's3:max-keys': keys },
      expected: keys === '11' ? ('implicit-deny' as const) : ('allow' as const),
    })),
  },
  {
    page: 'IAM User Guide, Condition operators: DateGreaterThan aws:TokenIssueTime',
    principal: user('someone'),
    stack: {
      identity: [
        policy('Fresh', {
          Effect: 'Allow',
          Action: 'iam:*AccessKey*',
          Resource: '*',
          Condition: { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } },
        }),
      ],
    },
    rows: [
      {
        says: 'issued later',
        action: 'iam:ListAccessKeys',
        context: { 'aws:tokenissuetime': '2020-01-01T00:00:02Z' },
        expected: 'allow',
      },
      {
        says: 'issued at that moment',
        action: 'iam:ListAccessKeys',
        context: { 'aws:tokenissuetime': '2020-01-01T00:00:01Z' },
        expected: 'implicit-deny',
      },
      { says: 'access keys carry no such key', action: 'iam:ListAccessKeys', expected: 'implicit-deny' },
    ],
  },
  {
    page: 'IAM User Guide, Condition operators: Bool aws:SecureTransport',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('BooleanExample', {
          Sid: 'BooleanExample',
          Effect: 'Deny',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    },
    rows: [
      {
        says: 'without TLS',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::amzn-s3-demo-bucket/k',
        context: { 'aws:securetransport': 'false' },
        expected: 'explicit-deny',
      },
      {
        says: 'with TLS',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::amzn-s3-demo-bucket/k',
        context: { 'aws:securetransport': 'true' },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Condition operators: IpAddress with IPv4 and IPv6',
    principal: user('someone'),
    stack: {
      identity: [
        policy('Office', {
          Effect: 'Allow',
          Action: 'someservice:*',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] } },
        }),
      ],
    },
    rows: [
      ['203.0.113.0', 'allow'],
      ['203.0.113.255', 'allow'],
      ['203.0.114.0', 'implicit-deny'],
      ['2001:db8:1234:5678:ffff::1', 'allow'],
      ['2001:db8:1234:5679::1', 'implicit-deny'],
    ].map(([address = '', expected]) => ({
      says: `from ${address}`,
      action: 'someservice:DoIt',
      context: { 'aws:sourceip': address },
      expected: expected === 'allow' ? ('allow' as const) : ('implicit-deny' as const),
    })),
  },
  ...(['StringLike', 'ArnLike', 'ArnEquals'] as const).map((operator) => ({
    page: `IAM User Guide, Condition operators: an ARN under ${operator}`,
    principal: user('someone'),
    stack: {
      identity: [
        policy('Finance', {
          Effect: 'Allow' as const,
          Action: 's3:GetObject',
          Resource: '*',
          Condition: { [operator]: { 'aws:SourceArn': 'arn:aws:someservice:*:111122223333:finance/*' } },
        }),
      ],
    },
    rows: [
      {
        says: 'StringLike reaches over colons, the ARN operators check part by part',
        action: 's3:GetObject',
        context: {
          'aws:sourcearn': 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
        },
        expected: operator === 'StringLike' ? ('allow' as const) : ('implicit-deny' as const),
      },
      {
        says: 'all of them match part by part',
        action: 's3:GetObject',
        context: { 'aws:sourcearn': 'arn:aws:someservice:us-east-2:111122223333:finance/a:b/c' },
        expected: 'allow' as const,
      },
    ],
  })),
  ...(['StringLike', 'StringLikeIfExists'] as const).map((operator) => ({
    page: `IAM User Guide, Condition operators: RunInstances with ${operator} ec2:InstanceType`,
    principal: user('someone'),
    stack: {
      identity: [
        policy('RunInstance', {
          Effect: 'Allow' as const,
          Action: 'ec2:RunInstances',
          Resource: '*',
          Condition: { [operator]: { 'ec2:InstanceType': ['t1.*', 't2.*', 'm3.*'] } },
        }),
      ],
    },
    rows: [
      {
        says: 'the instance',
        action: 'ec2:RunInstances',
        resource: `arn:aws:ec2:us-east-1:${account}:instance/*`,
        context: { 'ec2:instancetype': 't2.micro' },
        expected: 'allow' as const,
      },
      {
        says: 'a type that is not listed',
        action: 'ec2:RunInstances',
        resource: `arn:aws:ec2:us-east-1:${account}:instance/*`,
        context: { 'ec2:instancetype': 'c5.large' },
        expected: 'implicit-deny' as const,
      },
      {
        says: 'the image has no such key',
        action: 'ec2:RunInstances',
        resource: 'arn:aws:ec2:us-east-1::image/ami-1',
        expected: operator === 'StringLike' ? ('implicit-deny' as const) : ('allow' as const),
      },
    ],
  })),
  {
    page: 'IAM User Guide, Condition operators: StringNotEqualsIfExists in a Deny',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('Tagged', {
          Effect: 'Deny',
          Action: 'ec2:*',
          Resource: '*',
          Condition: { StringNotEqualsIfExists: { 'aws:ResourceTag/owner': 'me' } },
        }),
      ],
    },
    rows: [
      { says: 'denied even if the tag is missing', action: 'ec2:StopInstances', expected: 'explicit-deny' },
      {
        says: 'my own',
        action: 'ec2:StopInstances',
        context: { 'aws:resourcetag/owner': 'me' },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Condition operators: Null aws:TokenIssueTime',
    principal: user('someone'),
    stack: {
      identity: [
        policy('NoTemporary', {
          Effect: 'Allow',
          Action: 'ec2:*',
          Resource: '*',
          Condition: { Null: { 'aws:TokenIssueTime': 'true' } },
        }),
      ],
    },
    rows: [
      { says: 'own credentials', action: 'ec2:RunInstances', expected: 'allow' },
      {
        says: 'temporary credentials',
        action: 'ec2:RunInstances',
        context: { 'aws:tokenissuetime': '2024-01-01T00:00:00Z' },
        expected: 'implicit-deny',
      },
    ],
  },
]

const sets: readonly Example[] = [
  {
    page: 'IAM User Guide, Multivalued context keys: ForAllValues:StringLike dynamodb:requestedAttributes',
    principal: user('someone'),
    stack: {
      identity: [
        policy('Attributes', {
          Effect: 'Allow',
          Action: 'dynamodb:GetItem',
          Resource: '*',
          Condition: {
            'ForAllValues:StringLike': { 'dynamodb:requestedAttributes': ['PostDateTime', 'Message', 'Tags'] },
          },
        }),
      ],
    },
    rows: [
      {
        says: 'all listed',
        action: 'dynamodb:GetItem',
        context: { 'dynamodb:requestedattributes': ['PostDateTime', 'Message'] },
        expected: 'allow',
      },
      {
        says: 'UserName matches nothing',
        action: 'dynamodb:GetItem',
        context: { 'dynamodb:requestedattributes': ['PostDateTime', 'UserName'] },
        expected: 'implicit-deny',
      },
      { says: 'ForAllValues is true for a key that is not there', action: 'dynamodb:GetItem', expected: 'allow' },
      {
        says: 'and for an empty set',
        action: 'dynamodb:GetItem',
        context: { 'dynamodb:requestedattributes': [] },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Multivalued context keys: ForAnyValue:StringLike in a Deny',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('Attributes', {
          Effect: 'Deny',
          Action: 'dynamodb:PutItem',
          Resource: '*',
          Condition: { 'ForAnyValue:StringLike': { 'dynamodb:requestedAttributes': ['ID', 'PostDateTime'] } },
        }),
      ],
    },
    rows: [
      {
        says: 'one of them is listed',
        action: 'dynamodb:PutItem',
        context: { 'dynamodb:requestedattributes': ['UserName', 'Message', 'PostDateTime'] },
        expected: 'explicit-deny',
      },
      {
        says: 'none is',
        action: 'dynamodb:PutItem',
        context: { 'dynamodb:requestedattributes': ['UserName'] },
        expected: 'allow',
      },
      { says: 'ForAnyValue is false for a key that is not there', action: 'dynamodb:PutItem', expected: 'allow' },
    ],
  },
  {
    page: 'IAM User Guide, Multivalued context key examples: DenyRestrictedTags with Null',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('DenyRestrictedTags', {
          Effect: 'Deny',
          Action: ['iam:Tag*', 'iam:UnTag*'],
          Resource: '*',
          Condition: {
            Null: { 'aws:TagKeys': 'false' },
            'ForAllValues:StringLike': { 'aws:TagKeys': ['key1*', 'key2*', 'key3*'] },
          },
        }),
      ],
    },
    rows: [
      {
        says: 'every tag is restricted',
        action: 'iam:TagUser',
        context: { 'aws:tagkeys': ['key1a', 'key2'] },
        expected: 'explicit-deny',
      },
      {
        says: 'one is not',
        action: 'iam:TagUser',
        context: { 'aws:tagkeys': ['key1a', 'free'] },
        expected: 'allow',
      },
      { says: 'Null keeps the missing key out', action: 'iam:TagUser', expected: 'allow' },
    ],
  },
]

const homeDirectory = policy(
  'Home',
  {
    Effect: 'Allow',
    Action: ['s3:ListAllMyBuckets', 's3:GetBucketLocation'],
    Resource: 'arn:aws:s3:::*',
  },
  {
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: 'arn:aws:s3:::BUCKET-NAME',
    Condition: { StringLike: { 's3:prefix': ['', 'home/', `home/\${aws:username}/`] } },
  },
  {
    Effect: 'Allow',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::BUCKET-NAME/home/\${aws:username}`, `arn:aws:s3:::BUCKET-NAME/home/\${aws:username}/*`],
  },
)

const variables: readonly Example[] = [
  {
    page: 'IAM User Guide, Variables and tags: the home directory in a bucket',
    principal: user('David'),
    stack: { identity: [homeDirectory] },
    rows: [
      {
        says: 'his own object',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::BUCKET-NAME/home/David/cv',
        context: { 'aws:username': 'David' },
        expected: 'allow',
      },
      {
        says: 'another one’s',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::BUCKET-NAME/home/Adele/cv',
        context: { 'aws:username': 'David' },
        expected: 'implicit-deny',
      },
      {
        says: 'lists his prefix',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::BUCKET-NAME',
        context: { 'aws:username': 'David', 's3:prefix': 'home/David/' },
        expected: 'allow',
      },
      {
        says: 'lists the empty prefix',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::BUCKET-NAME',
        context: { 'aws:username': 'David', 's3:prefix': '' },
        expected: 'allow',
      },
      {
        says: 'not another prefix',
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::BUCKET-NAME',
        context: { 'aws:username': 'David', 's3:prefix': 'home/Adele/' },
        expected: 'implicit-deny',
      },
      {
        says: 'a role has no aws:username: the variable matches nothing',
        principal: roleSession('r', 's'),
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::BUCKET-NAME/home/David/cv',
        expected: 'implicit-deny',
      },
      {
        says: 'what the variable stands for has no wildcards',
        action: 's3:PutObject',
        resource: 'arn:aws:s3:::BUCKET-NAME/home/David/cv',
        context: { 'aws:username': '*' },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Variables and tags: a document without Version 2012-10-17 takes them as text',
    principal: user('David'),
    stack: {
      identity: [
        {
          id: 'Old',
          document: {
            Version: '2008-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'iam:*AccessKey*',
                Resource: `arn:aws:iam::${account}:user/\${aws:username}`,
              },
            ],
          },
        },
      ],
    },
    rows: [
      {
        says: 'his own keys',
        action: 'iam:CreateAccessKey',
        resource: `arn:aws:iam::${account}:user/David`,
        context: { 'aws:username': 'David' },
        expected: 'implicit-deny',
      },
      {
        says: 'the text itself',
        action: 'iam:CreateAccessKey',
        resource: `arn:aws:iam::${account}:user/\${aws:username}`,
        context: { 'aws:username': 'David' },
        expected: 'allow',
      },
    ],
  },
  {
    page: 'IAM User Guide, Variables and tags: a queue named after the user in us-east-2',
    principal: user('David'),
    stack: {
      identity: [
        policy('Queues', {
          Sid: 'AllQueueActions',
          Effect: 'Allow',
          Action: 'sqs:*',
          Resource: `arn:aws:sqs:us-east-2:*:\${aws:username}-queue`,
        }),
      ],
    },
    rows: [
      {
        says: 'his queue',
        action: 'sqs:DeleteQueue',
        resource: `arn:aws:sqs:us-east-2:${account}:David-queue`,
        context: { 'aws:username': 'David' },
        expected: 'allow',
      },
      {
        says: 'another region',
        action: 'sqs:DeleteQueue',
        resource: `arn:aws:sqs:us-east-1:${account}:David-queue`,
        context: { 'aws:username': 'David' },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Variables and tags: specifying default values',
    principal: user('David'),
    stack: {
      identity: [
        policy('Team', {
          Effect: 'Allow',
          Action: 's3:*',
          Resource: `arn:aws:s3:::amzn-s3-demo-bucket/\${aws:PrincipalTag/team, 'company-wide'}/*`,
        }),
      ],
    },
    rows: [
      {
        says: 'the tag',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::amzn-s3-demo-bucket/yellow/a',
        context: { 'aws:principaltag/team': 'yellow' },
        expected: 'allow',
      },
      {
        says: 'no tag: the default',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::amzn-s3-demo-bucket/company-wide/a',
        expected: 'allow',
      },
      {
        says: 'with a tag the default is not open',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::amzn-s3-demo-bucket/company-wide/a',
        context: { 'aws:principaltag/team': 'yellow' },
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Variables and tags: special characters',
    principal: user('David'),
    stack: {
      identity: [policy('Literal', { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::b/a\${*}\${?}\${$}/*` })],
    },
    rows: [
      {
        says: 'the characters themselves',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/a*?$/x',
        expected: 'allow',
      },
      {
        says: 'no wildcard',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/abc$/x',
        expected: 'implicit-deny',
      },
    ],
  },
]

const sameTeam: Example['stack']['identity'] = [
  allowAll,
  policy('SameTeam', {
    Effect: 'Deny',
    Action: 's3:*',
    Resource: '*',
    Condition: { StringNotEquals: { 's3:ExistingObjectTag/Team': `\${aws:PrincipalTag/Team}` } },
  }),
]

const noValue: readonly Example[] = [
  {
    page: 'IAM User Guide, Variables and tags: policy variables with no value',
    principal: user('David'),
    stack: { identity: sameTeam },
    rows: [
      {
        says: 'the same team',
        action: 's3:GetObject',
        context: { 's3:existingobjecttag/team': 'red', 'aws:principaltag/team': 'red' },
        expected: 'allow',
      },
      {
        says: 'inverted operators do match against a variable that has no value',
        action: 's3:GetObject',
        context: { 's3:existingobjecttag/team': 'red' },
        expected: 'explicit-deny',
      },
      {
        says: 'an ARN with such a variable matches no resource, so NotResource excepts none',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/David',
        stack: {
          identity: [
            allowAll,
            policy('OwnOnly', { Effect: 'Deny', Action: 's3:*', NotResource: `arn:aws:s3:::b/\${aws:username}` }),
          ],
        },
        expected: 'explicit-deny',
      },
    ],
  },
]

const selfManageMfa = policy(
  'SelfManageMFA',
  { Sid: 'AllowViewAccountInfo', Effect: 'Allow', Action: 'iam:ListVirtualMFADevices', Resource: '*' },
  {
    Sid: 'AllowManageOwnVirtualMFADevice',
    Effect: 'Allow',
    Action: ['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice'],
    Resource: `arn:aws:iam::*:mfa/\${aws:username}`,
  },
  {
    Sid: 'AllowManageOwnUserMFA',
    Effect: 'Allow',
    Action: [
      'iam:DeactivateMFADevice',
      'iam:EnableMFADevice',
      'iam:GetUser',
      'iam:ListMFADevices',
      'iam:ResyncMFADevice',
    ],
    Resource: `arn:aws:iam::*:user/\${aws:username}`,
  },
  {
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
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  },
)

const self = `arn:aws:iam::${account}:user/zoe`
const other = `arn:aws:iam::${account}:user/max`
const noMfa = { 'aws:username': 'zoe', 'aws:multifactorauthpresent': 'false' }
const withMfa = { 'aws:username': 'zoe', 'aws:multifactorauthpresent': 'true', 'aws:multifactorauthage': '60' }
const accessKey = { 'aws:username': 'zoe' }

const mfa: readonly Example[] = [
  {
    page: 'IAM User Guide, AWS: Allows MFA-authenticated IAM users to manage their own MFA device on the Security credentials page',
    principal: user('zoe'),
    stack: { identity: [selfManageMfa] },
    rows: [
      {
        says: 'without MFA: enrols her own device',
        action: 'iam:CreateVirtualMFADevice',
        resource: `arn:aws:iam::${account}:mfa/zoe`,
        context: noMfa,
        expected: 'allow',
      },
      { says: 'and enables it', action: 'iam:EnableMFADevice', resource: self, context: noMfa, expected: 'allow' },
      {
        says: 'also with an access key, where the key is missing',
        action: 'iam:EnableMFADevice',
        resource: self,
        context: accessKey,
        expected: 'allow',
      },
      {
        says: 'not for another user',
        action: 'iam:EnableMFADevice',
        resource: other,
        context: noMfa,
        expected: 'implicit-deny',
      },
      {
        says: 'never takes the device off without MFA',
        action: 'iam:DeactivateMFADevice',
        resource: self,
        context: noMfa,
        expected: 'explicit-deny',
      },
      {
        says: 'nor deletes it',
        action: 'iam:DeleteVirtualMFADevice',
        resource: `arn:aws:iam::${account}:mfa/zoe`,
        context: accessKey,
        expected: 'explicit-deny',
      },
      {
        says: 'with MFA she may',
        action: 'iam:DeactivateMFADevice',
        resource: self,
        context: withMfa,
        expected: 'allow',
      },
      {
        says: 'other services need MFA, whatever else is granted',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/k',
        context: noMfa,
        stack: { identity: [selfManageMfa, allowAll] },
        expected: 'explicit-deny',
      },
      {
        says: 'access keys are denied too (BoolIfExists)',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/k',
        context: accessKey,
        stack: { identity: [selfManageMfa, allowAll] },
        expected: 'explicit-deny',
      },
      {
        says: 'with MFA other policies decide',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/k',
        context: withMfa,
        stack: { identity: [selfManageMfa, allowAll] },
        expected: 'allow',
      },
      {
        says: 'and nothing is granted by this one',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/k',
        context: withMfa,
        expected: 'implicit-deny',
      },
    ],
  },
  {
    page: 'IAM User Guide, Secure API access with MFA: GetSessionToken for sensitive EC2 actions',
    principal: user('sofia'),
    stack: {
      identity: [
        policy('EC2-Admins', {
          Effect: 'Allow',
          Action: ['ec2:StopInstances', 'ec2:TerminateInstances'],
          Resource: '*',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        }),
      ],
    },
    rows: [
      { says: 'with MFA', action: 'ec2:StopInstances', context: withMfa, expected: 'allow' },
      { says: 'session without MFA', action: 'ec2:StopInstances', context: noMfa, expected: 'implicit-deny' },
      { says: 'access key', action: 'ec2:StopInstances', context: accessKey, expected: 'implicit-deny' },
    ],
  },
  {
    page: 'IAM User Guide, AWS: Denies access to AWS based on the requested Region',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('DenyAllOutsideEU', {
          Effect: 'Deny',
          NotAction: ['cloudfront:*', 'iam:*', 'route53:*', 'support:*'],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
        }),
      ],
    },
    rows: [
      {
        says: 'inside',
        action: 'ec2:RunInstances',
        context: { 'aws:requestedregion': 'eu-west-1' },
        expected: 'allow',
      },
      {
        says: 'outside',
        action: 'ec2:RunInstances',
        context: { 'aws:requestedregion': 'us-east-1' },
        expected: 'explicit-deny',
      },
      {
        says: 'global services are listed',
        action: 'iam:CreateUser',
        context: { 'aws:requestedregion': 'us-east-1' },
        expected: 'allow',
      },
      { says: 'a missing key meets a negated operator', action: 'ec2:RunInstances', expected: 'explicit-deny' },
    ],
  },
  {
    page: 'IAM User Guide, AWS: Denies access to AWS based on the source IP',
    principal: user('someone'),
    stack: {
      identity: [
        allowAll,
        policy('DenyOutside', {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: {
            NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
            Bool: { 'aws:ViaAWSService': 'false' },
          },
        }),
      ],
    },
    rows: [
      {
        says: 'from the office',
        action: 'ec2:RunInstances',
        context: { 'aws:sourceip': '192.0.2.9', 'aws:viaawsservice': 'false' },
        expected: 'allow',
      },
      {
        says: 'from elsewhere',
        action: 'ec2:RunInstances',
        context: { 'aws:sourceip': '198.51.100.9', 'aws:viaawsservice': 'false' },
        expected: 'explicit-deny',
      },
      {
        says: 'a service that calls for the user',
        action: 'ec2:RunInstances',
        context: { 'aws:sourceip': '198.51.100.9', 'aws:viaawsservice': 'true' },
        expected: 'allow',
      },
    ],
  },
]

export const identityExamples: readonly Example[] = [
  ...elements,
  ...operators,
  ...sets,
  ...variables,
  ...noValue,
  ...mfa,
]
