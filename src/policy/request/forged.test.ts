/** `decide` and `explain` take what this library made, and strings: nothing that merely looks like it. */
import { describe, expect, test } from 'vitest'
import {
  allow,
  bare,
  bucket,
  compile,
  everything,
  root,
  session,
  user,
} from '../../../test/support/policy-decisions.ts'
import { compilePolicy } from '../compile/compile-policy.ts'
import { decide } from '../decide/decide.ts'
import { explain } from '../explain/explain.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { Policy, PolicyStack } from '../types.ts'
import { buildContext } from './build-context.ts'
import { parsePrincipal } from './parse-principal.ts'
import type { Request } from './types.ts'

const deny = compile('identity', 'deny', { Effect: 'Deny', Action: 's3:GetObject', Resource: bucket })
const stack: PolicyStack = { ...bare, identity: [allow, deny] }
const good: Request = { principal: user, action: 's3:GetObject', resource: bucket, context: buildContext([]) }

const lengthOnly = { length: 3 }
const symbols = (of: object) => Object.getOwnPropertySymbols(of)

const forged: Readonly<Record<string, Partial<Record<keyof Request, unknown>>>> = {
  'a list as the resource': { resource: [bucket] },
  'a String object as the resource': { resource: new String(bucket) },
  'something with a length as the resource': { resource: lengthOnly },
  'no resource': { resource: undefined },
  'a list as the action': { action: ['s3:GetObject'] },
  'a String object as the action': { action: new String('s3:GetObject') },
  'a number as the account': { resourceAccountId: 123456789012 },
  'a list as the account': { resourceAccountId: ['123456789012'] },
  'an object with a principal as prototype': { principal: Object.create(user, { kind: { value: 'root' } }) },
  'an object literal with a principal as prototype': { principal: { __proto__: user, kind: 'root' } },
  'a proxy of a principal': { principal: new Proxy(user, {}) },
  'a copy with all symbols': {
    principal: Object.fromEntries([...Object.entries(root), ...symbols(root).map((symbol) => [symbol, true])]),
  },
  'no principal': { principal: undefined },
  'a map as the context': { context: new Map() },
  'a proxy of a context': { context: new Proxy(buildContext([]), {}) },
  'an object with a context as prototype': { context: Object.create(buildContext([])) },
}

test.each(Object.entries(forged))('%s', (_, members) => {
  const request = { ...good, ...members } as Request
  expect(() => decide(stack, request)).toThrow(TypeError)
  expect(() => explain(stack, request)).toThrow(TypeError)
})

test('nothing of a context can be reached and changed', () => {
  const context = buildContext([['aws:SecureTransport', 'false']])
  expect(symbols(context)).toEqual([])
  expect(Reflect.ownKeys(context)).toEqual([])
  expect(Object.isFrozen(context)).toBe(true)
})

test('a request is read once: a getter that answers in two ways decides nothing', () => {
  let asked = 0
  const request = {
    ...good,
    get resource() {
      return asked++ === 0 ? bucket : 'arn:aws:s3:::bucket/other'
    },
  }
  expect(decide(stack, request).effect).toBe('explicit-deny')
})

describe('parsePrincipal', () => {
  const arn = 'arn:aws:sts::123456789012:assumed-role/R/S'
  const roleArn = 'arn:aws:iam::123456789012:role/R'
  test.each<[what: string, text: unknown, facts: object]>([
    ['a String object', new String('arn:aws:iam::123456789012:root'), {}],
    ['a list as the role', arn, { roleArn: [roleArn] }],
    ['a number as the provider', arn, { roleArn, federatedProvider: 7 }],
    ['a canonical id that is none', 'arn:aws:iam::123456789012:user/a', { canonicalUserId: 'abc' }],
    ['a partition that is none', 'arn:aws--:iam::123456789012:root', {}],
    ['a service behind a path', 'evil.com/x.amazonaws.com', { nameOf: 'service' }],
  ])('refuses %s', (_, text, facts) => {
    expect(() => parsePrincipal(text as string, facts)).toThrow(TypeError)
  })

  test('folds what policies write in lower case', () => {
    expect(parsePrincipal('Accounts.Google.com')).toMatchObject({ provider: 'accounts.google.com' })
    expect(parsePrincipal(arn, { roleArn, federatedProvider: 'Accounts.Google.com' })).toMatchObject({
      federatedProvider: 'accounts.google.com',
    })
    const canonicalUserId = 'AB'.repeat(32)
    expect(parsePrincipal('arn:aws:iam::123456789012:user/a', { canonicalUserId })).toMatchObject({
      canonicalUserId: 'ab'.repeat(32),
    })
    expect(parsePrincipal('evil.com/x.amazonaws.com')).toMatchObject({ kind: 'federated' })
  })
})

describe('compilePolicy', () => {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', ...everything } })
  const parsed = parsePolicy(text, 'resource')
  test.each<[what: string, policy: unknown]>([
    ['a copy under another kind', parsed.ok && { ...parsed.policy, kind: 'identity' }],
    ['a copy', parsed.ok && { ...parsed.policy }],
    ['a document', JSON.parse(text)],
    ['a proxy', parsed.ok && new Proxy(parsed.policy, {})],
  ])('refuses %s', (_, policy) => {
    expect(() => compilePolicy(policy as Policy)).toThrow(TypeError)
  })
})

test('a policy in a wrong place is found also where the layer does not apply to the caller', () => {
  const scp = compile('scp', 'scp', { Effect: 'Allow', ...everything })
  const misplaced = { ...bare, identity: [scp] } as unknown as PolicyStack
  for (const principal of [root, user, session, parsePrincipal('*')]) {
    expect(() => decide(misplaced, { ...good, principal })).toThrow(TypeError)
  }
})
