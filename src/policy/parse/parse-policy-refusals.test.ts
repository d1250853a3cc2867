import { describe, expect, test } from 'vitest'
import type { PolicyKind } from '../types.ts'
import { parsePolicy } from './parse-policy.ts'

const ok = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
const trusting = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } }

/** A whole valid document of a kind. */
const valid: Record<PolicyKind, Record<string, unknown>> = {
  identity: ok,
  boundary: ok,
  session: ok,
  resource: { ...ok, Principal: '*' },
  trust: trusting,
  scp: ok,
  rcp: { ...ok, Effect: 'Deny', Principal: '*' },
}

function document(kind: PolicyKind, change: Record<string, unknown> = {}, top: Record<string, unknown> = {}): string {
  const statement = Object.fromEntries(
    Object.entries({ ...valid[kind], ...change }).filter(([, value]) => value !== undefined),
  )
  return JSON.stringify({ Version: '2012-10-17', ...top, Statement: [statement] })
}

function firstOf(text: string, kind: PolicyKind) {
  const result = parsePolicy(text, kind)
  return result.ok ? undefined : result.findings[0]
}

describe('refused with AWS’s text', () => {
  test.each<[rule: string, kind: PolicyKind, change: Record<string, unknown>, code: string, message: string]>([
    ['no Action', 'identity', { Action: undefined }, 'MISSING_ACTION', 'Policy statement must contain actions.'],
    ['empty Action', 'identity', { Action: [] }, 'MISSING_ACTION', 'Policy statement must contain actions.'],
    [
      'no Resource',
      'identity',
      { Resource: undefined },
      'MISSING_RESOURCE',
      'Policy statement must contain resources.',
    ],
    ['empty Resource', 'identity', { Resource: [] }, 'MISSING_RESOURCE', 'Policy statement must contain resources.'],
    ['no Effect', 'identity', { Effect: undefined }, 'MISSING_EFFECT', 'Syntax errors in policy.'],
    ['Effect in another case', 'identity', { Effect: 'allow' }, 'INVALID_EFFECT', 'The policy failed legacy parsing'],
    ['unknown Effect', 'identity', { Effect: 'Permit' }, 'INVALID_EFFECT', 'Syntax errors in policy.'],
    ['Effect of a wrong type', 'identity', { Effect: ['Allow'] }, 'WRONG_TYPE', 'Syntax errors in policy.'],
    ['element in another case', 'identity', { action: 's3:*' }, 'UNKNOWN_ELEMENT', 'Syntax errors in policy.'],
    ['misspelt element', 'identity', { Efect: 'Deny' }, 'UNKNOWN_ELEMENT', 'Syntax errors in policy.'],
    ['Action and NotAction', 'identity', { NotAction: 's3:*' }, 'BOTH_ELEMENTS', 'Syntax errors in policy.'],
    ['Resource and NotResource', 'identity', { NotResource: '*' }, 'BOTH_ELEMENTS', 'Syntax errors in policy.'],
    [
      'Principal',
      'identity',
      { Principal: '*' },
      'PROHIBITED_ELEMENT',
      'Policy document should not specify a principal.',
    ],
    [
      'NotPrincipal',
      'boundary',
      { NotPrincipal: '*' },
      'PROHIBITED_ELEMENT',
      'Policy document should not specify a principal.',
    ],
    [
      'Principal',
      'session',
      { Principal: '*' },
      'PROHIBITED_ELEMENT',
      'Policy document should not specify a principal.',
    ],
    [
      'Sid with a space',
      'identity',
      { Sid: 'a b' },
      'INVALID_SID',
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
    [
      'action without service',
      'identity',
      { Action: 'GetObject' },
      'INVALID_ACTION',
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'two colons',
      'identity',
      { Action: 's3:Get:Object' },
      'INVALID_ACTION',
      'Actions/Condition can contain only one colon.',
    ],
    ['space in the service', 'identity', { Action: 'iam s3:Get' }, 'INVALID_ACTION', 'Vendor iam s3 is not valid'],
    ['wildcard in the service', 'identity', { Action: 's*:Get' }, 'INVALID_ACTION', 'Vendor s* is not valid'],
    [
      'look-alike in the action',
      'identity',
      { Action: 'iam:Cre\u0430teUser' },
      'CHARACTERS',
      'Syntax errors in policy.',
    ],
    [
      'zero width in the action',
      'scp',
      { Action: 'iam:Create\u200bUser' },
      'INVALID_ACTION',
      'The provided policy document does not meet the requirements of the specified policy type.',
    ],
    [
      'resource without ARN',
      'identity',
      { Resource: 'bucket' },
      'INVALID_RESOURCE',
      'Resource bucket must be in ARN format or "*".',
    ],
    [
      'unknown partition',
      'identity',
      { Resource: 'arn:error:s3:::b' },
      'INVALID_RESOURCE',
      'Partition "error" is not valid for resource "arn:error:s3:::b".',
    ],
    [
      'wildcard as service',
      'identity',
      { Resource: 'arn:aws:*:::b' },
      'INVALID_RESOURCE',
      'Resource vendor must be fully qualified and cannot contain regexes.',
    ],
    [
      'no service',
      'identity',
      { Resource: 'arn:aws' },
      'INVALID_RESOURCE',
      'Resource vendor must be fully qualified and cannot contain regexes.',
    ],
    ['missing colons', 'identity', { Resource: 'arn:aws:s3::b' }, 'INCOMPLETE_ARN', 'The policy failed legacy parsing'],
    [
      'region of IAM',
      'identity',
      { Resource: 'arn:aws:iam:us-east-1::user/a' },
      'INVALID_RESOURCE',
      'IAM resource arn:aws:iam:us-east-1::user/a cannot contain region information.',
    ],
    [
      'path of IAM',
      'identity',
      { Resource: 'arn:aws:iam::123456789012:example' },
      'INVALID_RESOURCE',
      'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
    ],
    [
      'unknown operator',
      'identity',
      { Condition: { StringIs: { 'aws:username': 'a' } } },
      'UNKNOWN_OPERATOR',
      'Syntax errors in policy.',
    ],
    [
      'operator in another case',
      'identity',
      { Condition: { stringequals: { 'aws:username': 'a' } } },
      'UNKNOWN_OPERATOR',
      'Syntax errors in policy.',
    ],
    [
      'Null with IfExists',
      'identity',
      { Condition: { NullIfExists: { 'aws:username': 'true' } } },
      'UNKNOWN_OPERATOR',
      'Syntax errors in policy.',
    ],
    [
      'key twice in two cases',
      'identity',
      { Condition: { Bool: { 'aws:a': 'true', 'AWS:A': 'false' } } },
      'DUPLICATE_CONDITION_KEY',
      'Syntax errors in policy.',
    ],
    [
      'null as a value',
      'identity',
      { Condition: { Bool: { 'aws:a': null } } },
      'WRONG_TYPE',
      'Syntax errors in policy.',
    ],
    [
      'impossible date',
      'identity',
      { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-30' } } },
      'INVALID_DATE',
      'The policy failed legacy parsing',
    ],
    ['no Principal', 'trust', { Principal: undefined }, 'MISSING_PRINCIPAL', 'Missing required field Principal'],
    [
      'empty Principal',
      'trust',
      { Principal: {} },
      'MISSING_PRINCIPAL',
      'Missing required field Principal cannot be empty!',
    ],
    ['text as Principal', 'trust', { Principal: 'alice' }, 'WRONG_TYPE', 'Principal must be a JSON object.'],
    [
      'NotPrincipal',
      'trust',
      { Principal: undefined, NotPrincipal: { AWS: '123456789012' } },
      'PROHIBITED_ELEMENT',
      'AssumeRole policy must not contain NotPrincipal field.',
    ],
    ['Resource', 'trust', { Resource: '*' }, 'PROHIBITED_ELEMENT', 'Has prohibited field Resource'],
    [
      'NotResource',
      'trust',
      { NotResource: '*' },
      'PROHIBITED_ELEMENT',
      'AssumeRole policy must not contain resources.',
    ],
    [
      'another action',
      'trust',
      { Action: 's3:GetObject' },
      'ACTION_NOT_ALLOWED',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'a wildcard',
      'trust',
      { Action: 'sts:*' },
      'ACTION_NOT_ALLOWED',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'NotAction',
      'trust',
      { Action: undefined, NotAction: 'sts:TagSession' },
      'ACTION_NOT_ALLOWED',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    ['no Effect', 'trust', { Effect: undefined }, 'MISSING_EFFECT', 'Missing required field Effect'],
    ['no Action', 'trust', { Action: undefined }, 'MISSING_ACTION', 'Missing required field Action'],
    [
      'wildcard in a principal',
      'trust',
      { Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } },
      'INVALID_PRINCIPAL',
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/*"',
    ],
    [
      'group as principal',
      'trust',
      { Principal: { AWS: 'arn:aws:iam::123456789012:group/g' } },
      'INVALID_PRINCIPAL',
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/g"',
    ],
    [
      'unknown kind of principal',
      'trust',
      { Principal: { Aws: '*' } },
      'INVALID_PRINCIPAL',
      'Invalid principal in policy: "AWS"',
    ],
    [
      'service without domain',
      'trust',
      { Principal: { Service: 'ec2' } },
      'INVALID_PRINCIPAL',
      'Invalid principal in policy: "SERVICE":"ec2"',
    ],
  ])('%s in a policy of kind %s', (_rule, kind, change, code, message) => {
    expect(firstOf(document(kind, change), kind)).toMatchObject({ severity: 'error', code, message })
  })

  test.each<[rule: string, kind: PolicyKind, change: Record<string, unknown>, code: string]>([
    ['Principal', 'scp', { Principal: '*' }, 'PROHIBITED_ELEMENT'],
    ['NotPrincipal', 'scp', { NotPrincipal: '*' }, 'PROHIBITED_ELEMENT'],
    ['no Resource', 'scp', { Resource: undefined }, 'MISSING_RESOURCE'],
    ['Allow', 'rcp', { Effect: 'Allow' }, 'EFFECT_NOT_ALLOWED'],
    ['a named principal', 'rcp', { Principal: { AWS: '123456789012' } }, 'INVALID_PRINCIPAL'],
    ['no Principal', 'rcp', { Principal: undefined }, 'MISSING_PRINCIPAL'],
    ['NotPrincipal', 'rcp', { Principal: undefined, NotPrincipal: '*' }, 'PROHIBITED_ELEMENT'],
    ['NotAction', 'rcp', { Action: undefined, NotAction: 's3:Get*' }, 'PROHIBITED_ELEMENT'],
    ['every action', 'rcp', { Action: '*' }, 'ACTION_NOT_ALLOWED'],
    ['a service without RCPs', 'rcp', { Action: 'iam:*' }, 'ACTION_NOT_ALLOWED'],
  ])('Organizations has one text for %s in a policy of kind %s', (_rule, kind, change, code) => {
    const message = 'The provided policy document does not meet the requirements of the specified policy type.'
    expect(firstOf(document(kind, change), kind)).toMatchObject({ code, message })
  })

  test.each<[rule: string, kind: PolicyKind, text: string, code: string, message: string]>([
    ['not JSON', 'identity', '{', 'JSON_SYNTAX', 'Syntax errors in policy.'],
    ['not JSON', 'trust', '{', 'JSON_SYNTAX', 'This policy contains invalid Json'],
    ['a list', 'identity', '[]', 'NOT_AN_OBJECT', 'Syntax errors in policy.'],
    ['no Statement', 'identity', '{"Version":"2012-10-17"}', 'MISSING_STATEMENT', 'Syntax errors in policy.'],
    [
      'no Statement',
      'trust',
      '{"Statement":[]}',
      'MISSING_STATEMENT',
      'Could not parse the policy: Statement is empty!',
    ],
    [
      'unknown version',
      'identity',
      document('identity', {}, { Version: '2012-10-18' }),
      'INVALID_VERSION',
      'Syntax errors in policy.',
    ],
    [
      'old version',
      'scp',
      document('scp', {}, { Version: '2008-10-17' }),
      'INVALID_VERSION',
      'The provided policy document does not meet the requirements of the specified policy type.',
    ],
    [
      'no version',
      'rcp',
      JSON.stringify({ Statement: valid.rcp }),
      'MISSING_VERSION',
      'The provided policy document does not meet the requirements of the specified policy type.',
    ],
    [
      'Id',
      'scp',
      document('scp', {}, { Id: 'a' }),
      'UNKNOWN_ELEMENT',
      'The provided policy document does not meet the requirements of the specified policy type.',
    ],
    [
      'unknown element',
      'identity',
      document('identity', {}, { Conditions: {} }),
      'UNKNOWN_ELEMENT',
      'Syntax errors in policy.',
    ],
    ['Id of a wrong type', 'identity', document('identity', {}, { Id: 7 }), 'WRONG_TYPE', 'Syntax errors in policy.'],
    [
      'a Sid twice',
      'identity',
      JSON.stringify({
        Statement: [
          { ...ok, Sid: 'A' },
          { ...ok, Sid: 'A' },
        ],
      }),
      'DUPLICATE_SID',
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    [
      'a Sid twice',
      'trust',
      JSON.stringify({
        Statement: [
          { ...trusting, Sid: 'A' },
          { ...trusting, Sid: 'A' },
        ],
      }),
      'DUPLICATE_SID',
      'The Statement Ids in the policy are not unique',
    ],
    [
      'a key twice',
      'identity',
      '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}',
      'JSON_DUPLICATE_KEY',
      'Syntax errors in policy.',
    ],
    ['131,073 characters', 'identity', document('identity').padEnd(131_073), 'TOO_LARGE', 'The policy is too large.'],
    ['2,049 characters', 'session', document('session').padEnd(2_049), 'TOO_LARGE', 'The policy is too large.'],
    [
      '5,121 characters',
      'scp',
      document('scp').padEnd(5_121),
      'TOO_LARGE',
      'The provided policy document does not meet the requirements of the specified policy type.',
    ],
  ])('%s as %s', (_rule, kind, text, code, message) => {
    expect(firstOf(text, kind)).toMatchObject({ code, message })
  })
})
