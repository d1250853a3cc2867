/** NotPrincipal with Deny: who is spared, and who is not. */
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { CompiledPolicy, PolicyKind, PolicyStack, Principal, Request } from '../types.ts'
import { decide } from './decide.ts'

const account = '123456789012'
const bucket = 'arn:aws:s3:::bucket/key'

const root: Principal = { kind: 'root', arn: `arn:aws:iam::${account}:root`, accountId: account }
const user: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/alice`, accountId: account }
const session: Principal = {
  kind: 'role-session',
  arn: `arn:aws:sts::${account}:assumed-role/R/S`,
  roleArn: `arn:aws:iam::${account}:role/path/R`,
  accountId: account,
}
const anonymous: Principal = { kind: 'anonymous', arn: '' }

function compile(kind: PolicyKind, id: string, ...statements: object[]): CompiledPolicy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return compilePolicy(parsed.policy, id)
}

const everything = { Action: '*', Resource: '*' }
const s3 = { Action: 's3:*', Resource: '*' }
const allow = compile('identity', 'allow', { Effect: 'Allow', ...everything })

const bare: PolicyStack = { identity: [], scps: [], rcps: [] }

/** Effect and layer. */
function outcome(stack: Partial<PolicyStack>, principal: Principal, request: Partial<Request> = {}): string {
  const decision = decide(
    { ...bare, ...stack },
    {
      principal,
      action: 's3:GetObject',
      resource: bucket,
      context: new Map(),
      ...request,
    },
  )
  return `${decision.effect} ${decision.layer}`
}

describe('NotPrincipal', () => {
  const deny = (...names: string[]) => ({
    resource: compile('resource', 'b', { Effect: 'Deny', NotPrincipal: { AWS: names }, ...s3 }),
    identity: [allow],
  })
  const roleArn = session.roleArn ?? ''

  test.each<[rule: string, principal: Principal, stack: Partial<PolicyStack>, expected: string]>([
    ['with Deny spares a user listed with the account', user, deny(user.arn, root.arn), 'allow identity'],
    ['does not spare a user listed alone', user, deny(user.arn), 'explicit-deny resource'],
    ['does not spare the whole account', user, deny(root.arn), 'explicit-deny resource'],
    ['spares root listed by the account', root, deny(account), 'allow root'],
    ['spares a session listed with role and account', session, deny(session.arn, roleArn, account), 'allow identity'],
    ['does not spare a session without its role', session, deny(session.arn, account), 'explicit-deny resource'],
    [
      'never spares a caller with a boundary',
      user,
      { ...deny(user.arn, root.arn), boundary: allow },
      'explicit-deny resource',
    ],
    [
      'with Allow excludes whoever is listed in part',
      user,
      { resource: compile('resource', 'b', { Effect: 'Allow', NotPrincipal: { AWS: account }, ...s3 }) },
      'implicit-deny identity',
    ],
    [
      'with Allow admits all others',
      anonymous,
      { resource: compile('resource', 'b', { Effect: 'Allow', NotPrincipal: { AWS: account }, ...s3 }) },
      'allow resource',
    ],
    [
      'with Deny denies strangers',
      anonymous,
      {
        resource: compile(
          'resource',
          'b',
          { Effect: 'Deny', NotPrincipal: { AWS: account }, ...s3 },
          { Effect: 'Allow', Principal: '*', ...s3 },
        ),
      },
      'explicit-deny resource',
    ],
  ])('%s', (_rule, principal, stack, expected) => {
    expect(outcome(stack, principal)).toBe(expected)
  })
})
