/** A document stands only where its kind belongs, by type and at run time. */
import { describe, expect, test } from 'vitest'
import {
  allow,
  bare,
  compile,
  everything,
  fullRcp,
  fullScp,
  outcome,
  user,
} from '../../../test/support/policy-decisions.ts'
import { compileUnreadable } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { CompiledPolicy, PolicyKind, PolicyStack } from '../types.ts'

const statement = { Effect: 'Allow', ...everything }
const everyone = { ...statement, Principal: '*' }

const ofKind: Readonly<Record<PolicyKind, CompiledPolicy>> = {
  identity: compile('identity', 'p', statement),
  boundary: compile('boundary', 'p', statement),
  session: compile('session', 'p', statement),
  resource: compile('resource', 'p', everyone),
  trust: compile('trust', 'p', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }),
  scp: compile('scp', 'p', statement),
  rcp: compile('rcp', 'p', everyone),
}

interface Place {
  readonly layer: string
  readonly takes: readonly PolicyKind[]
  readonly put: (policy: CompiledPolicy) => object
}

/** AssumeRole takes managed policies, which are identity policies, as session policies. */
const places: readonly Place[] = [
  { layer: 'identity', takes: ['identity'], put: (policy) => ({ identity: [allow, policy] }) },
  { layer: 'boundary', takes: ['boundary'], put: (boundary) => ({ boundary }) },
  { layer: 'session', takes: ['session', 'identity'], put: (policy) => ({ session: [policy] }) },
  { layer: 'scp', takes: ['scp'], put: (policy) => ({ scps: [[fullScp], [policy, fullScp]] }) },
  { layer: 'rcp', takes: ['rcp'], put: (policy) => ({ rcps: [[policy], [fullRcp]] }) },
  { layer: 'resource', takes: ['resource', 'trust'], put: (resource) => ({ resource }) },
]

describe.each(places)('the layer $layer', ({ layer, takes, put }) => {
  const ask = (policy: CompiledPolicy) => () =>
    outcome({ identity: [allow], ...(put(policy) as Partial<PolicyStack>) }, user) // the types would not let it through

  test.each(Object.keys(ofKind) as PolicyKind[])('and a policy of kind %s', (kind) => {
    if (takes.includes(kind)) expect(ask(ofKind[kind])).not.toThrow()
    else
      expect(ask(ofKind[kind])).toThrow(`got the ${kind} policy "p" in the layer ${layer}, expected kind ${takes[0]}`)
    const unreadable = compileUnreadable('broken', kind)
    if (takes.includes(kind)) expect(ask(unreadable)()).toBe('explicit-deny unreadable')
    else expect(ask(unreadable)).toThrow(TypeError)
  })

  test('and what is no compiled policy', () => {
    const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'identity')
    const notCompiled = parsed.ok ? parsed.policy : parsed
    expect(ask(notCompiled as never)).toThrow('that compilePolicy did not make')
    expect(ask({ ...allow } as never)).toThrow('that compilePolicy did not make')
  })
})

test('the types hold the same', () => {
  const resource = compile('resource', 'bucket', everyone)
  // @ts-expect-error: a resource policy is no identity policy
  const stack: PolicyStack = { ...bare, identity: [resource] }
  expect(() => outcome(stack, user)).toThrow(TypeError)
})
