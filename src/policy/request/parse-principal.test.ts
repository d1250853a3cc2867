import { describe, expect, test } from 'vitest'
import { allow, bare, bucket, user } from '../../../test/support/policy-decisions.ts'
import { decide } from '../decide/decide.ts'
import { explain } from '../explain/explain.ts'
import { buildContext } from './build-context.ts'
import { type PrincipalFacts, parsePrincipal } from './parse-principal.ts'
import type { Principal } from './types.ts'

const account = '123456789012'
const session = `arn:aws:sts::${account}:assumed-role/R/S`
const role = `arn:aws:iam::${account}:role/path/R`
const linked = `arn:aws:iam::${account}:role/aws-service-role/ops.amazonaws.com/R`
const canonical = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'

describe('who it is', () => {
  test.each<[text: string, facts: PrincipalFacts, principal: object]>([
    [`arn:aws:iam::${account}:root`, {}, { kind: 'root', accountId: account }],
    [`arn:aws:iam::${account}:user/alice`, {}, { kind: 'user', accountId: account }],
    [`arn:aws:iam::${account}:user/team/a:b/alice`, {}, { kind: 'user', accountId: account }],
    [`arn:aws-us-gov:iam::${account}:user/alice`, {}, { kind: 'user', accountId: account }],
    [
      `arn:aws:iam::${account}:user/alice`,
      { canonicalUserId: canonical },
      { kind: 'user', canonicalUserId: canonical },
    ],
    [session, { roleArn: role }, { kind: 'role-session', accountId: account, roleArn: role, serviceLinked: false }],
    [session, { roleArn: linked }, { kind: 'role-session', roleArn: linked, serviceLinked: true }],
    [
      session,
      { roleArn: role, federatedProvider: 'accounts.google.com' },
      { kind: 'role-session', federatedProvider: 'accounts.google.com' },
    ],
    [`arn:aws:sts::${account}:federated-user/bob`, {}, { kind: 'federated-user', accountId: account }],
    ['ec2.amazonaws.com', {}, { kind: 'service', name: 'ec2.amazonaws.com' }],
    ['EC2.amazonaws.com.cn', {}, { kind: 'service', name: 'ec2.amazonaws.com.cn' }],
    ['svc.example.com', { nameOf: 'service' }, { kind: 'service', name: 'svc.example.com' }],
    ['accounts.google.com', {}, { kind: 'federated', provider: 'accounts.google.com' }],
    ['cognito-identity.amazonaws.com', { nameOf: 'provider' }, { kind: 'federated' }],
    [`arn:aws:iam::${account}:saml-provider/idp`, {}, { kind: 'federated' }],
    [`arn:aws:iam::${account}:oidc-provider/gitlab.com/a`, {}, { kind: 'federated' }],
    ['*', {}, { kind: 'anonymous' }],
  ])('%s with %j', (text, facts, principal) => {
    expect(parsePrincipal(text, facts)).toMatchObject(principal)
  })
})

describe('who it cannot be', () => {
  test.each<[text: string, facts: PrincipalFacts, message: string]>([
    ['alice', {}, 'got the principal "alice", expected the ARN of'],
    ['', {}, 'got the principal ""'],
    [`arn:aws:iam::1234:user/alice`, {}, 'got the principal'],
    [`arn:aws:iam::${account}:user/`, {}, 'got the principal'],
    [`arn:aws:iam::${account}:user/*`, {}, 'got the principal'],
    [`arn:aws:iam::${account}:user/al ice`, {}, 'got the principal'],
    [`arn:aws:iam::${account}:group/g`, {}, 'got the principal'],
    [`arn:aws:iam::${account}:root/x`, {}, 'got the principal'],
    [`arn:aws:s3:::bucket`, {}, 'got the principal'],
    [`arn:aws:iam:us-east-1:${account}:user/alice`, {}, 'got the principal'],
    [`${session}\n`, { roleArn: role }, 'got the principal'],
    [role, {}, 'expected a session of it'],
    [session, {}, 'without roleArn, expected the ARN of its role'],
    [session, { roleArn: `arn:aws:iam::${account}:role/Other` }, 'expected the role of'],
    [session, { roleArn: 'arn:aws:iam::999999999999:role/R' }, 'expected the role of'],
    [session, { roleArn: `arn:aws-cn:iam::${account}:role/R` }, 'expected the role of'],
    [session, { roleArn: 'R' }, 'expected the role of'],
    [`arn:aws:iam::${account}:user/alice`, { roleArn: role }, 'got roleArn for'],
    [`arn:aws:iam::${account}:root`, { federatedProvider: 'accounts.google.com' }, 'got federatedProvider for'],
    ['ec2.amazonaws.com', { canonicalUserId: canonical }, 'got canonicalUserId for'],
    ['*', { roleArn: role }, 'got roleArn for'],
  ])('%j with %j', (text, facts, message) => {
    expect(() => parsePrincipal(text, facts)).toThrow(message)
    expect(() => parsePrincipal(text, facts)).toThrow(TypeError)
  })
})

describe('nothing else is taken for a principal', () => {
  const made: readonly (readonly [string, unknown])[] = [
    ['an object', { kind: 'user', arn: `arn:aws:iam::${account}:user/alice`, accountId: account }],
    ['a session without its role', { kind: 'role-session', arn: session, accountId: account }],
    ['a copy of another kind', { ...user, kind: 'root' }],
    ['a copy that was written down', JSON.parse(JSON.stringify(user))],
  ]
  test.each(made)('%s', (_, principal) => {
    const context = buildContext([])
    const request = { principal: principal as Principal, action: 's3:GetObject', resource: bucket, context }
    const stack = { ...bare, identity: [allow] }
    expect(() => decide(stack, request)).toThrow('got a principal that parsePrincipal did not make')
    expect(() => explain(stack, request)).toThrow('got a principal that parsePrincipal did not make')
  })
})
