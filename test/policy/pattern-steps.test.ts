/**
 * What the longest patterns that AWS stores may cost against the longest values that a request carries, in counted steps
 * (test/support/counted-steps.ts), so that no policy and no request can make the process wait.
 */
import { expect, test } from 'vitest'
import type { PolicyStack } from '../../src/policy/types.ts'
import { createStepCounter } from '../support/counted-steps.ts'

const countSteps = await createStepCounter('/src/policy/')
const { buildContext, compilePolicy, decide, parsePolicy, parsePrincipal } = await import('../../src/policy/index.ts')

const principal = parsePrincipal('arn:aws:iam::123456789012:user/alice')

/** Characters of the longest value, resource and action, and of the largest document. */
const value = 16_384
const resource = 2_048
const document = 10_240

/** The document as words of 32 states, times the letters of the value; a quarter more for what stands around that. */
const stepsMax = 1.25 * (document / 32) * value

const a = (length: number) => 'a'.repeat(length)
const variable = (key: string) => `$\{${key}}`

interface Row {
  readonly statement: object
  readonly context?: readonly (readonly [string, string | string[]])[]
  readonly resource?: string
}

function when(operator: string, wanted: unknown, actual: string | string[], more: Row['context'] = []): Row {
  return {
    statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { 'test:key': wanted } } },
    context: [['test:key', actual], ...more],
  }
}

const list = (count: number, pattern: (index: number) => string) => Array.from({ length: count }, (_, i) => pattern(i))
const ascii = (length: number) => list(length, (index) => String.fromCharCode(0x30 + (index % 70))).join('')

const rows: readonly (readonly [string, Row])[] = [
  ['many ?a between two stars', when('StringLike', `*${'?a'.repeat(5_000)}b*`, a(value))],
  ['one long text between two stars', when('StringLike', `*b${a(8_000)}*`, a(value))],
  ['one long text, wrong at its end', when('StringLike', `*${a(8_000)}b*`, a(value))],
  ['many short texts between stars', when('StringLike', `${'*?a'.repeat(3_300)}*b*`, a(value))],
  ['many different letters', when('StringLike', `*${ascii(9_000).replaceAll('?', 'x')}?*`, ascii(value))],
  [
    'a list of short patterns',
    when(
      'StringLike',
      list(800, (i) => `*?a?b${i}*`),
      a(value),
    ),
  ],
  [
    'a list of very short patterns',
    when(
      'StringLike',
      list(1_400, () => '*?b*'),
      a(value),
    ),
  ],
  ['a text as long as V8 searches for at once', when('StringLike', `*${a(120)}b${a(120)}*`, a(value))],
  ['a text longer than that', when('StringLike', `*${a(4_000)}b${a(4_000)}*`, a(value))],
  [
    'a list of texts',
    when(
      'StringLike',
      list(40, (i) => `*${a(200)}b${i}*`),
      a(value),
    ),
  ],
  ['negated', when('StringNotLike', `*${'?a'.repeat(5_000)}b*`, a(value))],
  [
    'a set of values',
    when(
      'ForAnyValue:StringLike',
      `*${'?a'.repeat(5_000)}b*`,
      list(8, () => a(value / 8)),
    ),
  ],
  ['ArnLike', when('ArnLike', `arn:aws:s3:::*${'?a'.repeat(5_000)}b*`, `arn:aws:s3:::${a(16_000)}`)],
  [
    'ArnLike in an earlier part',
    when('ArnLike', `arn:aws:s3:*${'?a'.repeat(5_000)}b*:1:x`, `arn:aws:s3:${a(16_000)}:1:y`),
  ],
  [
    'a variable with a long value',
    when('StringLike', `*${variable('test:long')}?b*`, a(value), [['test:long', a(8_000)]]),
  ],
  ['a text and a variable', when('StringLike', `*b${variable('test:long')}*`, a(value), [['test:long', a(8_000)]])],
  ['equality without case', when('StringEqualsIgnoreCase', a(10_000), a(10_000).toUpperCase())],
  [
    'base64',
    when(
      'BinaryEquals',
      list(1_200, () => 'QUFB'),
      'A'.repeat(value),
    ),
  ],
  [
    'numbers',
    when(
      'NumericEquals',
      list(1_500, (i) => `${i}`),
      '1'.repeat(value),
    ),
  ],
  ...(['Resource', 'NotResource'] as const).flatMap((element): [string, Row][] => {
    const on = (patterns: unknown): Row => ({
      statement: { Effect: 'Deny', Action: '*', [element]: patterns },
      resource: `arn:aws:s3:::${a(resource - 13)}`,
    })
    return [
      [`${element} with many ?a`, on(`arn:aws:s3:::*${'?a'.repeat(1_000)}b*`)],
      [`${element} where stars reach over colons`, on(`arn:aws:s3:*:*:*${'?a'.repeat(1_000)}b*`)],
      [`${element}, some stars do and some do not`, on(`arn:aws:s3:*a*:*:*${'?a'.repeat(900)}b*`)],
      [`a list in ${element}`, on(list(250, (i) => `arn:aws:s3:*:*:*${'?a'.repeat(3)}b${i}*`))],
      [
        `a list in ${element} of colons`,
        { ...on(list(250, (i) => `arn:aws:s3:*:*:x${i}*`)), resource: `arn:aws:s3${':'.repeat(2_000)}` },
      ],
    ]
  }),
  ['Action', { statement: { Effect: 'Allow', Action: `s3:*${'?a'.repeat(5_000)}b*`, Resource: '*' } }],
  ['a list of actions', { statement: { Effect: 'Allow', Action: list(700, (i) => `s3:*?e?${i}*`), Resource: '*' } }],
]

function compile(statement: object): PolicyStack {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  expect(text.length).toBeLessThan(document + 400)
  const parsed = parsePolicy(text, 'identity')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return { identity: [compilePolicy(parsed.policy)], scps: [], rcps: [] }
}

test.each(rows)('%s', async (_, { statement, context = [], resource: on = 'arn:aws:s3:::b' }) => {
  const stack = compile(statement)
  const request = { principal, action: 's3:GetObject', resource: on, context: buildContext(context) }
  const steps = await countSteps(() => decide(stack, request))
  expect(steps).toBeGreaterThan(0)
  expect(steps).toBeLessThan(stepsMax)
})

test('a variable with a long value, repeated, is given up before it takes long: that denies', async () => {
  const { statement, context = [] } = when(
    'StringLike',
    list(500, () => `*${variable('test:long')}?b*`),
    a(value),
    [['test:long', a(8_000)]],
  )
  const request = { principal, action: 's3:GetObject', resource: '*', context: buildContext(context) }
  const stack = compile(statement)
  const steps = await countSteps(() => expect(() => decide(stack, request)).toThrow(RangeError))
  expect(steps).toBeLessThan(2 ** 26 * 1.25)
})

test('what is longer than AWS stores or sends is refused before anything is compared', () => {
  const kinds = ['identity', 'boundary', 'session', 'resource', 'trust', 'scp', 'rcp'] as const
  for (const kind of kinds) {
    const principals = kind === 'resource' || kind === 'trust' || kind === 'rcp' ? { Principal: '*' } : {}
    const about = kind === 'trust' ? { Action: 'sts:AssumeRole' } : { Action: 's3:Get*', Resource: '*' }
    const condition = { Condition: { StringLike: { 'aws:UserAgent': `*${'?a'.repeat(5_120)}` } } }
    const statement = { Effect: 'Deny', ...principals, ...about, ...condition }
    const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }), kind)
    expect(parsed.ok ? kind : parsed.findings[0]?.code).toMatch(/^TOO_LARGE$|^JSON_TOO_LONG$/)
  }
  const stack = compile({ Effect: 'Allow', Action: '*', Resource: '*' })
  const context = buildContext([])
  const ask = (action: string, on: string) => () => decide(stack, { principal, action, resource: on, context })
  expect(() => buildContext([['aws:UserAgent', a(value + 1)]])).toThrow(RangeError)
  expect(() => buildContext([['aws:TagKeys', [a(value), 'a']]])).toThrow(RangeError)
  expect(ask('s3:GetObject', a(resource + 1))).toThrow(RangeError)
  expect(ask(`s3:${a(126)}`, '*')).toThrow(RangeError)
})
