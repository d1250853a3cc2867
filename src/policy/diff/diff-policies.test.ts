import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../compile/compile-policy.ts'
import { decide } from '../decide/decide.ts'
import { accountOf } from '../decide/rules.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import { buildContext } from '../request/build-context.ts'
import { contextEntries } from '../request/context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import { principalName } from '../request/principal-name.ts'
import type { ContextValue, Request } from '../request/types.ts'
import type { Policy, PolicyDiff, PolicyKind, PolicyStack } from '../types.ts'
import { diffPolicies } from './diff-policies.ts'

type StatementText = Readonly<Record<string, unknown>>

function policyOf(statements: readonly StatementText[]): Policy<'identity'>
function policyOf(statements: readonly StatementText[], kind: PolicyKind): Policy
function policyOf(statements: readonly StatementText[], kind: PolicyKind = 'identity'): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return parsed.policy
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const denyWithoutMfa = (operator: string): StatementText => ({
  Effect: 'Deny',
  NotAction: ['iam:EnableMFADevice', 'sts:GetSessionToken'],
  Resource: '*',
  Condition: { [operator]: { 'aws:MultiFactorAuthPresent': 'false' } },
})
const allow = (action: unknown, resource: unknown, condition?: unknown): StatementText => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(condition === undefined ? {} : { Condition: condition }),
})

function told(diff: PolicyDiff): unknown[] {
  return diff.witnesses.map(({ request, before, after }) => [
    principalName(request.principal),
    request.action,
    request.resource,
    Object.fromEntries(contextEntries(request.context)),
    `${before.decision.effect} → ${after.decision.effect}`,
  ])
}

const alice = 'arn:aws:iam::123456789012:user/alice'

describe('witnesses', () => {
  test('Bool for BoolIfExists: the request of an access key changes, and no other', () => {
    const diff = diffPolicies(
      [policyOf([denyWithoutMfa('Bool'), everything])],
      [policyOf([denyWithoutMfa('BoolIfExists'), everything])],
    )
    expect(told(diff)).toEqual([[alice, 's3:GetObject', '*', {}, 'allow → explicit-deny']])
    expect(diff.complete).toBe(true)
  })

  test('a user whose name meets another statement is found', () => {
    const own = allow(['iam:A', 'iam:B'], `arn:aws:iam::*:user/\${aws:username}`)
    const deny = { Effect: 'Deny', Action: 'iam:A', Resource: 'arn:aws:iam::*:user/admin' }
    const diff = diffPolicies([policyOf([own])], [policyOf([own, deny])])
    expect(told(diff)).toEqual([
      [
        'arn:aws:iam::123456789012:user/admin',
        'iam:A',
        'arn:aws:iam:::user/admin',
        { 'aws:username': 'admin' },
        'allow → explicit-deny',
      ],
    ])
  })

  test('an action with a rule of its own does not stand for its neighbours', () => {
    // A role's own policy must allow AssumeRole; what else the pattern names, the account's policies allow on both sides.
    const granting = (action: string): Policy =>
      policyOf([{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: action, Resource: '*' }], 'resource')
    const options = { principals: [parsePrincipal(alice)] }
    const diff = diffPolicies([granting('sts:AssumeR*')], [granting('s3:*')], options)
    const actionsOn = (account: string) =>
      diff.witnesses.flatMap(({ request }) => (request.resourceAccountId === account ? request.action : []))
    expect(actionsOn('123456789012')).toEqual([
      'sts:AssumeRole',
      'sts:assumerolewithsaml',
      'sts:assumerolewithwebidentity',
    ])
    // In another account the resource's policy must allow whatever it is.
    expect(actionsOn('999999999999')).toEqual(['s3:GetObject', 'sts:assumer'])
  })

  test.each([
    ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/R'],
    ['kms:Decrypt', 'arn:aws:kms:us-east-1:123456789012:key/k'],
  ])('%s needs the resource’s own policy, which is taken to delegate where it is not compared', (action, resource) => {
    const diff = diffPolicies([policyOf([allow(action, resource)])], [])
    expect(diff.witnesses.map(({ request }) => [request.action, request.resource])).toEqual([[action, resource]])
  })

  test('each action that changes is named', () => {
    const diff = diffPolicies([policyOf([allow(['a:X', 'a:Y', 'a:Z'], '*')])], [policyOf([allow('a:Y', '*')])])
    expect(diff.witnesses.map((witness) => witness.request.action).sort()).toEqual(['a:X', 'a:Z'])
  })

  test('an SCP is compared with everything allowed otherwise, and binds root', () => {
    const condition = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } }
    const scp = policyOf([{ Effect: 'Deny', Action: 'ec2:*', Resource: '*', Condition: condition }], 'scp')
    const root = 'arn:aws:iam::123456789012:root'
    expect(told(diffPolicies([], [scp]))).toEqual([
      [root, 'ec2:RunInstances', '*', { 'aws:principalarn': root }, 'allow → explicit-deny'],
    ])
  })

  test('a trust policy that asks for MFA', () => {
    const trusting = (condition?: unknown): Policy =>
      policyOf(
        [
          {
            Effect: 'Allow',
            Principal: { AWS: alice },
            Action: 'sts:AssumeRole',
            ...(condition === undefined ? {} : { Condition: condition }),
          },
        ],
        'trust',
      )
    const diff = diffPolicies([trusting()], [trusting({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })])
    expect(told(diff)).toEqual([[alice, 'sts:AssumeRole', '*', {}, 'allow → implicit-deny']])
  })

  test('a resource policy that names the account instead of the user, in the account of the user', () => {
    const naming = (aws: string): Policy =>
      policyOf([{ Effect: 'Allow', Principal: { AWS: aws }, Action: 's3:*', Resource: '*' }], 'resource')
    const diff = diffPolicies([naming('arn:aws:iam::111122223333:user/carol')], [naming('111122223333')])
    expect(told(diff)).toContainEqual([
      'arn:aws:iam::111122223333:user/carol',
      's3:GetObject',
      '*',
      {},
      'allow → implicit-deny',
    ])
  })

  test('the order of values counts where one of them is no ARN', () => {
    const when = (values: readonly string[]): Policy =>
      policyOf([allow('*', '*', { ArnLike: { 'aws:PrincipalArn': values } })], 'session')
    const users = 'arn:aws:iam::*:user/*'
    const options = { principals: [parsePrincipal(alice)] }
    const diff = diffPolicies([when([users, 'no-arn'])], [when(['no-arn', users])], options)
    expect(told(diff)).toMatchObject([[alice, 's3:GetObject', '*', {}, 'allow → implicit-deny']])
  })

  test('there are no more than asked for, and the rest is admitted', () => {
    const diff = diffPolicies([policyOf([allow(['a:X', 'a:Y', 'a:Z'], '*')])], [], { witnessesMax: 2 })
    expect(diff.witnesses.length).toBe(2)
    expect(diff.complete).toBe(false)
    expect(diff.notCovered).toEqual(['more than 2 differences; the others are not listed'])
  })
})

describe('no difference', () => {
  const same: readonly (readonly [string, readonly StatementText[], readonly StatementText[]])[] = [
    ['order and splitting', [denyWithoutMfa('BoolIfExists'), everything], [everything, denyWithoutMfa('BoolIfExists')]],
    [
      'two halves of a range',
      [allow('*', '*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
      [allow('*', '*', { IpAddress: { 'aws:SourceIp': ['10.0.0.0/9', '10.128.0.0/9'] } })],
    ],
    ['an action that its neighbour covers', [allow('s3:*', '*')], [allow(['s3:Get*', 's3:*'], '*')]],
    [
      'a Deny in other words',
      [everything, denyWithoutMfa('BoolIfExists')],
      [
        everything,
        denyWithoutMfa('Bool'),
        { ...denyWithoutMfa('Null'), Condition: { Null: { 'aws:MultiFactorAuthPresent': 'true' } } },
      ],
    ],
    [
      'a resource by its parts',
      [allow('s3:*', ['arn:aws:s3:::b/*'])],
      [allow('s3:*', ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/x?'])],
    ],
  ]
  test.each(same)('%s: nothing found, and the search was complete', (_, before, after) => {
    const diff = diffPolicies([policyOf(before)], [policyOf(after)])
    expect(told(diff)).toEqual([])
    expect(diff.notCovered).toEqual([])
    expect(diff.complete).toBe(true)
  })

  test('a search that stops early does not claim it', () => {
    const when = (value: string): StatementText =>
      allow('*', '*', { StringLike: { k1: value, k2: ['a', 'b*'], k3: 'c' } })
    const diff = diffPolicies([policyOf([when('*')])], [policyOf([when('?*')])], { requestsMax: 3 })
    expect(diff.complete).toBe(false)
    expect(diff.notCovered).toEqual(['the search stopped after 3 requests'])
  })

  test('variables in conditions are not claimed to be covered', () => {
    const owner = allow('*', '*', { StringEquals: { 'aws:ResourceTag/owner': `\${aws:username}` } })
    const either = allow('*', '*', { StringEquals: { 'aws:ResourceTag/owner': [`\${aws:username}`, 'zed'] } })
    const diff = diffPolicies([policyOf([owner])], [policyOf([either])])
    expect(diff.witnesses.length).toBeGreaterThan(0)
    expect(diff.complete).toBe(false)
  })
})

// ------------------------------------------------------------------------------------------------------ against brute force

const conditions = [
  undefined,
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  { Null: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringLike: { k: ['a*', 'b'] } },
  { StringNotEquals: { k: 'ab' } },
  { StringEqualsIgnoreCase: { k: 'AB' } },
  { NumericLessThan: { n: '10' } },
  { NumericGreaterThanEqualsIfExists: { n: ['5', '20'] } },
  { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:user/*' } },
  { 'ForAnyValue:StringEquals': { tags: ['x', 'y'] } },
  { 'ForAllValues:StringEquals': { tags: ['x'] } },
]
const plainStatement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Action: fc.constantFrom('*', 's3:*', 's3:Get*', 's3:GetObject', ['s3:PutObject', 'iam:*'], 'iam:?etUser'),
  Resource: fc.constantFrom(
    '*',
    'arn:aws:s3:::a/*',
    'arn:aws:s3:::a/b',
    'arn:aws:s3:::*/b',
    `arn:aws:s3:::a/\${aws:username}`,
    'arn:aws:s3:*:b',
    'arn:aws:s3:*a:*:b',
  ),
  Condition: fc.constantFrom(...conditions),
})
const anyStatement = fc.tuple(plainStatement, fc.integer({ max: 5, min: 0 })).map(([{ Resource, ...rest }, number]) => {
  return number === 0 && Resource !== '*' ? { ...rest, NotResource: Resource } : { ...rest, Resource }
})
const anyPolicy = fc.array(anyStatement, { minLength: 1, maxLength: 3 })

const actions = [
  's3:GetObject',
  's3:GetTags',
  's3:PutObject',
  's3:Zap',
  'iam:GetUser',
  'iam:SetUser',
  'iam:Zap',
  'ec2:Zap',
]
const resources = [
  '*',
  'arn:aws:s3:::a/b',
  'arn:aws:s3:::a/c',
  'arn:aws:s3:::c/b',
  'arn:aws:s3:::c/c',
  'arn:aws:s3:::a/x/b',
  'arn:aws:s3:::a:b',
  'arn:aws:s3:a:x:b',
  'arn:aws:s3:x:a:y:b',
]
const grid: readonly (readonly [string, readonly (ContextValue | undefined)[]])[] = [
  ['aws:multifactorauthpresent', [undefined, 'true', 'false']],
  ['k', [undefined, 'ab', 'AB', 'az', 'z']],
  ['n', [undefined, '1', '5', '10', '20']],
  ['aws:principalarn', [alice, 'arn:aws:iam::111111111111:user/a', 'arn:aws:iam::111111111111:role/a']],
  ['tags', [undefined, ['x'], ['x', 'y'], ['z']]],
  ['aws:username', [undefined, 'b', 'nobody']],
]

function* contexts(keys: ReadonlySet<string>, from = 0): Generator<readonly (readonly [string, ContextValue])[]> {
  const [key, values] = grid[from] ?? []
  if (key === undefined || values === undefined) {
    yield []
    return
  }
  for (const value of keys.has(key) ? values : [undefined]) {
    for (const rest of contexts(keys, from + 1)) yield value === undefined ? rest : [[key, value], ...rest]
  }
}

function bruteForce(before: PolicyStack, after: PolicyStack, text: string): Request | undefined {
  const keys = new Set(
    grid
      .map(([key]) => key)
      .filter((key) => text.toLowerCase().includes(key === 'k' || key === 'n' ? `"${key}"` : key)),
  )
  const principal = parsePrincipal(alice)
  for (const context of contexts(keys)) {
    for (const action of actions) {
      for (const resource of resources) {
        const request: Request = { principal, action, resource, context: buildContext(context) }
        if ((decide(before, request).effect === 'allow') !== (decide(after, request).effect === 'allow')) return request
      }
    }
  }
  return undefined
}

type Change = (left: readonly StatementText[], right: readonly StatementText[]) => readonly StatementText[]

/** Unrelated documents nearly always differ, so most pairs are a document and a small change of it. */
const changes: readonly Change[] = [
  (_, right) => right,
  (left, right) => [...left.slice(1), ...right.slice(0, 1)],
  (left, right) => [...left, ...right.slice(0, 1)],
  (left) => (left.length > 1 ? left.slice(1) : left),
  (left) => [...left, ...left].reverse(),
  ([first, ...rest]) => [{ ...first, Effect: first?.['Effect'] === 'Allow' ? 'Deny' : 'Allow' }, ...rest],
]

test('against brute force: each witness flips, and a complete search misses nothing', () => {
  const seen = { differing: 0, equal: 0 }
  fc.assert(
    fc.property(anyPolicy, anyPolicy, fc.constantFrom(...changes), (left, right, change) => {
      const before = policyOf(left)
      const after = policyOf(change(left, right))
      // Where both only deny, they are compared beside a policy that allows.
      const allows = [...before.statements, ...after.statements].some((statement) => statement.effect === 'Allow')
      const beside = allows ? [] : [compilePolicy(policyOf([everything]))]
      const from: PolicyStack = { identity: [compilePolicy(before), ...beside], scps: [], rcps: [] }
      const to: PolicyStack = { identity: [compilePolicy(after), ...beside], scps: [], rcps: [] }
      const diff = diffPolicies([before], [after], { witnessesMax: 4 })
      for (const witness of diff.witnesses) {
        const allowed = [from, to].map((stack) => decide(stack, witness.request).effect === 'allow')
        expect(allowed[0]).not.toBe(allowed[1])
        expect([witness.before, witness.after].map(({ decision }) => decision.effect === 'allow')).toEqual(allowed)
      }
      if (diff.witnesses.length > 0) {
        seen.differing++
        return
      }
      expect(diff.notCovered).toEqual([])
      expect(bruteForce(from, to, JSON.stringify([left, right]))).toBeUndefined()
      seen.equal++
    }),
    { numRuns: 150 },
  )
  // About 110 and 40 are usual.
  expect(seen.differing).toBeGreaterThan(60)
  expect(seen.equal).toBeGreaterThan(15)
})

describe('callers who are named in several ways at once', () => {
  const account = '123456789012'
  const session = `arn:aws:sts::${account}:assumed-role/R/S`
  const user = `arn:aws:iam::${account}:user/alice`
  const on = { Action: 's3:*', Resource: 'arn:aws:s3:::b/*' }
  const canonical = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
  test.each<[what: string, allowed: object, denied: object]>([
    ['a session of a role with a path', { AWS: session }, { AWS: `arn:aws:iam::${account}:role/p/R` }],
    ['a session of who came by a provider', { AWS: session }, { Federated: 'accounts.google.com' }],
    ['a user of an account with a canonical id', { AWS: user }, { CanonicalUser: canonical }],
  ])('%s', (_, allowed, denied) => {
    const allow = { Effect: 'Allow', Principal: allowed, ...on }
    const before = policyOf([allow], 'resource')
    const after = policyOf([allow, { Effect: 'Deny', Principal: denied, ...on }], 'resource')
    const { witnesses } = diffPolicies([before], [after])
    expect(witnesses[0]?.before.decision.effect).toBe('allow')
    expect(witnesses[0]?.after.decision.effect).toBe('explicit-deny')
    expect(diffPolicies([after], [after])).toMatchObject({ witnesses: [], complete: true })
  })

  test('a caller of the example account, and a resource of another one', () => {
    const open = (...accounts: string[]) =>
      policyOf([{ Effect: 'Allow', Principal: { AWS: accounts }, ...on }], 'resource')
    const { witnesses } = diffPolicies([open('999999999999')], [open('999999999999', account)])
    const found = witnesses.map(({ request }) => [accountOf(request.principal), request.resourceAccountId])
    expect(found).toContainEqual([account, '999999999999'])
  })

  test('more than can be combined is not covered', () => {
    const list = (make: (n: number) => string) => Array.from({ length: 60 }, (_, n) => make(n))
    const Principal = {
      AWS: list((n) => `arn:aws:sts::${account}:assumed-role/R/S${n}`),
      Federated: list((n) => `idp${n}.example.com`),
    }
    const before = policyOf([{ Effect: 'Allow', Principal, ...on }], 'resource')
    const diff = diffPolicies([before], [policyOf([{ Effect: 'Deny', Principal: '*', ...on }], 'resource')])
    expect(diff.complete).toBe(false)
    expect(diff.notCovered).toContain('not all combinations of roles, providers and canonical ids were tried')
  })
})

test('stars side by side are one, so that a run of them costs no more', () => {
  const like = (end: string) => policyOf([allow('s3:*', `arn:aws:s3:::${'*'.repeat(9_000)}${end}`)])
  const diff = diffPolicies([like('a')], [like('b')])
  expect(diff.complete).toBe(true)
  expect(diff.witnesses).toHaveLength(2)
})
