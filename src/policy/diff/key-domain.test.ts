import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import { type KeyDomain, keyDomain } from './key-domain.ts'

function domainOf(condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>, key = 'k'): KeyDomain {
  const text = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition },
  }
  const parsed = parsePolicy(JSON.stringify(text), 'identity')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return keyDomain(key, parsed.policy.statements[0]?.conditions ?? [], [], (value) => [value], { steps: 1_000_000 })
}

describe('the values of a key that its conditions tell apart', () => {
  test.each([
    ['Bool', { Bool: { k: 'true' } }, [undefined, 'true', 'false']],
    [
      'numbers: each, between, below and above',
      { NumericLessThan: { k: ['10', '20'] } },
      [undefined, '9', '10', '15', '20', '21'],
    ],
    [
      'dates',
      { DateLessThan: { k: '2026-01-01T00:00:00Z' } },
      [undefined, '2025-12-31T23:59:59.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'],
    ],
    [
      'addresses: the ends of a range and their neighbours',
      { IpAddress: { k: '10.0.0.0/24' } },
      [undefined, '9.255.255.255', '10.0.0.0', '10.0.0.255', '10.0.1.0', '2001:db8::1'],
    ],
    [
      'addresses of version 6',
      { IpAddress: { k: '2001:db8::/126' } },
      [
        undefined,
        '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
        '2001:db8:0:0:0:0:0:0',
        '2001:db8:0:0:0:0:0:3',
        '2001:db8:0:0:0:0:0:4',
        '192.0.2.1',
      ],
    ],
    ['texts: one of each region', { StringLike: { k: ['a*', '*b'] } }, [undefined, 'x', 'a', 'b', 'ab']],
    ['the empty text where it differs', { StringNotLike: { k: '?*' } }, [undefined, 'x', '']],
    ['presence', { Null: { k: 'true' } }, [undefined, 'x']],
    ['sets', { 'ForAnyValue:StringEquals': { k: 'a' } }, [undefined, [], ['x'], ['a'], ['x', 'a']]],
  ])('%s', (_, condition, expected) => {
    const domain = domainOf(condition)
    expect(domain.notCovered).toEqual([])
    expect([...domain.values].sort()).toEqual([...expected].sort())
  })

  test('what is left out is said', () => {
    expect(domainOf({ Bool: { k: 'true' }, StringEquals: { k: 'x' } }).notCovered).toEqual([
      'k is compared as bool and text; not all of both was tried',
    ])
    expect(domainOf({ 'ForAllValues:StringEquals': { k: ['a', 'b', 'c', 'd', 'e'] } }).notCovered).toEqual([
      'not all sets of values of k were tried',
    ])
  })

  test('an ARN of a caller is a user’s, a role’s or root’s', () => {
    const domain = domainOf({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Admin*' } }, 'aws:principalarn')
    expect(domain.values).toEqual([
      undefined,
      'arn:aws:iam::123456789012:user/x',
      'arn:aws:iam::123456789012:role/x',
      'arn:aws:iam::123456789012:role/Admin',
      'arn:aws:iam::123456789012:root',
    ])
  })
})
