import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAsked } from '../../../test/support/policy-asked.ts'
import { buildContext } from '../request/build-context.ts'
import { matchesAny } from './automaton.ts'
import { type Part, parseTemplate } from './template.ts'

const context = buildContext([
  ['test:a', 'ab'],
  ['test:colon', 'a:b'],
  ['test:list', ['a']],
])

/** Straight from the definition, exponential. */
function slow(parts: readonly Part[], text: string): boolean {
  const [part, ...rest] = parts
  if (part === undefined) return text === ''
  if (part.kind === 'text') return text.startsWith(part.text) && slow(rest, text.slice(part.text.length))
  const [first] = text
  const takes = first !== undefined && (part.kind === 'variable' || part.colon || first !== ':')
  if (part.kind === 'one') return takes && slow(rest, text.slice(1))
  if (part.kind === 'any') return slow(rest, text) || (takes && slow(parts, text.slice(1)))
  const value = { 'test:a': 'ab', 'test:colon': part.colon ? 'a:b' : undefined }[part.key]
  return value !== undefined && text.startsWith(value) && slow(rest, text.slice(value.length))
}

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.constantFrom('a', 'b', ':', 'ab', 'aa').map((text) => ({ kind: 'text' as const, text })),
  fc.constantFrom<Part>(
    { kind: 'any', colon: true },
    { kind: 'any', colon: false },
    { kind: 'one', colon: true },
    { kind: 'one', colon: false },
    { kind: 'variable', key: 'test:a', colon: true },
    { kind: 'variable', key: 'test:colon', colon: true },
    { kind: 'variable', key: 'test:colon', colon: false },
    { kind: 'variable', key: 'test:list', colon: true },
    { kind: 'variable', key: 'test:none', colon: true },
  ),
)
const pattern = fc.array(part, { maxLength: 7 })
const text = fc.array(fc.constantFrom('a', 'a', 'b', ':', 'x'), { maxLength: 10 }).map((letters) => letters.join(''))

describe('all patterns at once', () => {
  test('match what one of them matches', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), text, (patterns, value) => {
        const expected = patterns.some((parts) => slow(parts, value))
        expect(matchesAny(patterns, value, toAsked(context))).toBe(expected)
      }),
      { numRuns: 20_000 },
    )
  })

  const parse = (written: string) => parseTemplate(written, { variables: true, wildcards: true })

  test('of any length, over the borders of words', () => {
    for (const length of [1, 30, 31, 32, 33, 63, 64, 65, 1_000, 5_000]) {
      const letters = Array.from({ length }, (_, index) => String.fromCharCode(0x61 + ((index * index) % 23))).join('')
      const holes = letters.replace(/[aeh]/g, '?')
      expect(matchesAny([parse(`*${holes}*`)], `zz${letters}zz`, toAsked(context))).toBe(true)
      expect(matchesAny([parse(`*${holes}`)], `zz${letters}`, toAsked(context))).toBe(true)
      expect(matchesAny([parse(holes)], letters, toAsked(context))).toBe(true)
      expect(matchesAny([parse(holes)], `${letters}z`, toAsked(context))).toBe(false)
      expect(matchesAny([parse(`*${holes}A*`)], `zz${letters}zz`, toAsked(context))).toBe(false)
      expect(matchesAny([parse('x*y'), parse(`z${holes}z`), parse('*0*')], `z${letters}z`, toAsked(context))).toBe(true)
    }
  })

  test('more of them than one run holds', () => {
    const value = 'a'.repeat(10_000)
    const miss = parse(`*${'a'.repeat(9_000)}b*`)
    expect(matchesAny([miss, miss, miss, miss, miss, miss, miss], value, toAsked(context))).toBe(false)
    expect(matchesAny([miss, miss, miss, miss, miss, miss, parse('*aa?a*')], value, toAsked(context))).toBe(true)
  })

  test('any UTF-16 unit is a letter, and a question mark takes one of them', () => {
    expect(matchesAny([parse('*😀?*')], 'x😀\uffffy', toAsked(context))).toBe(true)
    expect(matchesAny([parse('?')], '😀', toAsked(context))).toBe(false)
    expect(matchesAny([parse('??')], '😀', toAsked(context))).toBe(true)
  })
})

test('a decision that would need too many steps throws, and goes on throwing', () => {
  const parts = parseTemplate(`*${'?a'.repeat(5_000)}b*`, { variables: false, wildcards: true })
  const value = 'a'.repeat(16_000)
  const asked = toAsked(context)
  const all = () => {
    for (let round = 0; round < 20; round++) matchesAny([parts], value, asked)
  }
  expect(all).toThrow(RangeError)
  expect(() => matchesAny([parts], value, asked)).toThrow(RangeError)
  expect(matchesAny([parts], value, toAsked(context))).toBe(false)
})
