import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findRegions as findWithin, type Pattern, type Regions } from './regions.ts'

function findRegions(universes: readonly Pattern[], patterns: readonly Pattern[], steps = 1_000_000): Regions {
  return findWithin(universes, patterns, { steps })
}

/** Matching by definition: a star takes any number of letters. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern.startsWith('*'))
    return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)))
  return text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]) && matches(pattern.slice(1), text.slice(1))
}

function combinations(universe: string, patterns: readonly Pattern[]): string[] {
  return findRegions([{ text: universe }], patterns)
    .regions.map((region) => region.matched.join())
    .sort()
}

describe('regions', () => {
  test('each has a text that matches just its patterns, and no text lies in a region that was not found', () => {
    const anyPattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 })
    const texts = ['']
    for (let from = 0, length = 0; length < 5; length++) {
      const to = texts.length
      for (; from < to; from++) for (const letter of ['a', 'b', 'x']) texts.push(`${texts[from]}${letter}`)
    }
    fc.assert(
      fc.property(fc.array(anyPattern, { maxLength: 4 }), (patterns) => {
        const found = findRegions(
          [{ text: '*' }],
          patterns.map((text) => ({ text })),
        )
        const combinationOf = (text: string): string =>
          patterns.flatMap((pattern, index) => (matches(pattern, text) ? [index] : [])).join()
        for (const region of found.regions) expect(combinationOf(region.text)).toBe(region.matched.join())
        const known = new Set(found.regions.map((region) => region.matched.join()))
        for (const text of texts) expect(known).toContain(combinationOf(text))
        expect(found.complete).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('a wildcard in the first five parts of an ARN does not reach over a colon', () => {
    const arn = (text: string): Pattern => ({ text, arn: 'parts' })
    expect(findRegions([arn('arn:a:b:c:d:e:f')], [arn('arn:*:e:f')]).regions[0]?.matched).toEqual([])
    expect(findRegions([arn('arn:a:b:c:d:e:f')], [arn('arn:*:*:*:*:*')]).regions[0]?.matched).toEqual([0])
    expect(findRegions([{ text: 'a:b', noColon: true }], [{ text: '*', noColon: true }]).regions[0]?.matched).toEqual(
      [],
    )
  })

  test('literal stars, and letters in either case', () => {
    expect(combinations('*', [{ text: 'a*', literal: true }])).toEqual(['', '0'])
    expect(combinations('ab', [{ text: 'a*', literal: true }])).toEqual([''])
    expect(combinations('ab', [{ text: 'AB', foldCase: true }, { text: 'AB' }])).toEqual(['0'])
    expect(combinations('a*', [{ text: `a\${*}` }])).toEqual(['', '0'])
  })

  test('the first universe offers the text, the others what it lacks', () => {
    const found = findRegions([{ text: 'known' }, { text: '?*' }], [{ text: 'k*' }, { text: 'z' }])
    expect(found.regions.map((region) => region.text)).toEqual(['known', 'x', 'z'])
  })

  test('a walk that is cut short says so', () => {
    expect(findRegions([{ text: '*' }], [{ text: 'abcdef' }], 4).complete).toBe(false)
  })
})
