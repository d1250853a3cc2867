import { describe, expect, it } from 'vitest'
import { findAccountProblems, findPasswordProblem } from './account-entry.ts'
import { estimateStrength } from './estimate-strength.ts'
import { qwertyGraph } from './qwerty-graph.ts'
import { readSetupToken } from './read-setup-token.ts'

describe('the token of the set-up link', () => {
  it('is read from the fragment', () => {
    expect(readSetupToken('#token=abc-_123')).toBe('abc-_123')
  })
  it.each(['', '#', '#token=', '#other=1'])('%j has none', (fragment) => {
    expect(readSetupToken(fragment)).toBeUndefined()
  })
})

describe('what the form says before the server is asked', () => {
  const entry = { accountName: 'Example', email: 'root@example.com', phone: '+49 30 1', password: 'x'.repeat(14) }
  it('nothing about an entry in order', () => {
    expect(findAccountProblems(entry)).toEqual({})
  })
  it('names each field that is empty', () => {
    const problems = findAccountProblems({ accountName: ' ', email: '', phone: '', password: '' })
    expect(Object.keys(problems)).toEqual(['accountName', 'email', 'phone', 'password'])
  })
  it.each([
    ['x'.repeat(13), 'The password has 13 characters, at least 14 are needed.'],
    ['x'.repeat(129), 'The password has 129 characters, at most 128 are possible.'],
    ['🔑'.repeat(13), 'The password has 13 characters, at least 14 are needed.'],
  ])('%j: %s', (password, problem) => {
    expect(findPasswordProblem(password)).toBe(problem)
  })
  it.each(['x'.repeat(14), 'x'.repeat(128), '🔑'.repeat(128), '  spaces count  '])(
    '%j has a good length',
    (password) => {
      expect(findPasswordProblem(password)).toBeUndefined()
    },
  )
})

describe('the strength meter', () => {
  it.each([
    ['passwordpassword', 1, 'Repeated parts are easy to guess.'],
    ['aaaaaaaaaaaaaaaa', 0, 'Repeated characters are easy to guess.'],
    ['qwertyuiopasdfgh', 2, 'Rows of keys are easy to guess.'],
  ])('gives %j no more than %i, and says why', (password, scoreMax, advice) => {
    const strength = estimateStrength(password, [])
    expect(strength.score).toBeLessThanOrEqual(scoreMax)
    expect(strength.advice).toBe(advice)
  })
  it('finds words of the account weak', () => {
    expect(
      estimateStrength('examplecorporation', ['Example Corporation', 'root@example.com']).score,
    ).toBeLessThanOrEqual(1)
  })
  it('finds a long sentence strong', () => {
    expect(estimateStrength('blue kettle sings at 4 in the rain', []).score).toBe(4)
  })
})

describe('the keyboard of the strength meter', () => {
  it('knows the neighbours of a key, clockwise from the left', () => {
    expect(qwertyGraph['g']).toEqual(['fF', 'tT', 'yY', 'hH', 'bB', 'vV'])
    expect(qwertyGraph['q']).toEqual([null, '1!', '2@', 'wW', 'aA', null])
  })
  it('gives a key the same neighbours with and without Shift', () => {
    expect(qwertyGraph['G']).toBe(qwertyGraph['g'])
  })
})
