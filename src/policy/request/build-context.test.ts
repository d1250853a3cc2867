import { describe, expect, test } from 'vitest'
import { allow, bare, bucket, compile, s3, user } from '../../../test/support/policy-decisions.ts'
import { decide } from '../decide/decide.ts'
import { explain } from '../explain/explain.ts'
import { buildContext } from './build-context.ts'
import { contextEntries } from './context.ts'
import { multivaluedKeys } from './multivalued-keys.ts'
import type { Context, ContextValue, Request } from './types.ts'

describe('names of keys', () => {
  test.each(['aws:SecureTransport', 'aws:securetransport', 'AWS:SECURETRANSPORT'])('%s is one key', (name) => {
    const denied = compile('identity', 'deny', {
      Effect: 'Deny',
      ...s3,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })
    const request = {
      principal: user,
      action: 's3:GetObject',
      resource: bucket,
      context: buildContext([[name, 'false']]),
    }
    expect(decide({ ...bare, identity: [allow, denied] }, request).effect).toBe('explicit-deny')
  })

  test.each<[first: string, second: string]>([
    ['aws:SourceIp', 'aws:SourceIp'],
    ['aws:SourceIp', 'aws:sourceip'],
    ['aws:RequestTag/Team', 'aws:requesttag/team'],
  ])('%s and %s are one, given twice', (first, second) => {
    const twice = [
      [first, 'a'],
      [second, 'a'],
    ] as const
    expect(() => buildContext(twice)).toThrow(`got the context key "${second}" a second time`)
  })
})

describe('values', () => {
  test.each<[name: string, value: ContextValue, inside: ContextValue]>([
    ['aws:SourceIp', '203.0.113.7', '203.0.113.7'],
    ['aws:TagKeys', 'team', ['team']],
    ['aws:tagkeys', ['team'], ['team']],
    ['aws:CalledVia', 'athena.amazonaws.com', ['athena.amazonaws.com']],
    ['service:Key', ['one'], ['one']],
    ['service:Key', [], []],
    ['service:Key', '', ''],
  ])('%s given as %j is %j', (name, value, inside) => {
    const context = buildContext([[name, value]])
    expect([...contextEntries(context)]).toEqual([[name.toLowerCase(), inside]])
  })

  test('every key that AWS declares as multivalued has a list, whatever it was given as', () => {
    for (const key of multivaluedKeys)
      expect(new Map(contextEntries(buildContext([[key, 'x']]))).get(key)).toEqual(['x'])
    expect([...multivaluedKeys].every((key) => key === key.toLowerCase())).toBe(true)
  })

  test('a list is copied: nobody changes it afterwards', () => {
    const list = ['a']
    const context = buildContext([['service:Key', list]])
    list.push('b')
    expect(new Map(contextEntries(context)).get('service:key')).toEqual(['a'])
  })

  test.each<[what: string, entries: unknown]>([
    ['no string', [['aws:SecureTransport', false]]],
    ['nothing', [['aws:SecureTransport', undefined]]],
    ['a list of other things', [['aws:TagKeys', ['a', 1]]]],
    ['an empty name', [['', 'a']]],
    ['a name that is no string', [[1, 'a']]],
  ])('%s is refused', (_, entries) => {
    expect(() => buildContext(entries as never)).toThrow(TypeError)
  })

  test('more characters than a request carries are refused', () => {
    expect(() => buildContext([['aws:UserAgent', 'x'.repeat(16_384)]])).not.toThrow()
    expect(() => buildContext([['aws:UserAgent', 'x'.repeat(16_385)]])).toThrow(RangeError)
    expect(() => buildContext([['service:Key', ['x'.repeat(16_384), 'x']]])).toThrow(RangeError)
  })
})

describe('nothing else is taken for a context', () => {
  const built = buildContext([['aws:SecureTransport', 'false']])
  const made: readonly (readonly [string, unknown])[] = [
    ['a map', new Map([['aws:SecureTransport', 'false']])],
    ['a function', () => 'false'],
    ['an object', { 'aws:securetransport': 'false' }],
    ['a copy', { ...built }],
    ['a copy that was written down', JSON.parse(JSON.stringify(built))],
  ]
  test.each(made)('%s', (_, context) => {
    const request: Request = { principal: user, action: 's3:GetObject', resource: bucket, context: context as Context }
    const stack = { ...bare, identity: [allow] }
    expect(() => decide(stack, request)).toThrow('got a context that buildContext did not make')
    expect(() => explain(stack, request)).toThrow('got a context that buildContext did not make')
  })
})
