/** A stored policy that cannot be read fails closed, wherever it would apply. */
import { describe, expect, test } from 'vitest'
import { compilePolicy, compileUnreadable } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { CompiledPolicy, PolicyKind, PolicyStack, Principal } from '../types.ts'
import { decide } from './decide.ts'

const accountId = '123456789012'
const root: Principal = { kind: 'root', arn: `arn:aws:iam::${accountId}:root`, accountId }
const user: Principal = { kind: 'user', arn: `arn:aws:iam::${accountId}:user/alice`, accountId }

function compile(kind: PolicyKind, statement: object): CompiledPolicy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return compilePolicy(parsed.policy, kind)
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const allow = compile('identity', everything)
const fullScp = compile('scp', everything)
const fullRcp = compile('rcp', { ...everything, Principal: '*' })

/** Effect and layer. */
function outcome(stack: Partial<PolicyStack>, principal: Principal): string {
  const request = { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key', context: new Map() }
  const decision = decide({ identity: [], scps: [], rcps: [], ...stack }, request)
  return `${decision.effect} ${decision.layer}`
}

describe('a policy that cannot be read denies wherever it applies', () => {
  const broken = (kind: PolicyKind) => compileUnreadable(`broken-${kind}`, kind)

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
