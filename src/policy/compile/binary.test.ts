import { expect, test } from 'vitest'
import { equalBinary } from './binary.ts'

test.each<[a: string, b: string, equal: boolean]>([
  ['QmluYXJ5', 'QmluYXJ5', true],
  ['QQ==', 'QQ', true],
  ['QQ==', 'QR==', true],
  ['QUI=', 'QUJ=', true],
  ['QQ==', 'Qg==', false],
  ['QmluYXJ5', 'qmluYXJ5', false],
  ['', '', true],
  ['', 'QQ==', false],
  ['Q', 'Q', false],
  ['Q-==', 'Q-==', false],
  ['QQ=', 'QQ==', false],
])('%s and %s stand for the same bytes: %s', (a, b, equal) => {
  expect(equalBinary(a, b)).toBe(equal)
})
