/** docs/decisions/0006: each way of reading an ARN, once in an Allow and once in a Deny; all that decides agrees. */
import { describe, expect, test } from 'vitest'
import { decide, diffPolicies, explain, parsePolicy } from '../../src/policy/index.ts'
import { compileStack, toRequest } from './compare.ts'
import { decideByTheBook, type NamedDocument, type StackJson, type StatementJson } from './reference.ts'

const topic = 'arn:aws:sns:us-east-1:111122223333:topic'
const below = 'arn:aws:sns:us-east-1:111122223333:x:topic'

type Elements = Pick<StatementJson, 'Resource' | 'NotResource' | 'Condition'>

const like = (operator: string, value: string): Elements => ({
  Resource: '*',
  Condition: { [operator]: { 'aws:SourceArn': value } },
})

const cases: readonly (readonly [elements: Elements, arn: string, allows: boolean, denies: boolean])[] = [
  [{ Resource: 'arn:aws:sns:*:topic' }, topic, true, true],
  [{ Resource: 'arn:aws:sns:*:topic' }, `${topic}s`, false, false],
  [{ NotResource: 'arn:aws:sns:*:topic' }, topic, false, true],
  [{ NotResource: 'arn:aws:sns:*:topic' }, `${topic}s`, true, true],
  [{ Resource: 'arn:aws:sns:*:*:topic' }, below, true, true],
  [{ NotResource: 'arn:aws:sns:*:*:topic' }, below, false, true],
  [{ NotResource: 'arn:aws:sns:*:*:topic' }, topic, false, false],
  [like('ArnLike', 'arn:aws:sns:*:*:topic'), topic, true, true],
  [like('ArnLike', 'arn:aws:sns:*:*:topic'), below, false, false],
  [like('ArnEquals', 'arn:aws:sns:*:*:topic'), below, false, false],
  [like('ArnNotLike', 'arn:aws:sns:*:*:topic'), below, true, true],
]

function named(...Statement: readonly StatementJson[]): NamedDocument {
  return { id: 'p', document: { Version: '2012-10-17', Statement } }
}

function parsed({ document }: NamedDocument) {
  const result = parsePolicy(JSON.stringify(document), 'identity')
  if (!result.ok) throw new Error(JSON.stringify(result.findings))
  return result.policy
}

const everything: StatementJson = { Effect: 'Allow', Action: '*', Resource: '*' }

describe.each(cases)('%j and %s', (elements, arn, allows, denies) => {
  test.each([
    ['Allow', allows ? 'allow' : 'implicit-deny'],
    ['Deny', denies ? 'explicit-deny' : 'allow'],
  ] as const)('%s: %s', (effect, expected) => {
    const statement: StatementJson = { Effect: effect, Action: 'sns:Publish', ...elements }
    const document = effect === 'Allow' ? named(statement) : named(everything, statement)
    const stack: StackJson = { identity: [document], scps: [], rcps: [] }
    const principal = { text: 'arn:aws:iam::111122223333:user/alice' }
    const request = { principal, action: 'sns:Publish', resource: arn, context: { 'aws:SourceArn': arn } }
    expect(decideByTheBook(stack, request).effect).toBe(expected)
    expect(decide(compileStack(stack), toRequest(request)).effect).toBe(expected)
    expect(explain(compileStack(stack), toRequest(request)).decision.effect).toBe(expected)
  })
})

test('a comparison finds the ARN that a star reaches over colons', () => {
  const deny = (resource: string): StatementJson => ({ Effect: 'Deny', Action: 'sns:Publish', Resource: resource })
  const before = parsed(named(everything, deny('arn:aws:sns:*:topic')))
  const after = parsed(named(everything, deny('arn:aws:sns:*:*:topic'), deny('arn:aws:sns:*:topic:*')))
  // The two say the same: a star in front reaches as far as the missing part.
  expect(diffPolicies([before], [after])).toMatchObject({ witnesses: [], complete: true })
  // Completed alone, it speaks of other ARNs than the topics.
  const completed = diffPolicies([before], [parsed(named(everything, deny('arn:aws:sns:*:topic:*')))])
  expect(completed.witnesses.map(({ request }) => request.resource)).toEqual([
    expect.stringMatching(/^(.*:){5}.*topic$/),
  ])
  const gone = diffPolicies([before], [parsed(named(everything, deny(topic)))])
  const resources = gone.witnesses.map(({ request }) => request.resource)
  expect(resources.length).toBeGreaterThan(0)
  for (const resource of resources) expect(resource).toMatch(/^arn:aws:sns:.*:topic(:.*)?$/)
})

test('what NotResource spares from a Deny is compared part by part too', () => {
  const sparing = (resource: string): StatementJson => ({ Effect: 'Deny', Action: '*', NotResource: resource })
  const before = parsed(named(everything, sparing('arn:aws:sns:*:*:topic')))
  const narrower = parsed(named(everything, sparing('arn:aws:sns:*:*:t*')))
  const { witnesses, complete } = diffPolicies([before], [narrower])
  expect(witnesses.length).toBeGreaterThan(0)
  expect(witnesses.every(({ after }) => after.decision.effect === 'allow')).toBe(true)
  expect(complete).toBe(true)
  // Both list the topics, but only the first spares them.
  const lacking = diffPolicies([before], [parsed(named(everything, sparing('arn:aws:sns:*:topic')))])
  const closed = lacking.witnesses.filter(({ after }) => after.decision.effect !== 'allow')
  expect(closed.map(({ request }) => request.resource)).toContainEqual(expect.stringMatching(/^([^:]*:){5}topic$/))
})
