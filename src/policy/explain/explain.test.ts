import { describe, expect, test } from 'vitest'
import { compilePolicy, compileUnreadable } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import { buildContext } from '../request/build-context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import type { ContextValue, Request } from '../request/types.ts'
import type { CompiledPolicy, Layer, Policy, PolicyKind, PolicyStack } from '../types.ts'
import { explain } from './explain.ts'

const account = '123456789012'
const aliceArn = `arn:aws:iam::${account}:user/alice`
const alice = parsePrincipal(aliceArn)
const rootArn = `arn:aws:iam::${account}:root`
const root = parsePrincipal(rootArn)

function parse<Kind extends PolicyKind>(kind: Kind, statements: readonly object[]): Policy<Kind> {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return parsed.policy
}

function compile<Kind extends PolicyKind>(kind: Kind, id: string, ...statements: object[]): CompiledPolicy<Kind> {
  return compilePolicy(parse(kind, statements), id)
}

function toRequest(request: Partial<Request>, context: Record<string, ContextValue> = {}): Request {
  return {
    principal: alice,
    action: 'iam:CreateUser',
    resource: '*',
    context: buildContext(Object.entries(context)),
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
  const request = toRequest({ resource: aliceArn }, { 'aws:securetransport': 'false' })
  const [, layer] = explain({ ...bare, identity: [policy] }, request).layers

  test.each<[index: number, matched: boolean, why: string]>([
    [0, false, 'no Action matches iam:CreateUser'],
    [1, false, `no Resource matches ${aliceArn}`],
    [2, false, 'the condition Bool aws:SecureTransport "true" does not hold: the request has "false"'],
    [
      3,
      false,
      'the condition StringEquals aws:PrincipalTag/team ["red","blue"] does not hold: the request has no aws:PrincipalTag/team',
    ],
    [4, false, 'NotAction exempts iam:CreateUser'],
    [5, false, `NotResource exempts ${aliceArn}`],
    [6, true, 'allows iam:CreateUser: Bool aws:SecureTransport "false" (the request has "false")'],
  ])('statement %i', (index, matched, why) => {
    expect(layer?.statements[index]).toMatchObject({ policyId: 'p', statement: index, matched, why })
  })

  test('a multivalued key under an operator without set qualifier', () => {
    const byTag = compile('identity', 'p', {
      Effect: 'Allow',
      ...everything,
      Condition: { StringEquals: { 'aws:TagKeys': 'team' } },
    })
    const tagged = toRequest({}, { 'aws:TagKeys': 'team' })
    const { layers, remedy } = explain({ ...bare, identity: [byTag] }, tagged)
    expect(layers[1]?.statements[0]?.why).toBe(
      'the condition StringEquals aws:TagKeys "team" does not hold: the request has "team", and only ForAnyValue and ForAllValues match a multivalued key',
    )
    // No value of the key would do.
    expect(remedy).toMatchObject([{ kind: 'add-statement' }])
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
    [
      'a policy that cannot be read',
      { ...bare, identity: [admin, compileUnreadable('x', 'identity')] },
      ['unreadable'],
    ],
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
    const request = toRequest({ principal: root }, { 'aws:principalarn': rootArn, 'aws:requestedregion': 'us-east-1' })
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
