/** NotPrincipal with Deny: who is spared, and who is not. */
import { describe, expect, test } from 'vitest'
import {
  account,
  allow,
  anonymous,
  compile,
  outcome,
  root,
  s3,
  session,
  user,
} from '../../../test/support/policy-decisions.ts'
import type { PolicyStack, Principal } from '../types.ts'

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
