/** What has to hold of any decision, whatever the policies say. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { buildContext, decide, explain, parsePolicy, parsePrincipal } from '../../src/policy/index.ts'
import type { Decision } from '../../src/policy/types.ts'
import { compileStack, toRequest } from './compare.ts'
import {
  Dice,
  makeRcpStatement,
  makeRequest,
  makeResourceStatement,
  makeSessionStatement,
  makeStack,
  makeStatement,
  rcpFullAccess,
} from './generate.ts'
import {
  type DocumentJson,
  decideByTheBook,
  type NamedDocument,
  type RequestJson,
  type StackJson,
  type StatementJson,
  unreadable,
} from './reference.ts'

vi.setConfig({ testTimeout: 120_000 })

const stacks = 500
const requestsPerStack = 5

/** Decides generated requests before and after `change`; `change` returns undefined where it has nothing to change. */
function forChanged(
  change: (stack: StackJson, dice: Dice) => StackJson | undefined,
  check: (before: Decision, after: Decision) => boolean,
): void {
  let tried = 0
  for (let seed = 1; seed <= stacks; seed++) {
    const dice = new Dice(seed)
    const generated = makeStack(dice)
    const changed = change(generated.stack, dice)
    if (changed === undefined) continue
    tried++
    const before = compileStack(generated.stack)
    const after = compileStack(changed)
    for (let index = 0; index < requestsPerStack; index++) {
      const request = makeRequest(dice, generated)
      const decisions = [decide(before, toRequest(request)), decide(after, toRequest(request))] as const
      if (!check(...decisions)) {
        expect.fail(JSON.stringify({ seed, decisions, before: generated.stack, after: changed, request }, null, 1))
      }
    }
  }
  expect(tried).toBeGreaterThan(stacks / 20)
}

const onlyTakesAway = (before: Decision, after: Decision) => after.effect !== 'allow' || before.effect === 'allow'
const onlyGrants = (before: Decision, after: Decision) =>
  (before.effect !== 'allow' || after.effect === 'allow') &&
  (after.effect !== 'explicit-deny' || before.effect === 'explicit-deny')

function added(document: DocumentJson): NamedDocument {
  return { id: 'added', document }
}

function documentOf(statement: StatementJson): DocumentJson {
  return { Version: '2012-10-17', Statement: [statement] }
}

/** Puts one more statement into a layer that the stack has. */
function addStatement(stack: StackJson, dice: Dice, effect: 'Allow' | 'Deny'): StackJson | undefined {
  const plain = added(documentOf({ ...makeStatement(dice, 0), Effect: effect }))
  const forSession = added(documentOf({ ...makeSessionStatement(dice, 0), Effect: effect }))
  const { NotPrincipal: _except, ...named } = makeResourceStatement(dice)
  const forResource: StatementJson = { ...named, Principal: named.Principal ?? '*', Effect: effect }
  const withOneMore = (levels: StackJson['scps'], document: NamedDocument) => {
    const chosen = dice.below(levels.length)
    return levels.map((level, index) => (index === chosen ? [...level, document] : level))
  }
  switch (dice.pick(['identity', 'session', 'scps', 'rcps', 'resource'] as const)) {
    case 'identity':
      return stack.identity.length === 0 ? undefined : { ...stack, identity: [plain, ...stack.identity] }
    case 'session':
      return stack.session && { ...stack, session: [...stack.session, forSession] }
    case 'scps':
      return stack.scps.length === 0 ? undefined : { ...stack, scps: withOneMore(stack.scps, plain) }
    case 'rcps': {
      const rcp = effect === 'Deny' ? documentOf(makeRcpStatement(dice)) : rcpFullAccess
      return stack.rcps.length === 0 ? undefined : { ...stack, rcps: withOneMore(stack.rcps, added(rcp)) }
    }
    case 'resource': {
      const { resource } = stack
      if (resource === undefined || resource.document === unreadable || resource.kind === 'trust') return undefined
      const Statement = [...resource.document.Statement, forResource]
      return { ...stack, resource: { ...resource, document: { ...resource.document, Statement } } }
    }
  }
}

describe('monotony', () => {
  test('a Deny added never allows', () => {
    forChanged((stack, dice) => addStatement(stack, dice, 'Deny'), onlyTakesAway)
  })

  test('an Allow added never denies', () => {
    forChanged((stack, dice) => addStatement(stack, dice, 'Allow'), onlyGrants)
  })

  test('a permissions boundary only takes away', () => {
    forChanged((stack, dice) => {
      const boundary = added(documentOf(makeStatement(dice, 20)))
      return stack.identity.length === 0 || stack.boundary ? undefined : { ...stack, boundary }
    }, onlyTakesAway)
  })

  test('a session policy only takes away from a session without one', () => {
    forChanged(
      (stack, dice) => {
        if (stack.session || stack.identity.length === 0) return undefined
        return { ...stack, session: [added(documentOf(makeSessionStatement(dice, 20)))] }
        // A federated user without a session policy may do nothing: for those alone a session policy opens something.
      },
      (before, after) => before.layer === 'session' || onlyTakesAway(before, after),
    )
  })

  test('one more level of SCPs only takes away', () => {
    forChanged(
      (stack, dice) => ({ ...stack, scps: [...stack.scps, [added(documentOf(makeStatement(dice, 40)))]] }),
      onlyTakesAway,
    )
  })

  test('one more level of RCPs only takes away', () => {
    forChanged(
      (stack, dice) => ({ ...stack, rcps: [[added(documentOf(makeRcpStatement(dice)))], ...stack.rcps] }),
      onlyTakesAway,
    )
  })
})

function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  const left = [...items]
  const result: T[] = []
  while (left.length > 0) result.push(...left.splice(dice.below(left.length), 1))
  return result
}

/** The same, said in another order and partly twice. */
function rearranged(stack: StackJson, dice: Dice): StackJson {
  const values = (value: string | readonly string[]) =>
    typeof value === 'string' ? [value] : shuffled([...value, ...value.slice(0, 1)], dice)
  const statement = (given: StatementJson): StatementJson => ({
    ...given,
    ...(given.Action === undefined ? {} : { Action: values(given.Action) }),
    ...(given.NotAction === undefined ? {} : { NotAction: values(given.NotAction) }),
    ...(given.Resource === undefined ? {} : { Resource: values(given.Resource) }),
    ...(given.NotResource === undefined ? {} : { NotResource: values(given.NotResource) }),
    ...(given.Condition === undefined
      ? {}
      : { Condition: Object.fromEntries(shuffled(Object.entries(given.Condition), dice)) }),
  })
  const one = <T extends NamedDocument>(named: T): T => {
    if (named.document === unreadable) return named
    const statements = shuffled([...named.document.Statement, ...named.document.Statement.slice(-1)], dice)
    return { ...named, document: { ...named.document, Statement: statements.map(statement) } }
  }
  const all = (documents: readonly NamedDocument[]) => shuffled([...documents, ...documents.slice(0, 1)], dice).map(one)
  return {
    ...stack,
    identity: all(stack.identity),
    scps: shuffled([...stack.scps, ...stack.scps.slice(0, 1)], dice).map(all),
    rcps: shuffled([...stack.rcps, ...stack.rcps.slice(0, 1)], dice).map(all),
    ...(stack.boundary ? { boundary: one(stack.boundary) } : {}),
    ...(stack.session ? { session: all(stack.session) } : {}),
    ...(stack.resource ? { resource: one(stack.resource) } : {}),
  }
}

test('order and duplication change nothing', () => {
  forChanged(rearranged, (before, after) => before.effect === after.effect)
})

test('explain comes to the decision of decide', () => {
  for (let seed = 1; seed <= stacks; seed++) {
    const dice = new Dice(seed)
    const generated = makeStack(dice)
    const compiled = compileStack(generated.stack)
    for (let index = 0; index < requestsPerStack; index++) {
      const request = toRequest(makeRequest(dice, generated))
      expect(explain(compiled, request).decision, `seed ${seed}`).toEqual(decide(compiled, request))
    }
  }
})

describe('matching', () => {
  const wild = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':', '/', '$', '{', '}'), maxLength: 12 })
  const anything = fc.oneof(wild, fc.string({ unit: 'binary', maxLength: 40 }))
  const caller = { text: 'arn:aws:iam::111111111111:user/a' }

  test('any text as action, resource and context value gets a decision', () => {
    const { stack } = makeStack(new Dice(7))
    const compiled = compileStack(stack)
    fc.assert(
      fc.property(fc.oneof(wild, fc.string({ maxLength: 40 })), anything, anything, (action, resource, value) => {
        const context = buildContext([
          ['aws:username', value],
          ['aws:sourceip', value],
          ['aws:principalarn', value],
          ['aws:currenttime', value],
          ['s3:max-keys', value],
        ])
        const { effect } = decide(compiled, { principal: parsePrincipal(caller.text), action, resource, context })
        expect(['allow', 'implicit-deny', 'explicit-deny']).toContain(effect)
      }),
      { numRuns: 3_000, seed: 1 },
    )
  })

  test('any pattern in a policy is refused with findings or decides as the reference does', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':', '/'), maxLength: 10 })
    fc.assert(
      fc.property(plain, plain, plain, plain, (pattern, text, expected, actual) => {
        const statement: StatementJson = {
          Effect: 'Allow',
          Action: 's3:*',
          Resource: `arn:aws:s3:::${pattern}`,
          Condition: { StringLike: { 'test:like': expected } },
        }
        const document = documentOf(statement)
        if (!parsePolicy(JSON.stringify(document), 'identity').ok) return
        const stack: StackJson = { identity: [added(document)], scps: [], rcps: [] }
        const request: RequestJson = {
          principal: caller,
          action: 's3:GetObject',
          resource: `arn:aws:s3:::${text}`,
          context: { 'test:like': actual },
        }
        expect(decide(compileStack(stack), toRequest(request)).effect).toBe(decideByTheBook(stack, request).effect)
      }),
      { numRuns: 5_000, seed: 1 },
    )
  })
})
