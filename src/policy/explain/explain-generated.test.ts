/** Generated stacks and requests: explain against decide, and its remedies carried out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePolicy } from '../compile/compile-policy.ts'
import { decide } from '../decide/decide.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import { buildContext } from '../request/build-context.ts'
import { contextEntries } from '../request/context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import { principalName } from '../request/principal-name.ts'
import type { ContextValue, Request } from '../request/types.ts'
import type { Change, CompiledPolicy, Explanation, PolicyKind, PolicyStack } from '../types.ts'
import { explain } from './explain.ts'

const account = '123456789012'
const aliceArn = `arn:aws:iam::${account}:user/alice`
const alice = parsePrincipal(aliceArn)
const root = parsePrincipal(`arn:aws:iam::${account}:root`)

function compile<Kind extends PolicyKind>(kind: Kind, id: string, ...statements: object[]): CompiledPolicy<Kind> {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return compilePolicy(parsed.policy, id)
}

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
      StringEquals: { 'aws:PrincipalArn': aliceArn },
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
  { AWS: aliceArn },
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

const session = parsePrincipal(`arn:aws:sts::${account}:assumed-role/R/S`, {
  roleArn: `arn:aws:iam::${account}:role/R`,
})
const federated = parsePrincipal(`arn:aws:sts::${account}:federated-user/f`)
const anonymous = parsePrincipal('*')

const request: fc.Arbitrary<Request> = fc
  .record({
    principal: fc.constantFrom(alice, alice, root, session, federated, anonymous),
    action: fc.constantFrom('s3:GetObject', 'sts:AssumeRole', 'iam:GetUser', 'sts:GetCallerIdentity'),
    resource: fc.constantFrom(
      '*',
      'arn:aws:s3:::b/k',
      'arn:aws:iam::123456789012:user/a',
      'arn:aws:iam::999999999999:user/a',
    ),
    given: fc.constantFrom(undefined, account, account, '999999999999'),
    mfa: fc.constantFrom(undefined, 'true', 'false'),
    region: fc.constantFrom(undefined, 'eu-west-1', 'us-east-1'),
    tags: fc.constantFrom(undefined, ['a', 'b'], []),
  })
  .map(({ mfa, region, tags, given, ...rest }) => {
    const context = new Map<string, ContextValue>([['aws:principalarn', principalName(rest.principal)]])
    if (mfa !== undefined) context.set('aws:multifactorauthpresent', mfa)
    if (region !== undefined) context.set('aws:requestedregion', region)
    if (tags !== undefined) context.set('aws:tagkeys', tags)
    const contradicts = given !== undefined && /:\d{12}:/.test(rest.resource) && !rest.resource.includes(given)
    const account = given === undefined || contradicts ? {} : { resourceAccountId: given }
    return { ...rest, ...account, context: buildContext(context) }
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
  const context = new Map(contextEntries(asked.context))
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
  return { documents: lists as Documents, request: { ...asked, context: buildContext(context) } }
}
