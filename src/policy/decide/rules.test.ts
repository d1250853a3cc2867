/** Rules of single operations, of accounts that ARNs name, and of names in other letters: one case for each cell. */
import { describe, expect, test } from 'vitest'
import {
  account,
  allow,
  bucket,
  compile,
  everything,
  fullRcp,
  outcome,
  root,
  rootArn,
  user,
  userArn,
} from '../../../test/support/policy-decisions.ts'
import { buildContext } from '../request/build-context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import { rcpServices } from '../services.ts'

const other = '999999999999'
const role = `arn:aws:iam::${account}:role/R`
const alias = `arn:aws:kms:us-east-1:${account}:alias/a`
const trust = (action: string | string[], principal: unknown = { AWS: [rootArn, userArn] }) =>
  compile('trust', 'trust', { Effect: 'Allow', Principal: principal, Action: action })

describe('root assumes no role, whatever a policy says', () => {
  test.each(['sts:AssumeRole', 'STS:assumerole', 'sts:AssumeRoot'])('%s', (action) => {
    const request = { action, resource: role }
    const resource = compile('resource', 'r', { Effect: 'Allow', Principal: '*', ...everything })
    expect(outcome({ resource }, root, request)).toBe('implicit-deny root')
    expect(outcome({ identity: [allow], resource }, user, request)).toMatch(/^allow /)
  })
})

describe('what a trust policy must allow', () => {
  const actions = [
    'sts:AssumeRole',
    'sts:AssumeRoleWithSAML',
    'sts:AssumeRoleWithWebIdentity',
    'sts:TagSession',
    'sts:SetSourceIdentity',
    'sts:SetContext',
  ]
  test.each(actions)('%s', (action) => {
    const request = { action, resource: role }
    expect(outcome({ identity: [allow] }, user, request)).toBe('implicit-deny resource')
    expect(outcome({ identity: [allow], resource: trust(action) }, user, request)).toMatch(/^allow /)
    const delegating = trust(action, { AWS: account })
    expect(outcome({ identity: [allow], resource: delegating }, user, request)).toBe('allow identity')
  })

  test('but not tags of a federated user, which has no trust policy', () => {
    const request = { action: 'sts:TagSession', resource: `arn:aws:sts::${account}:federated-user/bob` }
    expect(outcome({ identity: [allow] }, user, request)).toBe('allow identity')
  })
})

describe('an alias of KMS is asked about in three operations only', () => {
  test.each<[action: string, resource: string, expected: string]>([
    ['kms:CreateAlias', alias, 'allow identity'],
    ['kms:UpdateAlias', alias, 'allow identity'],
    ['kms:DeleteAlias', alias, 'allow identity'],
    ['kms:Decrypt', alias, 'implicit-deny resource'],
    ['kms:CreateGrant', alias, 'implicit-deny resource'],
    ['kms:UpdateAlias', 'arn:aws:foo:::alias/x', 'implicit-deny resource'],
    ['kms:UpdateAlias', `arn:aws:kms:us-east-1:${account}:key/alias/a`, 'implicit-deny resource'],
  ])('%s on %s', (action, resource, expected) => {
    expect(outcome({ identity: [allow] }, user, { action, resource })).toBe(expected)
  })
})

describe('the account that an ARN names is the resource’s', () => {
  const own = `arn:aws:sqs:us-east-1:${account}:q`
  const foreign = `arn:aws:sqs:us-east-1:${other}:q`
  test.each<[resource: string, resourceAccountId: string | undefined, expected: string]>([
    [own, undefined, 'allow identity'],
    [own, account, 'allow identity'],
    [foreign, undefined, 'implicit-deny resource'],
    [foreign, other, 'implicit-deny resource'],
    [bucket, undefined, 'allow identity'],
    [bucket, other, 'implicit-deny resource'],
    ['arn:aws:iam::aws:policy/AdministratorAccess', undefined, 'allow identity'],
  ])('%s, said to be of %s', (resource, resourceAccountId, expected) => {
    const request = { action: 'sqs:SendMessage', resource, ...(resourceAccountId && { resourceAccountId }) }
    expect(outcome({ identity: [allow] }, user, request)).toBe(expected)
  })

  test.each([
    [own, other],
    [foreign, account],
    [bucket, '1234'],
  ])('%s is not of %s', (resource, resourceAccountId) => {
    expect(() => outcome({ identity: [allow] }, user, { resource, resourceAccountId })).toThrow(TypeError)
  })
})

describe('letters beyond ASCII fold into none of AWS’s', () => {
  test.each(['\u212Ams:Decrypt', 'sts:GetSessionTo\u212Aen', 's3:Li\u017FtBucket'])('the action %s', (action) => {
    expect(() => outcome({ identity: [allow] }, user, { action })).toThrow(TypeError)
  })

  test.each<[wanted: string, actual: string]>([
    ['\u00e9', '\u00c9'],
    ['\u00ff', '\u0178'],
    ['\u00df', 'SS'],
    ['\u00b5', '\u039c'],
    ['i', '\u0130'],
  ])('StringEqualsIgnoreCase %j against %j, as a text and by a variable', (wanted, actual) => {
    const ask = (value: string) => {
      const Condition = { StringEqualsIgnoreCase: { 'test:key': value } }
      const identity = [compile('identity', 'p', { Effect: 'Allow', ...everything, Condition })]
      const context = buildContext([
        ['test:key', actual],
        ['test:wanted', wanted],
      ])
      return outcome({ identity }, user, { context })
    }
    expect(ask(`\${test:wanted}`)).toBe(ask(wanted))
  })
})

describe('partitions are apart', () => {
  const chinese = `arn:aws-cn:iam::${account}:root`
  test('the account in one is not that in another', () => {
    const resource = compile('resource', 'r', {
      Effect: 'Allow',
      Principal: { AWS: chinese },
      Action: 's3:*',
      Resource: '*',
    })
    expect(outcome({ identity: [allow], resource }, user)).toBe('allow identity')
    expect(outcome({ resource }, user)).toBe('implicit-deny identity')
    const there = parsePrincipal(`arn:aws-cn:iam::${account}:user/alice`)
    const request = { resource: 'arn:aws-cn:s3:::bucket/key', resourceAccountId: other }
    expect(outcome({ identity: [allow], resource }, there, request)).toBe('allow identity')
    expect(outcome({ identity: [allow], resource }, user, request)).toBe('implicit-deny resource')
  })
})

describe('a variable of a tag may hold what tag keys may', () => {
  test.each(['Cost Center', 'Équipe', 'a.b:c/d=e+f-g@h_i'])('%s', (key) => {
    const Resource = `arn:aws:s3:::b/\${aws:PrincipalTag/${key}}`
    const deny = compile('identity', 'deny', { Effect: 'Deny', Action: 's3:*', Resource })
    const context = buildContext([[`aws:PrincipalTag/${key}`, 'team']])
    const request = { resource: 'arn:aws:s3:::b/team', context }
    expect(outcome({ identity: [allow, deny] }, user, request)).toBe('explicit-deny identity')
  })
})

describe('RCPs reach 62 services', () => {
  test('and no other', () => {
    expect(rcpServices.size).toBe(62)
    for (const service of ['s3', 'sts', 'kms', 'sqs', 'textract', 'firehose', 'dynamodb'])
      expect(rcpServices).toContain(service)
    expect(rcpServices).not.toContain('iam')
  })
  test.each(['textract:DoIt', 'firehose:PutRecord'])('%s', (action) => {
    const deny = compile('rcp', 'deny', { Effect: 'Deny', Principal: '*', Action: action, Resource: '*' })
    const request = { action, resource: '*' }
    expect(outcome({ identity: [allow], rcps: [[fullRcp, deny]] }, user, request)).toBe('explicit-deny rcp')
  })
})
