import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isInRange, parseIpRange, readIp } from './ip-address.ts'

function isIn(address: string, range: string): boolean | undefined {
  const words = new Uint16Array(8)
  const family = readIp(address, words)
  const parsed = parseIpRange(range)
  return family === 0 || parsed === undefined ? undefined : isInRange(parsed, family, words)
}

describe('an address is in a range', () => {
  test.each<[address: string, range: string, expected: boolean | undefined]>([
    ['203.0.113.7', '203.0.113.0/24', true],
    ['203.0.114.7', '203.0.113.0/24', false],
    ['203.0.113.7', '203.0.113.99/24', true],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.8', '203.0.113.7', false],
    ['203.0.113.8', '203.0.113.8/32', true],
    ['203.0.113.9', '203.0.113.8/31', true],
    ['203.0.113.10', '203.0.113.8/31', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['2001:db8::1', '2001:DB8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['203.0.113.7', '203.000.113.00/024', true],
    ['203.0.113.7', '0203.0.113.0/+24', true],
    ['10.1.2.3', '192.0.2.0/0', true],
    ['2001:db8::5', '192.0.2.0/0', false],
    ['2001:db8::5', '2001:db8::5/64', undefined],
    ['2001:db8::5', '2001:db8::4/126', true],
    ['2001:db8::5', '2001:db8::4/125', undefined],
    ['2001:db8:0:1::', '2001:db8::/63', true],
    ['2001:db8:0:2::', '2001:db8::/63', false],
    ['::1', '::1', true],
    ['::', '::/128', true],
    ['::ffff:203.0.113.7', '203.0.113.0/24', true],
    ['203.0.113.7', '::ffff:203.0.113.0/120', true],
    ['2001:db8::1', '0.0.0.0/0', false],
    ['203.0.113.7', '::/0', false],
    ['203.0.113.7', '203.0.113.0/33', undefined],
    ['203.0.113.7', '203.0.113.0/', undefined],
    ['203.0.113.7', '203.0.113.*', undefined],
    ['203.0.113', '203.0.113.0/24', undefined],
    ['203.0.113.07', '203.0.113.0/24', undefined],
    ['203.0.113.256', '203.0.113.0/24', undefined],
    ['203.0.113.7 ', '203.0.113.0/24', undefined],
    ['', '0.0.0.0/0', undefined],
    ['fe80::1%eth0', 'fe80::/10', undefined],
    ['1::2::3', '::/0', undefined],
    [':1', '::/0', undefined],
    ['1:2:3:4:5:6:7:8:9', '::/0', undefined],
    ['1:2:3:4:5:6:7:8::', '::/0', undefined],
  ])('%s in %s: %s', (address, range, expected) => {
    expect(isIn(address, range)).toBe(expected)
  })
})

test('reads the addresses that node:net reads, and no other text', () => {
  const words = new Uint16Array(8)
  const addresses = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.]{1,24}$/))
  fc.assert(
    fc.property(addresses, (text) => {
      expect(readIp(text, words) !== 0).toBe(isIP(text) !== 0)
    }),
    { numRuns: 2_000 },
  )
})
