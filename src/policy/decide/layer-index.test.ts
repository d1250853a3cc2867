import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAsked } from '../../../test/support/policy-asked.ts'
import { compilePolicy } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import { buildContext } from '../request/build-context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import type { Request } from '../request/types.ts'
import type { CompiledPolicy, Decision, PolicyStack } from '../types.ts'
import { decide } from './decide.ts'
import { indexOfList, slotOf } from './layer-index.ts'

const principal = parsePrincipal('arn:aws:iam::123456789012:user/a')

function compile(statements: readonly object[], id = 'p'): CompiledPolicy<'identity'> {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return compilePolicy(parsed.policy, id)
}

function ask(stack: PolicyStack, action: string, resource: string): Decision {
  const request: Request = { principal, action, resource, context: buildContext([]) }
  return decide(stack, request)
}

const toStack = (identity: readonly CompiledPolicy<'identity'>[]): PolicyStack => ({ identity, scps: [], rcps: [] })

const part = fc.constantFrom('a', 'ab', 'b', 'abc', '', '*', '?', 'b*', '*c', `$\{aws:x, 'ab'}`)
const head = fc.constantFrom('arn:aws:s3:::', 'arn:aws:s3:::', 'arn:aws:s3:*:*:', 'arn:aws:s3:?*::', 'arn:aws:s3:*:')
const resource = fc.tuple(head, part, part).map(([start, a, b]) => `${start}${a}/${b}`)
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Action: fc.constantFrom('s3:GetObject', 's3:Get*', 's3:*', '*', 's3:Put*', 'ec2:*'),
  Resource: fc.array(fc.oneof(resource, fc.constant('arn:aws:s3:::*')), { minLength: 1, maxLength: 3 }),
})
const asked = fc
  .tuple(
    fc.constantFrom('arn:aws:s3:::', 'arn:aws:s3:::', 'arn:aws:s3:::x:', 'arn:aws:s3:r:1:', 'arn:aws:s3:r::y:z:'),
    fc.constantFrom('a', 'ab', 'b', 'abc', 'abcd', ''),
    fc.constantFrom('a', 'ab', 'bc', ''),
  )
  .map(([start, a, b]) => `${start}${a}/${b}`)

test('many statements, indexed, decide as one by one', () => {
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 12, maxLength: 40 }),
      fc.array(asked, { minLength: 5 }),
      (statements, resources) => {
        const together = toStack([compile(statements)])
        const alone = statements.map((one) => toStack([compile([one])]))
        for (const arn of resources) {
          const effects = alone.map((stack) => ask(stack, 's3:GetObject', arn).effect)
          const expected = effects.includes('explicit-deny')
            ? 'explicit-deny'
            : effects.includes('allow')
              ? 'allow'
              : 'implicit-deny'
          expect(ask(together, 's3:GetObject', arn).effect).toBe(expected)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a star that reaches over colons is found however many statements there are', () => {
  const ends = ['topic-N', 'topic-N/*', '*/topic-N', '?opic-N']
  for (const end of ends) {
    const on = (number: number) => `arn:aws:sns:*:*:${end.replace('N', String(number))}`
    const denies = Array.from({ length: 50 }, (_, number) => ({
      Effect: 'Deny',
      Action: 'sns:*',
      Resource: on(number),
    }))
    const stack = toStack([compile([{ Effect: 'Allow', Action: '*', Resource: '*' }, ...denies])])
    const name = end.replace('N', '37').replace('*/', 'x/').replace('/*', '/x').replace('?', 't')
    for (const start of [
      'arn:aws:sns:r:1:',
      'arn:aws:sns:r:1:x:',
      'arn:aws:sns:r:1:x:topic-7/:y:',
      'arn:aws:sns:::::',
    ]) {
      expect(ask(stack, 'sns:Publish', `${start}${name}`).effect).toBe('explicit-deny')
    }
    expect(ask(stack, 'sns:Publish', `arn:aws:sns:r:1:x:${name}s`).effect).toBe(
      end.endsWith('*') ? 'explicit-deny' : 'allow',
    )
  }
})

test('a list that was decided by cannot be changed in place, and stands in each layer for itself', () => {
  const deny = compile([{ Effect: 'Deny', Action: '*', Resource: '*' }])
  const allow = compile([{ Effect: 'Allow', Action: '*', Resource: '*' }])
  const list = [allow, allow]
  const stack = toStack(list)
  expect(ask(stack, 's3:GetObject', '*').effect).toBe('allow')
  expect(() => list.push(deny)).toThrow(TypeError)
  expect(() => {
    list[0] = deny
  }).toThrow(TypeError)
  const denies = [deny, allow]
  expect(ask({ ...toStack(list), session: denies }, 's3:GetObject', '*')).toMatchObject({ layer: 'session' })
  expect(ask(toStack(denies), 's3:GetObject', '*')).toMatchObject({ effect: 'explicit-deny', layer: 'identity' })
})

const about = (action: string) => ({ ...toAsked(buildContext([])), action })

test('what is remembered about actions is bounded by actions and by statements', () => {
  const one = indexOfList([compile([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])], 'identity')
  for (let number = 0; number < 10_000; number++) slotOf(one, about(`s3:Action${number}`))
  expect(one.slots.size).toBeLessThanOrEqual(4_096)
  const bound = (number: number) => ({ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::b${number}` })
  const policies = [compile(Array.from({ length: 500 }, (_, number) => bound(number)))]
  const many = indexOfList(policies, 'identity')
  for (let number = 0; number < 1_000; number++) slotOf(many, about(`s3:Action${number}`))
  expect(many.weight).toBeLessThanOrEqual(65_536)
  expect(ask(toStack(policies), 's3:Action7', 'arn:aws:s3:::b499').effect).toBe('allow')
})

test('actions are compared without regard to case, resources with', () => {
  const stack = toStack([compile([{ Effect: 'Allow', Action: 'IAM:getuser', Resource: 'arn:aws:iam::*:user/Bob' }])])
  expect(ask(stack, 'iam:GetUser', 'arn:aws:iam::1:user/Bob').effect).toBe('allow')
  expect(ask(stack, 'IAM:GETUSER', 'arn:aws:iam::1:user/Bob').effect).toBe('allow')
  expect(ask(stack, 'iam:GetUser', 'arn:aws:iam::1:user/bob').effect).toBe('implicit-deny')
})

test('a decision is one frozen object, whoever asks', () => {
  const stack = toStack([compile([{ Sid: 'A', Effect: 'Allow', Action: 's3:*', Resource: '*' }], 'policy')])
  const decision = ask(stack, 's3:GetObject', '*')
  expect(decision).toEqual({ effect: 'allow', layer: 'identity', policyId: 'policy', statement: 0, sid: 'A' })
  expect(Object.isFrozen(decision)).toBe(true)
  expect(ask(stack, 's3:PutObject', 'arn:aws:s3:::b')).toBe(decision)
})
