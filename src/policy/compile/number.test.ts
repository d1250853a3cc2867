import { expect, test } from 'vitest'
import { readNumber } from './number.ts'

const out = new Float64Array(1)

test.each<[text: string, value: number]>([
  ['0', 0],
  ['007', 7],
  ['-3.25', -3.25],
  ['+8', 8],
  ['1e3', 1000],
  ['2.5E-1', 0.25],
])('%s is a number', (text, value) => {
  expect(readNumber(text, out)).toBe(true)
  expect(out[0]).toBe(value)
})

test.each(['', ' ', ' 5', '5 ', '0x10', 'Infinity', 'NaN', '1.', '.5', '1e', '1e+', '--1', '1,000', '१'])(
  '%j is no number',
  (text) => {
    expect(readNumber(text, out)).toBe(false)
  },
)
