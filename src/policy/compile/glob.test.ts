import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAsked } from '../../../test/support/policy-asked.ts'
import { buildContext } from '../request/build-context.ts'
import type { Context } from '../request/types.ts'
import { compileGlob } from './glob.ts'
import { parseTemplate } from './template.ts'

const variable = (inside: string) => `$\{${inside}}`

function matches(pattern: string, value: string, context: Context = buildContext([]), variables = true): boolean {
  return compileGlob(parseTemplate(pattern, { variables, wildcards: true }))(value, 0, value.length, toAsked(context))
}

describe('wildcards', () => {
  test.each<[pattern: string, value: string, expected: boolean]>([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['?', 'a', true],
    ['a*', 'a', true],
    ['a*', 'b', false],
    ['*a', 'ba', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'aXbXc', true],
    ['a*b*c', 'acb', false],
    ['a*bc', 'abcbc', true],
    ['*ab*ab*', 'ab', false],
    ['**', 'x', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*?b', 'ab', true],
    ['*?b', 'b', false],
    ['?*?', 'a', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['A', 'a', false],
  ])('%j on %j: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected)
  })

  /** Straight from the definition, exponential. */
  function slow(pattern: string, value: string): boolean {
    if (pattern === '') return value === ''
    if (pattern.startsWith('*')) return slow(pattern.slice(1), value) || (value !== '' && slow(pattern, value.slice(1)))
    return value !== '' && (pattern[0] === '?' || pattern[0] === value[0]) && slow(pattern.slice(1), value.slice(1))
  }

  test('agree with their definition', () => {
    const text = (letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 9 }).map((all) => all.join(''))
    fc.assert(
      fc.property(text(['a', 'b', '*', '?']), text(['a', 'b']), (pattern, value) => {
        expect(matches(pattern, value)).toBe(slow(pattern, value))
      }),
      { numRuns: 10_000 },
    )
  })

  test('a pattern of 6 KB against 2 KB asks about each place once', () => {
    const text = 'a'.repeat(2_048)
    expect(matches(`${'a*'.repeat(3_072)}b`, text)).toBe(false)
    expect(matches(`${'a*'.repeat(1_000)}b`, text)).toBe(false)
    expect(matches(`*${'a'.repeat(1_000)}?b`, text)).toBe(false)
    expect(matches(`${'?a*'.repeat(2_000)}b`, text)).toBe(false)
    expect(matches('a*'.repeat(2_048), text)).toBe(true)
  })
})

describe('variables', () => {
  const context = buildContext([
    ['aws:username', 'alice'],
    ['aws:principaltag/star', '*'],
    ['aws:tagkeys', ['one']],
    ['aws:empty', ''],
    ['aws:list', ['one']],
    ['aws:PrincipalTag/Cost Center', 'blue'],
    ['aws:PrincipalTag/Équipe', 'rouge'],
  ])

  test.each<[pattern: string, value: string, expected: boolean]>([
    [variable('aws:username'), 'alice', true],
    [variable('aws:username'), 'ALICE', false],
    [variable('AWS:UserName'), 'alice', true],
    [`home/${variable('aws:username')}/*`, 'home/alice/x', true],
    [`home/${variable('aws:username')}/*`, 'home/bob/x', false],
    [`*${variable('aws:username')}`, 'x/alice', true],
    [`*-${variable('aws:username')}-*`, 'x-alice-y', true],
    [`*-${variable('aws:username')}-*`, 'x-bob-y', false],
    [`?${variable('aws:username')}?`, '-alice-', true],
    [variable('aws:principaltag/star'), '*', true],
    [variable('aws:principaltag/star'), 'x', false],
    [variable('aws:empty'), '', true],
    [variable('aws:missing'), '', false],
    [`*${variable('aws:missing')}*`, 'x', false],
    [variable("aws:missing, 'none'"), 'none', true],
    [variable("aws:missing,'no ne'"), 'no ne', true],
    [variable("aws:username, 'none'"), 'none', false],
    [variable('aws:tagkeys'), 'one', false],
    [variable("aws:tagkeys, 'many'"), 'many', false],
    [variable("aws:CalledVia, 'none'"), 'none', false],
    [variable('aws:list'), 'one', false],
    [variable("aws:list, 'one'"), 'one', false],
    [variable('*'), '*', true],
    [variable('*'), 'x', false],
    [variable('?'), '?', true],
    [variable('$'), '$', true],
    [`${variable('$')}{aws:username}`, variable('aws:username'), true],
    [variable(''), variable(''), true],
    [variable('aws:PrincipalTag/Cost Center'), 'blue', true],
    [variable(' aws:principaltag/Cost center '), 'blue', true],
    [variable("aws:PrincipalTag/Cost Centre, 'none'"), 'none', true],
    [variable('aws:PrincipalTag/Équipe'), 'rouge', true],
    [variable('aws:PrincipalTag/équipe'), 'rouge', false],
    [variable('a b'), variable('a b'), false],
    ['${aws:username', '${aws:username', true],
    ['$', '$', true],
  ])('%s on %j: %s', (pattern, value, expected) => {
    expect(matches(pattern, value, context)).toBe(expected)
  })

  test('are literal text in 2008-10-17', () => {
    const pattern = variable('aws:username')
    expect(matches(pattern, 'alice', context, false)).toBe(false)
    expect(matches(pattern, pattern, context, false)).toBe(true)
    expect(matches(variable('*'), variable('anything'), context, false)).toBe(true)
  })
})
