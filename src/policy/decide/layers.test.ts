/** One case for each cell of the tables in rules.ts. */
import { describe, expect, test } from 'vitest'
import {
  account,
  allow,
  anonymous,
  bare,
  bucket,
  compile,
  everything,
  fullRcp,
  fullScp,
  outcome,
  roleArn,
  root,
  rootArn,
  s3,
  session,
  sessionArn,
  user,
  userArn,
} from '../../../test/support/policy-decisions.ts'
import { buildContext } from '../request/build-context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import type { Principal } from '../request/types.ts'
import type { CompiledPolicy, PolicyStack } from '../types.ts'
import { decide } from './decide.ts'

const other = '999999999999'
const linked = parsePrincipal(`arn:aws:sts::${account}:assumed-role/AWSServiceRoleForX/S`, {
  roleArn: `arn:aws:iam::${account}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`,
})
const federatedArn = `arn:aws:sts::${account}:federated-user/bob`
const federated = parsePrincipal(federatedArn)
const service = parsePrincipal('cloudtrail.amazonaws.com')
const deny = compile('identity', 'deny', { Effect: 'Deny', ...s3 })
const silence = { Effect: 'Allow', Action: 'ec2:*', Resource: '*' }
const silent = compile('identity', 'silent', silence)
const silentBoundary = compile('boundary', 'silent', silence)
const allowBoundary = compile('boundary', 'allow', { Effect: 'Allow', ...everything })
const denyBoundary = compile('boundary', 'deny', { Effect: 'Deny', ...s3 })
const silentScp = compile('scp', 'silent', { Effect: 'Allow', Action: 'ec2:*', Resource: '*' })
const denyScp = compile('scp', 'denied', { Effect: 'Deny', ...s3 })
const denyRcp = compile('rcp', 'denied', { Effect: 'Deny', Principal: '*', ...s3 })
function toResource(principal: unknown, effect = 'Allow'): CompiledPolicy<'resource'> {
  return compile('resource', 'bucket', { Effect: effect, Principal: principal, ...s3 })
}

const scpOf = (policy: CompiledPolicy<'scp'>) => ({ scps: [[fullScp], [policy]] })
const rcpOf = (policy: CompiledPolicy<'rcp'>) => ({ rcps: [[fullRcp], [policy]] })

describe('explicit deny in any layer', () => {
  test.each<[layer: string, stack: Partial<PolicyStack>]>([
    ['rcp', { rcps: [[fullRcp], [fullRcp, denyRcp]] }],
    ['scp', { scps: [[fullScp, denyScp], [fullScp]] }],
    ['resource', { resource: toResource('*', 'Deny') }],
    ['identity', { identity: [allow, deny] }],
    ['boundary', { boundary: compile('boundary', 'b', { Effect: 'Allow', ...everything }, { Effect: 'Deny', ...s3 }) }],
    ['session', { session: [allow, deny] }],
  ])('%s', (layer, stack) => {
    expect(outcome({ identity: [allow], ...stack }, user)).toBe(`explicit-deny ${layer}`)
  })

  test('several are reported in the order rcp, scp, resource, identity, boundary, session', () => {
    const stack = { ...rcpOf(denyRcp), ...scpOf(denyScp), resource: toResource('*', 'Deny'), identity: [deny] }
    expect(outcome(stack, user)).toBe('explicit-deny rcp')
    expect(outcome({ ...stack, rcps: [] }, user)).toBe('explicit-deny scp')
    expect(outcome({ ...stack, rcps: [], scps: [] }, user)).toBe('explicit-deny resource')
    expect(outcome({ identity: [deny], boundary: denyBoundary }, user)).toBe('explicit-deny identity')
    expect(outcome({ identity: [allow], boundary: denyBoundary, session: [deny] }, user)).toBe('explicit-deny boundary')
  })
})

describe('callers', () => {
  test.each<[rule: string, principal: Principal, stack: Partial<PolicyStack>, expected: string]>([
    ['root is allowed without any policy', root, {}, 'allow root'],
    ['root is not bound by identity policies', root, { identity: [deny] }, 'allow root'],
    ['root is not bound by a boundary', root, { boundary: denyBoundary }, 'allow root'],
    ['root is denied by a resource policy', root, { resource: toResource('*', 'Deny') }, 'explicit-deny resource'],
    ['a member’s root is bound by an SCP that denies', root, scpOf(denyScp), 'explicit-deny scp'],
    ['a member’s root is bound by an SCP that does not allow', root, scpOf(silentScp), 'implicit-deny scp'],
    ['a member’s root is bound by RCPs', root, rcpOf(denyRcp), 'explicit-deny rcp'],
    [
      'the management account’s root is not bound by SCPs',
      root,
      { ...scpOf(denyScp), principalInManagementAccount: true },
      'allow root',
    ],
    [
      'resources of the management account are not bound by RCPs',
      root,
      { ...rcpOf(denyRcp), resourceInManagementAccount: true },
      'allow root',
    ],
    ['a root session is bound by its task policy', root, { session: [silent] }, 'implicit-deny session'],
    [
      'a task policy binds although the resource is open to all',
      root,
      { session: [silent], resource: toResource('*') },
      'implicit-deny session',
    ],
    ['a user needs an Allow', user, {}, 'implicit-deny identity'],
    ['a user with an Allow is allowed', user, { identity: [silent, allow] }, 'allow identity'],
    ['a user is bound by a boundary', user, { identity: [allow], boundary: silentBoundary }, 'implicit-deny boundary'],
    ['a boundary does not grant', user, { boundary: allowBoundary }, 'implicit-deny identity'],
    ['a user is bound by SCPs', user, { identity: [allow], ...scpOf(silentScp) }, 'implicit-deny scp'],
    ['SCPs do not grant', user, scpOf(fullScp), 'implicit-deny identity'],
    [
      'every level of SCPs must allow',
      user,
      { identity: [allow], scps: [[silentScp], [fullScp]] },
      'implicit-deny scp',
    ],
    [
      'a level without policies does not allow',
      user,
      { identity: [allow], scps: [[fullScp], []] },
      'implicit-deny scp',
    ],
    ['one of a level’s SCPs is enough', user, { identity: [allow], scps: [[silentScp, fullScp]] }, 'allow identity'],
    [
      'the management account’s users are not bound by SCPs',
      user,
      { identity: [allow], ...scpOf(silentScp), principalInManagementAccount: true },
      'allow identity',
    ],
    [
      'every level of RCPs must allow',
      user,
      { identity: [allow], rcps: [[denyRcp]], resourceInManagementAccount: false },
      'explicit-deny rcp',
    ],
    [
      'a level without RCPFullAWSAccess does not allow',
      user,
      { identity: [allow], rcps: [[fullRcp], []] },
      'implicit-deny rcp',
    ],
    [
      'a role session is bound by its session policies',
      session,
      { identity: [allow], session: [silent] },
      'implicit-deny session',
    ],
    [
      'an empty list of session policies allows nothing',
      session,
      { identity: [allow], session: [] },
      'implicit-deny session',
    ],
    [
      'one session policy that allows is enough',
      session,
      { identity: [allow], session: [silent, allow] },
      'allow identity',
    ],
    ['session policies do not grant', session, { session: [allow] }, 'implicit-deny identity'],
    ['a service-linked role is not bound by SCPs', linked, { identity: [allow], ...scpOf(denyScp) }, 'allow identity'],
    ['a service-linked role is not bound by RCPs', linked, { identity: [allow], ...rcpOf(denyRcp) }, 'allow identity'],
    ['a federated user without session policy has nothing', federated, { identity: [allow] }, 'implicit-deny session'],
    [
      'a federated user has what user and session policy allow',
      federated,
      { identity: [allow], session: [allow] },
      'allow identity',
    ],
    [
      'a federated user is bound by the user’s boundary',
      federated,
      { identity: [allow], session: [allow], boundary: silentBoundary },
      'implicit-deny boundary',
    ],
    ['a service needs the resource policy', service, { identity: [allow] }, 'implicit-deny resource'],
    [
      'a service is allowed by the resource policy',
      service,
      { resource: toResource({ Service: 'cloudtrail.amazonaws.com' }) },
      'allow resource',
    ],
    ['a service is not bound by SCPs', service, { resource: toResource('*'), ...scpOf(denyScp) }, 'allow resource'],
    ['a service is bound by RCPs', service, { resource: toResource('*'), ...rcpOf(denyRcp) }, 'explicit-deny rcp'],
    [
      'another service is not meant',
      service,
      { resource: toResource({ Service: 'ec2.amazonaws.com' }) },
      'implicit-deny resource',
    ],
    ['nobody is allowed by a resource policy open to all', anonymous, { resource: toResource('*') }, 'allow resource'],
    ['nobody is bound by RCPs', anonymous, { resource: toResource('*'), ...rcpOf(denyRcp) }, 'explicit-deny rcp'],
    ['nobody is not an account', anonymous, { resource: toResource({ AWS: account }) }, 'implicit-deny resource'],
  ])('%s', (_rule, principal, stack, expected) => {
    expect(outcome(stack, principal)).toBe(expected)
  })

  test('RCPs say nothing about the actions of services that have none', () => {
    const request = { action: 'iam:GetUser', resource: '*' }
    expect(outcome({ identity: [allow], rcps: [[]] }, user, request)).toBe('allow identity')
  })
})

describe('what a resource policy of the same account names', () => {
  const filters = { boundary: silentBoundary, session: [silent] }

  test.each<[rule: string, principal: Principal, named: unknown, filtered: boolean, expected: string]>([
    ['the user: escapes', user, { AWS: userArn }, true, 'allow resource'],
    ['the session: escapes', session, { AWS: sessionArn }, true, 'allow resource'],
    ['the federated user: escapes', federated, { AWS: federatedArn }, true, 'allow resource'],
    ['everyone: escapes', user, '*', true, 'allow resource'],
    ['everyone by {"AWS":"*"}: escapes', user, { AWS: '*' }, true, 'allow resource'],
    ['the role: stands in for identity policies', session, { AWS: roleArn }, false, 'allow resource'],
    ['the role: is bound by the filters', session, { AWS: roleArn }, true, 'implicit-deny boundary'],
    ['the account: delegates to identity policies', user, { AWS: rootArn }, false, 'implicit-deny identity'],
    ['the account by its id', user, { AWS: account }, false, 'implicit-deny identity'],
    ['another user', user, { AWS: `arn:aws:iam::${account}:user/bob` }, false, 'implicit-deny identity'],
    ['the user in another case', user, { AWS: `arn:aws:iam::${account}:user/Alice` }, false, 'implicit-deny identity'],
    ['another account', user, { AWS: other }, false, 'implicit-deny identity'],
  ])('%s', (_rule, principal, named, filtered, expected) => {
    expect(outcome({ resource: toResource(named), ...(filtered && filters) }, principal)).toBe(expected)
  })

  test('the closest of several grants counts', () => {
    const resource = compile(
      'resource',
      'bucket',
      { Effect: 'Allow', Principal: { AWS: account }, ...s3 },
      { Effect: 'Allow', Principal: { AWS: roleArn }, ...s3 },
      { Effect: 'Allow', Principal: { AWS: sessionArn }, ...s3 },
    )
    expect(
      decide(
        { ...bare, resource, boundary: silentBoundary },
        {
          principal: session,
          action: 's3:GetObject',
          resource: bucket,
          context: buildContext([]),
        },
      ),
    ).toMatchObject({ effect: 'allow', statement: 2 })
  })
})

describe('policies that must allow', () => {
  const assume = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/R` }
  const trust = (named: unknown) =>
    compile('trust', 'trust', { Effect: 'Allow', Principal: named, Action: 'sts:AssumeRole' })

  test.each<[rule: string, principal: Principal, stack: Partial<PolicyStack>, expected: string]>([
    ['without trust policy nobody assumes a role', user, { identity: [allow] }, 'implicit-deny resource'],
    ['a trust policy that names the user is enough', user, { resource: trust({ AWS: userArn }) }, 'allow resource'],
    [
      'a trust policy that names the account delegates',
      user,
      { resource: trust({ AWS: account }) },
      'implicit-deny identity',
    ],
    ['… to identity policies', user, { identity: [allow], resource: trust({ AWS: account }) }, 'allow identity'],
    [
      'a trust policy that names another is not enough',
      user,
      { identity: [allow], resource: trust({ AWS: other }) },
      'implicit-deny resource',
    ],
    [
      'a service assumes its role',
      service,
      { resource: trust({ Service: 'cloudtrail.amazonaws.com' }) },
      'allow resource',
    ],
    [
      'a web identity assumes a role',
      parsePrincipal('www.amazon.com'),
      { resource: trust({ Federated: 'www.amazon.com' }) },
      'allow resource',
    ],
    [
      'of another provider it does not',
      parsePrincipal('www.amazon.com'),
      { resource: trust({ Federated: 'accounts.google.com' }) },
      'implicit-deny resource',
    ],
  ])('%s', (_rule, principal, stack, expected) => {
    expect(outcome(stack, principal, assume)).toBe(expected)
  })

  test('a resource policy that is no trust policy must allow AssumeRole as well', () => {
    expect(outcome({ identity: [allow], resource: toResource({ AWS: userArn }) }, user, assume)).toBe(
      'implicit-deny resource',
    )
  })

  test('a KMS key policy must allow, root too', () => {
    const request = { action: 'kms:Decrypt', resource: `arn:aws:kms:us-east-1:${account}:key/k` }
    const key = compile('resource', 'key', { Effect: 'Allow', Principal: { AWS: sessionArn }, Action: 'kms:*' })
    expect(outcome({ identity: [allow], resource: key }, user, request)).toBe('implicit-deny resource')
    expect(outcome({ resource: key }, root, request)).toBe('implicit-deny resource')
    expect(outcome({ resource: key }, session, request)).toBe('allow resource')
  })
})

describe('without a key policy nobody uses a KMS key, as without a trust policy nobody assumes a role', () => {
  const key = `arn:aws:kms:us-east-1:${account}:key/k`
  const alias = `arn:aws:kms:us-east-1:${account}:alias/a`
  const delegating = compile('resource', 'key', { Effect: 'Allow', Principal: { AWS: account }, ...everything })

  test.each<[action: string, resource: string, principal: Principal, stack: Partial<PolicyStack>, expected: string]>([
    ['kms:Decrypt', key, user, {}, 'implicit-deny resource'],
    ['kms:Decrypt', key, session, {}, 'implicit-deny resource'],
    ['kms:Decrypt', key, root, {}, 'implicit-deny resource'],
    ['KMS:decrypt', key, user, {}, 'implicit-deny resource'],
    ['kms:Decrypt', '*', user, {}, 'implicit-deny resource'],
    ['kms:RetireGrant', key, user, {}, 'implicit-deny resource'],
    ['kms:UpdateAlias', key, user, {}, 'implicit-deny resource'],
    ['kms:Decrypt', key, user, { resource: delegating }, 'allow identity'],
    ['kms:Decrypt', key, root, { resource: delegating }, 'allow root'],
    // No key is part of these.
    ['kms:UpdateAlias', alias, user, {}, 'allow identity'],
    ['kms:CreateKey', '*', user, {}, 'allow identity'],
    ['kms:ListKeys', '*', user, {}, 'allow identity'],
    ['kms:DescribeCustomKeyStores', '*', user, {}, 'allow identity'],
  ])('%s on %s', (action, resource, principal, stack, expected) => {
    expect(outcome({ identity: [allow], ...stack }, principal, { action, resource })).toBe(expected)
  })
})

describe('across accounts both sides must allow', () => {
  const elsewhere = { resourceAccountId: other }

  test.each<[rule: string, principal: Principal, stack: Partial<PolicyStack>, expected: string]>([
    ['the resource policy alone does not', user, { resource: toResource({ AWS: userArn }) }, 'implicit-deny identity'],
    ['identity policies alone do not', user, { identity: [allow] }, 'implicit-deny resource'],
    ['both do', user, { identity: [allow], resource: toResource({ AWS: userArn }) }, 'allow identity'],
    [
      'the account is enough to name',
      user,
      { identity: [allow], resource: toResource({ AWS: account }) },
      'allow identity',
    ],
    ['everyone still needs an identity policy', user, { resource: toResource('*') }, 'implicit-deny identity'],
    [
      'a boundary binds a user named directly',
      user,
      { identity: [allow], boundary: silentBoundary, resource: toResource({ AWS: userArn }) },
      'implicit-deny boundary',
    ],
    [
      'a session policy binds a session named directly',
      session,
      { identity: [allow], session: [silent], resource: toResource({ AWS: sessionArn }) },
      'implicit-deny session',
    ],
    ['root needs the resource policy', root, {}, 'implicit-deny resource'],
    ['root needs nothing else', root, { resource: toResource({ AWS: account }) }, 'allow root'],
  ])('%s', (_rule, principal, stack, expected) => {
    expect(outcome(stack, principal, elsewhere)).toBe(expected)
  })
})

test.each(['sts:GetCallerIdentity', 'STS:getcalleridentity', 'sts:GetSessionToken'])(
  '%s needs no permission, and cannot be denied',
  (action) => {
    expect(outcome({ identity: [compile('identity', 'd', { Effect: 'Deny', ...everything })] }, user, { action })).toBe(
      'allow no-permission-needed',
    )
  },
)
