/**
 * What whole documents cost, one after the other, in counted steps (test/support/counted-steps.ts): lists of patterns, variables that
 * are empty or long, thousands of values. Every decision has one budget, and what goes beyond it is given up: that denies.
 */
import { expect, test } from 'vitest'
import { createStepCounter } from '../support/counted-steps.ts'

const countSteps = await createStepCounter('/src/policy/')
const { buildContext, compilePolicy, decide, explain, parsePolicy, parsePrincipal } = await import(
  '../../src/policy/index.ts'
)
const { decisionSteps } = await import('../../src/policy/compile/work.ts')

const principal = parsePrincipal('arn:aws:iam::123456789012:user/alice')
const long = 'a'.repeat(16_384)

const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const variable = (key: string) => `\${${key}}`
const on = (Resource: string | string[]) => ({ Effect: 'Deny', Action: '*', Resource })
const when = (operator: string, key: string, wanted: unknown, Effect = 'Deny') => ({
  Effect,
  Action: '*',
  Resource: '*',
  Condition: { [operator]: { [key]: wanted } },
})

interface Row {
  /** The statements of each document. */
  readonly documents: readonly (readonly object[])[]
  readonly resource?: string
  readonly context?: readonly (readonly [string, string | string[]])[]
  /** Steps at most; absent: the whole budget. */
  readonly stepsMax?: number
  readonly outcome: string
}

const colons = `arn:aws:s3:::b/${':'.repeat(2_000)}`
const rows: Readonly<Record<string, Row>> = {
  'nine statements whose stars reach over two thousand colons': {
    documents: [list(9, (i) => on(`arn:aws:s3:*:*::*?b${i}*`))],
    resource: colons,
    stepsMax: 1_000_000,
    outcome: 'implicit-deny',
  },
  'a hundred of them': {
    documents: [list(100, (i) => on(`arn:aws:s3:*:*::*?b${i}*`))],
    resource: colons,
    stepsMax: 8_000_000,
    outcome: 'implicit-deny',
  },
  'long patterns in nine statements, at a thousand colons': {
    documents: [list(9, (i) => on(['arn:aws:s3:*:*:x*', `arn:aws:s3:*:*:a*${'a?'.repeat(470)}*z${i}`]))],
    resource: `arn:aws:s3:::b/${'a:'.repeat(990)}`,
    outcome: 'implicit-deny',
  },
  'fourteen hundred empty variables between two stars, in twelve documents': {
    documents: list(12, () => [when('StringLike', 't:k', `*${variable('t:e').repeat(1_400)}z*`)]),
    context: [
      ['t:k', long],
      ['t:e', ''],
    ],
    stepsMax: 12_000_000,
    outcome: 'implicit-deny',
  },
  'as many with a default that is empty': {
    documents: list(12, () => [when('StringLike', 't:k', `*${`\${t:e, ''}`.repeat(1_000)}z*`)]),
    context: [['t:k', long]],
    stepsMax: 12_000_000,
    outcome: 'implicit-deny',
  },
  'short patterns in fourteen hundred statements of twenty documents': {
    documents: list(20, () => list(70, () => when('StringLike', 't:k', '*a?b*'))),
    context: [['t:k', long]],
    outcome: 'given up',
  },
  'two thousand patterns against a thousand values': {
    documents: [
      [
        when(
          'ForAnyValue:StringLike',
          't:k',
          list(1_900, (i) => `*b${i % 10}`),
        ),
      ],
    ],
    context: [['t:k', list(1_000, () => 'a'.repeat(16))]],
    outcome: 'implicit-deny',
  },
  'a long value without case, many times over': {
    documents: [[when('StringEqualsIgnoreCase', 't:k', variable('t:b').repeat(1_400))]],
    context: [
      ['t:k', long],
      ['t:b', 'é'.repeat(16_384)],
    ],
    stepsMax: 100_000,
    outcome: 'implicit-deny',
  },
}

const asked = ({ documents, resource = '*', context = [] }: Row) => {
  const identity = documents.map((statements) => {
    const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
    return compilePolicy(parsed.policy)
  })
  const request = { principal, action: 's3:GetObject', resource, context: buildContext(context) }
  return [{ identity, scps: [], rcps: [] }, request] as const
}

/** `explain` asks again for what would help, and has as much for that. */
const asking = { decide: [decide, decisionSteps], explain: [explain, 2 * decisionSteps] } as const

test.each(
  Object.entries(rows).flatMap(([name, row]) =>
    (['decide', 'explain'] as const).map((how) => [how, name, row] as const),
  ),
)('%s: %s', async (how, _, row) => {
  const [stack, request] = asked(row)
  const [ask, budget] = asking[how]
  let outcome = ''
  const steps = await countSteps(() => {
    try {
      const found = ask(stack, request)
      outcome = 'decision' in found ? found.decision.effect : found.effect
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError)
      outcome = 'given up'
    }
  })
  expect(outcome).toBe(row.outcome)
  expect(steps).toBeGreaterThan(0)
  expect(steps).toBeLessThan(how === 'decide' && row.stepsMax !== undefined ? row.stepsMax : 1.25 * budget)
})

test('what decide decides, explain explains: a Deny that matches at once beside many that take long', () => {
  const slow = when('StringLike', 't:k', `*${'?a'.repeat(4_900)}b*`)
  const row: Row = {
    documents: [[{ Effect: 'Deny', Action: '*', Resource: '*' }], ...list(72, () => [slow])],
    context: [['t:k', long]],
    outcome: '',
  }
  const [stack, request] = asked(row)
  expect(decide(stack, request).effect).toBe('explicit-deny')
  expect(explain(stack, request).decision.effect).toBe('explicit-deny')
})

test('explain tries values without copying the context: thousands of them', async () => {
  const row: Row = {
    documents: [
      list(24, (i) =>
        when(
          'StringEquals',
          't:b',
          list(62, (j) => `v${i}-${j}`),
          'Allow',
        ),
      ),
    ],
    context: list(20, (i) => [`t:k${i}`, list(1_000, () => 'x')] as const),
    outcome: '',
  }
  const [stack, request] = asked(row)
  const steps = await countSteps(() => expect(explain(stack, request).decision.effect).toBe('implicit-deny'))
  expect(steps).toBeLessThan(2_000_000)
})

test('a context has a thousand values of a key at most', () => {
  expect(() => buildContext([['t:k', list(1_001, () => '')]])).toThrow(RangeError)
})
