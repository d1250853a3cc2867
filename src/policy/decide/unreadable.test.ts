/** A stored policy that cannot be read fails closed, wherever it would apply. */
import { describe, expect, test } from 'vitest'
import { allow, fullRcp, fullScp, outcome, root, user } from '../../../test/support/policy-decisions.ts'
import { compileUnreadable } from '../compile/compile-policy.ts'
import type { Principal } from '../request/types.ts'
import type { PolicyKind, PolicyStack } from '../types.ts'

describe('a policy that cannot be read denies wherever it applies', () => {
  const broken = <Kind extends PolicyKind>(kind: Kind) => compileUnreadable(`broken-${kind}`, kind)

  test.each<[stack: Partial<PolicyStack>, principal: Principal, expected: string]>([
    [{ identity: [allow, broken('identity')] }, user, 'explicit-deny unreadable'],
    [{ identity: [allow], boundary: broken('boundary') }, user, 'explicit-deny unreadable'],
    [{ identity: [allow], session: [broken('session')] }, user, 'explicit-deny unreadable'],
    [{ identity: [allow], resource: broken('resource') }, user, 'explicit-deny unreadable'],
    [{ identity: [allow], scps: [[fullScp, broken('scp')]] }, user, 'explicit-deny unreadable'],
    [{ identity: [allow], rcps: [[fullRcp, broken('rcp')]] }, user, 'explicit-deny unreadable'],
    [{ identity: [broken('identity')] }, root, 'allow root'],
    [{ boundary: broken('boundary') }, root, 'allow root'],
    [{ scps: [[broken('scp')]], principalInManagementAccount: true }, root, 'allow root'],
  ])('case %#', (stack, principal, expected) => {
    expect(outcome(stack, principal)).toBe(expected)
  })
})
