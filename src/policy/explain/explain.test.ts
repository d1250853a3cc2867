import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePolicy, compileUnreadable } from '../compile/compile-policy.ts'
import { decide } from '../decide/decide.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type {
  Change,
  CompiledPolicy,
  ContextValue,
  Explanation,
  Layer,
  Policy,
  PolicyKind,
  PolicyStack,
  Principal,
  Request,
} from '../types.ts'
import { explain } from './explain.ts'

const account = '123456789012'
const alice: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/alice`, accountId: account }
const root: Principal = { kind: 'root', arn: `arn:aws:iam::${account}:root`, accountId: account }

function parse(kind: PolicyKind, statements: readonly object[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return parsed.policy
}

function compile(kind: PolicyKind, id: string, ...statements: object[]): CompiledPolicy {
  return compilePolicy(parse(kind, statements), id)
}

function toRequest(request: Partial<Request>, context: Record<string, ContextValue> = {}): Request {
  return {
    principal: alice,
    action: 'iam:CreateUser',
    resource: '*',
    context: new Map(Object.entries(context)),
    ...request,
  }
}

const everything = { Action: '*', Resource: '*' }
const admin = compile('identity', 'Admin', { Effect: 'Allow', ...everything })
const denyWithoutMfa = compile('identity', 'DenyWithoutMFA', {
  Sid: 'DenyAllExceptListedIfNoMFA',
  Effect: 'Deny',
  NotAction: ['iam:EnableMFADevice', 'sts:GetSessionToken'],
  Resource: '*',
  Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
})
const fullScp = compile('scp', 'FullAWSAccess', { Effect: 'Allow', ...everything })
const bare: PolicyStack = { identity: [], scps: [], rcps: [] }

describe('why each statement matched or not', () => {
  const policy = compile(
    'identity',
    'p',
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Allow', Action: 'iam:*', Resource: 'arn:aws:iam::*:user/bob' },
    { Effect: 'Allow', Action: 'iam:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    {
      Effect: 'Allow',
      Action: 'iam:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': ['red', 'blue'] } },
    },
    { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' },
    { Effect: 'Deny', Action: 'iam:*', NotResource: 'arn:aws:iam::*:user/alice' },
    {
      Effect: 'Allow',
      Action: 'iam:CreateUser',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  )
  const request = toRequest({ resource: alice.arn }, { 'aws:securetransport': 'false' })
  const [, layer] = explain({ ...bare, identity: [policy] }, request).layers

  test.each<[index: number, matched: boolean, why: string]>([
    [0, false, 'no Action matches iam:CreateUser'],
    [1, false, `no Resource matches ${alice.arn}`],
    [2, false, 'the condition Bool aws:SecureTransport "true" does not hold: the request has "false"'],
    [
      3,
      false,
      'the condition StringEquals aws:PrincipalTag/team ["red","blue"] does not hold: the request has no aws:PrincipalTag/team',
    ],
    [4, false, 'NotAction exempts iam:CreateUser'],
    [5, false, `NotResource exempts ${alice.arn}`],
    [6, true, 'allows iam:CreateUser: Bool aws:SecureTransport "false" (the request has "false")'],
  ])('statement %i', (index, matched, why) => {
    expect(layer?.statements[index]).toMatchObject({ policyId: 'p', statement: index, matched, why })
  })

  test('a condition carries what was expected, and what the request has', () => {
    const conditions = layer?.statements.slice(2, 4).flatMap((statement) => statement.conditions)
    expect(conditions).toMatchObject([
      { operator: 'Bool', key: 'aws:SecureTransport', expected: ['true'], actual: 'false', matched: false },
      { operator: 'StringEquals', key: 'aws:PrincipalTag/team', expected: ['red', 'blue'], matched: false },
    ])
    expect(conditions?.[1]).not.toHaveProperty('actual')
  })
})

describe('what would allow', () => {
  test('nothing allows: the narrowest statement', () => {
    const { obstacles, remedy, forbiddenBy } = explain(bare, toRequest({ resource: 'arn:aws:iam::1:user/b' }))
    expect(obstacles).toMatchObject([{ layer: 'identity', forbids: false }])
    expect(remedy).toMatchObject([
      {
        kind: 'add-statement',
        layer: 'identity',
        statement: '{"Effect":"Allow","Action":"iam:CreateUser","Resource":"arn:aws:iam::1:user/b"}',
      },
    ])
    expect(forbiddenBy).toEqual([])
  })

  test('DenyWithoutMFA: sign in with MFA, or exempt the action', () => {
    const explanation = explain({ ...bare, identity: [denyWithoutMfa, admin] }, toRequest({}))
    expect(explanation.obstacles).toMatchObject([
      {
        layer: 'identity',
        policyId: 'DenyWithoutMFA',
        sid: 'DenyAllExceptListedIfNoMFA',
        changes: [
          { kind: 'context', context: [['aws:multifactorauthpresent', 'true']] },
          { kind: 'narrow-deny', text: expect.stringContaining('add iam:CreateUser to NotAction') },
        ],
      },
    ])
    expect(explanation.remedy).toMatchObject([{ kind: 'context' }])
  })

  test('an Allow under conditions: the values that it asks for', () => {
    const policy = compile('identity', 'p', {
      Effect: 'Allow',
      ...everything,
      Condition: {
        StringLike: { 'aws:RequestedRegion': 'eu-*' },
        NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
        IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
      },
    })
    const [change] = explain({ ...bare, identity: [policy] }, toRequest({}, { 'aws:sourceip': '203.0.113.9' })).remedy
    expect(change).toMatchObject({
      kind: 'context',
      context: [
        ['aws:requestedregion', 'eu-x'],
        ['aws:multifactorauthage', '3599'],
      ],
    })
  })

  test('who the caller is cannot be changed', () => {
    const policy = compile('identity', 'p', {
      Effect: 'Allow',
      ...everything,
      Condition: { StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::1:user/other' } },
    })
    expect(explain({ ...bare, identity: [policy] }, toRequest({})).remedy).toMatchObject([{ kind: 'add-statement' }])
  })

  test.each<[rule: string, stack: PolicyStack, forbiddenBy: Layer[]]>([
    [
      'an SCP that denies',
      { ...bare, identity: [admin], scps: [[fullScp, compile('scp', 's', { Effect: 'Deny', ...everything })]] },
      ['scp'],
    ],
    ['an SCP that does not allow', { ...bare, identity: [admin], scps: [[fullScp], []] }, ['scp']],
    [
      'a boundary that does not allow',
      {
        ...bare,
        identity: [admin],
        boundary: compile('boundary', 'b', { Effect: 'Allow', Action: 's3:*', Resource: '*' }),
      },
      ['boundary'],
    ],
    ['a policy that cannot be read', { ...bare, identity: [admin, compileUnreadable('x')] }, ['unreadable']],
  ])('%s forbids, whatever else is changed', (_rule, stack, forbiddenBy) => {
    const explanation = explain(stack, toRequest({}))
    expect(explanation.forbiddenBy).toEqual(forbiddenBy)
    expect(explanation.remedy).toEqual([])
  })

  test('an SCP that denies root by its ARN leaves nothing to do; one that asks for a region does', () => {
    const byArn = compile('scp', 's', {
      Effect: 'Deny',
      ...everything,
      Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } },
    })
    const byRegion = compile('scp', 's', {
      Effect: 'Deny',
      ...everything,
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    })
    const request = toRequest({ principal: root }, { 'aws:principalarn': root.arn, 'aws:requestedregion': 'us-east-1' })
    expect(explain({ ...bare, scps: [[fullScp, byArn]] }, request).forbiddenBy).toEqual(['scp'])
    expect(explain({ ...bare, scps: [[fullScp, byRegion]] }, request)).toMatchObject({
      forbiddenBy: [],
      remedy: [{ context: [['aws:requestedregion', 'eu-west-1']] }],
    })
  })

  test('changes that get in each other’s way are not proposed together', () => {
    const stack = {
      ...bare,
      identity: [
        compile('identity', 'p', {
          Effect: 'Deny',
          ...everything,
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
        compile('identity', 'q', {
          Effect: 'Allow',
          ...everything,
          Condition: { StringEquals: { 'aws:SecureTransport': 'true', 'aws:x': 'y' } },
        }),
      ],
    }
    const { remedy } = explain(stack, toRequest({}, { 'aws:securetransport': 'true' }))
    expect(remedy.map(({ kind }) => kind)).toEqual(['context', 'add-statement'])
  })
})

// -------------------------------------------------------------------------------------- generated stacks and requests

const condition = fc.option(
  fc.oneof(
    fc.constantFrom('Bool', 'BoolIfExists').map((name) => ({ [name]: { 'aws:MultiFactorAuthPresent': 'false' } })),
    fc
      .constantFrom('StringEquals', 'StringNotEquals')
      .map((name) => ({ [name]: { 'aws:RequestedRegion': ['eu-west-1', 'eu-*'] } })),
    fc.constant({
      NumericGreaterThan: { 'aws:MultiFactorAuthAge': 3600 },
      Null: { 'aws:MultiFactorAuthPresent': 'false' },
    }),
    fc.constant({
      'ForAllValues:StringLike': { 'aws:TagKeys': ['a*'] },
      StringEquals: { 'aws:PrincipalArn': alice.arn },
    }),
  ),
)
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Action: fc.constantFrom('*', 's3:*', 'sts:AssumeRole', 'iam:Get*'),
    Resource: fc.constantFrom('*', 'arn:aws:s3:::b/*', 'arn:aws:iam::*:user/a'),
    Condition: condition,
  })
  .map(({ Condition, ...rest }) => ({ ...rest, ...(Condition && { Condition }) }))
const principalElement = fc.constantFrom(
  '*',
  { AWS: alice.arn },
  { AWS: account },
  { AWS: 'arn:aws:iam::123456789012:role/R' },
  { AWS: '999999999999' },
)

interface Documents {
  readonly identity: readonly (readonly object[])[]
  readonly boundary: readonly object[] | null
  readonly session: readonly object[] | null
  readonly scps: readonly (readonly object[])[]
  readonly resource: readonly object[] | null
}

const statements = fc.array(statement, { minLength: 1, maxLength: 4 })
const documents: fc.Arbitrary<Documents> = fc.record({
  identity: fc.array(statements, { maxLength: 3 }),
  boundary: fc.option(statements),
  session: fc.option(statements, { freq: 1 }),
  scps: fc.array(statements, { maxLength: 2 }),
  resource: fc.option(
    fc.array(
      fc.tuple(statement, principalElement).map(([one, Principal]) => ({ ...one, Principal })),
      { minLength: 1, maxLength: 3 },
    ),
  ),
})

function toStack({ identity, boundary, session, scps, resource }: Documents): PolicyStack {
  return {
    identity: identity.map((list, index) => compile('identity', `identity-${index}`, ...list)),
    ...(boundary && { boundary: compile('boundary', 'boundary', ...boundary) }),
    ...(session && { session: [compile('session', 'session-0', ...session)] }),
    scps: scps.map((list, index) => [compile('scp', `scp-${index}`, ...list)]),
    rcps: [],
    ...(resource && { resource: compile('resource', 'resource', ...resource) }),
  }
}

const session: Principal = {
  kind: 'role-session',
  arn: `arn:aws:sts::${account}:assumed-role/R/S`,
  roleArn: `arn:aws:iam::${account}:role/R`,
  accountId: account,
}
const federated: Principal = {
  kind: 'federated-user',
  arn: `arn:aws:sts::${account}:federated-user/f`,
  accountId: account,
}
const anonymous: Principal = { kind: 'anonymous', arn: '' }

const request: fc.Arbitrary<Request> = fc
  .record({
    principal: fc.constantFrom(alice, alice, root, session, federated, anonymous),
    action: fc.constantFrom('s3:GetObject', 'sts:AssumeRole', 'iam:GetUser', 'sts:GetCallerIdentity'),
    resource: fc.constantFrom('*', 'arn:aws:s3:::b/k', 'arn:aws:iam::123456789012:user/a'),
    resourceAccountId: fc.constantFrom(account, account, '999999999999'),
    mfa: fc.constantFrom(undefined, 'true', 'false'),
    region: fc.constantFrom(undefined, 'eu-west-1', 'us-east-1'),
    tags: fc.constantFrom(undefined, ['a', 'b'], []),
  })
  .map(({ mfa, region, tags, ...rest }) => {
    const context = new Map<string, ContextValue>([['aws:principalarn', rest.principal.arn]])
    if (mfa !== undefined) context.set('aws:multifactorauthpresent', mfa)
    if (region !== undefined) context.set('aws:requestedregion', region)
    if (tags !== undefined) context.set('aws:tagkeys', tags)
    return { ...rest, context }
  })

/** What the layers, as explained, come to. */
function effectOf({ layers, obstacles }: Explanation): string {
  if (layers.some(({ outcome }) => outcome === 'explicit-deny')) return 'explicit-deny'
  return obstacles.length > 0 ? 'implicit-deny' : 'allow'
}

test('explain comes to the decision of decide, from its own walk over the statements', () => {
  fc.assert(
    fc.property(documents, request, (given, asked) => {
      const stack = toStack(given)
      const decision = decide(stack, asked)
      const explanation = explain(stack, asked)
      expect(explanation.decision).toBe(decision)
      expect(effectOf(explanation)).toBe(decision.effect)
      const layers = explanation.layers.filter(({ layer }) => layer === decision.layer)
      const outcomes = layers.map(({ outcome }) => outcome)
      if (decision.layer === 'session' && decision.effect === 'implicit-deny' && stack.session === undefined) return
      expect(outcomes).toContain(decision.effect)
      if (decision.statement === undefined) return
      const named = layers
        .flatMap((layer) => layer.statements)
        .find(({ policyId, statement: index }) => policyId === decision.policyId && index === decision.statement)
      expect(named).toMatchObject({ matched: true, effect: decision.effect === 'allow' ? 'Allow' : 'Deny' })
    }),
    { numRuns: 1_500 },
  )
})

test('the remedy, carried out on the documents, allows', () => {
  let carriedOut = 0
  fc.assert(
    fc.property(documents, request, (given, asked) => {
      const { decision, remedy, forbiddenBy } = explain(toStack(given), asked)
      if (decision.effect === 'allow') return
      if (remedy.length === 0) {
        expect(forbiddenBy.length).toBeGreaterThan(0)
        return
      }
      carriedOut++
      const changed = carryOut(given, asked, remedy)
      expect(decide(toStack(changed.documents), changed.request).effect).toBe('allow')
    }),
    { numRuns: 1_500 },
  )
  expect(carriedOut).toBeGreaterThan(300)
})

function carryOut(given: Documents, asked: Request, remedy: readonly Change[]) {
  const context = new Map(asked.context as ReadonlyMap<string, ContextValue>) // the generator makes maps
  const lists = {
    identity: given.identity.map((list) => [...list]),
    scps: given.scps.map((list) => [...list]),
    boundary: given.boundary === null ? null : [...given.boundary],
    session: given.session === null ? null : [...given.session],
    resource: given.resource === null ? null : [...given.resource],
  }
  /** The statements of a change's policy; narrowed ones are made to deny nothing, so that indexes stay. */
  const find = (change: Change): object[] => {
    const index = Number(change.kind === 'add-statement' ? 0 : (/\d+$/.exec(change.policyId ?? '')?.[0] ?? 0))
    if (change.layer === 'scp') return lists.scps[change.level ?? 0] ?? []
    if (change.layer === 'identity') {
      if (lists.identity.length === 0) lists.identity.push([])
      return lists.identity[index] ?? []
    }
    const layer = change.layer as 'boundary' | 'session' | 'resource' // the others are not generated
    lists[layer] ??= []
    return lists[layer]
  }
  for (const change of remedy) {
    if (change.kind === 'context') {
      for (const [key, value] of change.context) {
        if (value === undefined) context.delete(key)
        else context.set(key, value)
      }
    } else if (change.kind === 'add-statement') {
      find(change).push(JSON.parse(change.statement))
    } else {
      const list = find(change)
      const narrowed = list[change.statementIndex] as { Principal?: unknown }
      list[change.statementIndex] = { ...narrowed, Action: 'none:None' }
    }
  }
  return { documents: lists as Documents, request: { ...asked, context } }
}
