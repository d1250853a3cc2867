/** NotPrincipal with Deny: who is spared, and who is not. */
import { describe, expect, test } from 'vitest'
import {
  account,
  allow,
  anonymous,
  compile,
  everything,
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
import type { Principal } from '../request/types.ts'
import type { PolicyStack } from '../types.ts'

describe('NotPrincipal', () => {
  const deny = (...names: string[]) => ({
    resource: compile('resource', 'b', { Effect: 'Deny', NotPrincipal: { AWS: names }, ...s3 }),
    identity: [allow],
  })

  test.each<[rule: string, principal: Principal, stack: Partial<PolicyStack>, expected: string]>([
    ['with Deny spares a user listed with the account', user, deny(userArn, rootArn), 'allow identity'],
    ['does not spare a user listed alone', user, deny(userArn), 'explicit-deny resource'],
    ['does not spare the whole account', user, deny(rootArn), 'explicit-deny resource'],
    ['spares root listed by the account', root, deny(account), 'allow root'],
    ['spares a session listed with role and account', session, deny(sessionArn, roleArn, account), 'allow identity'],
    ['does not spare a session without its role', session, deny(sessionArn, account), 'explicit-deny resource'],
    [
      'never spares a caller with a boundary',
      user,
      { ...deny(userArn, rootArn), boundary: compile('boundary', 'b', { Effect: 'Allow', ...everything }) },
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
