/**
 * The guide's pair: DenyWithoutMFA and an Allow of everything. Six kinds of caller × twelve actions, and what the policy
 * becomes with `Bool` in place of `BoolIfExists`.
 */
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import { buildContext } from '../request/build-context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import type { Principal } from '../request/types.ts'
import type { CompiledPolicy, PolicyStack } from '../types.ts'
import { decide } from './decide.ts'

function compile(statement: object, id: string): CompiledPolicy<'identity'> {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'identity')
  if (!parsed.ok) throw new Error(parsed.findings[0]?.message)
  return compilePolicy(parsed.policy, id)
}

const exempt = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ListVirtualMFADevices',
  'iam:ResyncMFADevice',
  'sts:GetSessionToken',
]

function stackOf(operator: 'Bool' | 'BoolIfExists'): PolicyStack {
  const deny = {
    Sid: 'DenyAllExceptListedIfNoMFA',
    Effect: 'Deny',
    NotAction: exempt,
    Resource: '*',
    Condition: { [operator]: { 'aws:MultiFactorAuthPresent': 'false' } },
  }
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' }
  return { identity: [compile(deny, 'DenyWithoutMFA'), compile(allow, 'Admin')], scps: [], rcps: [] }
}

const account = '123456789012'
const root = parsePrincipal(`arn:aws:iam::${account}:root`)
const alice = parsePrincipal(`arn:aws:iam::${account}:user/alice`)

/** aws:MultiFactorAuthPresent as AWS sets it. */
const callers: readonly [name: string, principal: Principal, mfa: string | undefined][] = [
  ['root, password only', root, 'false'],
  ['access key', alice, undefined],
  ['session without MFA', alice, 'false'],
  ['session with MFA', alice, 'true'],
  ['console without MFA', alice, 'false'],
  ['console with MFA', alice, 'true'],
]

const actions = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:ResyncMFADevice',
  'iam:ListMFADevices',
  'sts:GetSessionToken',
  'sts:GetCallerIdentity',
  'iam:DeactivateMFADevice',
  'iam:DeleteVirtualMFADevice',
  'iam:ChangePassword',
  'iam:CreateUser',
  's3:GetObject',
  'IAM:enablemfadevice',
]

/** a allowed, d denied by the statement; columns are the actions. */
const expected: Record<'Bool' | 'BoolIfExists', readonly string[]> = {
  BoolIfExists: ['aaaaaaaaaaaa', 'aaaaaaddddda', 'aaaaaaddddda', 'aaaaaaaaaaaa', 'aaaaaaddddda', 'aaaaaaaaaaaa'],
  Bool: ['aaaaaaaaaaaa', 'aaaaaaaaaaaa', 'aaaaaaddddda', 'aaaaaaaaaaaa', 'aaaaaaddddda', 'aaaaaaaaaaaa'],
}

describe.each(['BoolIfExists', 'Bool'] as const)('DenyWithoutMFA with %s', (operator) => {
  const stack = stackOf(operator)

  test.each(callers.map((caller, index) => [...caller, expected[operator][index]] as const))(
    '%s',
    (_name, principal, mfa, row) => {
      const context = buildContext(mfa === undefined ? [] : [['aws:MultiFactorAuthPresent', mfa]])
      const got = actions.map((action) => {
        const { effect, sid } = decide(stack, { principal, action, resource: '*', context })
        if (effect === 'explicit-deny') expect(sid).toBe('DenyAllExceptListedIfNoMFA')
        return effect === 'allow' ? 'a' : 'd'
      })
      expect(got.join('')).toBe(row)
    },
  )
})
