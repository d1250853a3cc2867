/** What AWS itself answered (test/vectors/iam-conditions/README.md), put to the engine and to the reference alike. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/policy/index.ts'
import { compileStack, toRequest } from './compare.ts'
import { decideByTheBook, type RequestJson, type StackJson, type StatementJson } from './reference.ts'

function read<Row>(name: string): readonly Row[] {
  return JSON.parse(readFileSync(new URL(`../vectors/iam-conditions/${name}.json`, import.meta.url), 'utf8'))
}

type Condition = NonNullable<StatementJson['Condition']>
type Asked = readonly [effect: 'Allow' | 'Deny', condition: Condition, tags: Record<string, string>, outcome: string]

const account = '123456789012'
const target = `arn:aws:iam::${account}:user/target`
const about = { Action: 'iam:TagUser', Resource: '*' }
const actor = {
  text: `arn:aws:sts::${account}:assumed-role/actor/session`,
  roleArn: `arn:aws:iam::${account}:role/actor`,
}

function outcomesOf(stack: StackJson, request: RequestJson): readonly string[] {
  return [decideByTheBook(stack, request).effect, decide(compileStack(stack), toRequest(request)).effect]
}

function document(...statements: readonly StatementJson[]) {
  return { id: 'recorded', document: { Version: '2012-10-17' as const, Statement: statements } }
}

describe.each(['sets', 'values'])('%s.json', (name) => {
  test.each(read<Asked>(name))('%s %j with the tags %j: %s', (effect, condition, tags, outcome) => {
    const allowing: StatementJson = { Effect: 'Allow', ...about }
    const asked: StatementJson = { Effect: effect, ...about, Condition: condition }
    const stack: StackJson = {
      identity: [document({ ...allowing, Resource: target })],
      session: [effect === 'Allow' ? document(asked) : document(allowing, asked)],
      scps: [],
      rcps: [],
    }
    const keys = Object.keys(tags)
    const context = {
      ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }),
      ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, tags[key] ?? ''])),
    }
    const effects = outcomesOf(stack, { principal: actor, action: 'iam:TagUser', resource: target, context })
    expect(effects.map((given) => (given === 'allow' ? 'allowed' : 'denied'))).toEqual([outcome, outcome])
  })
})

type Simulated = readonly [string, StatementJson[], resource: string, context: [string, string[]][], decision: string]

test.each(read<Simulated>('simulated'))('%s: %j on %s', (_, statements, resource, context, decision) => {
  const stack: StackJson = { identity: [document(...statements)], scps: [], rcps: [] }
  const principal = { text: `arn:aws:iam::${account}:user/alice` }
  const request = { principal, action: 's3:GetObject', resource, context: Object.fromEntries(context) }
  const expected = { allowed: 'allow', explicitDeny: 'explicit-deny', implicitDeny: 'implicit-deny' }[decision]
  expect(outcomesOf(stack, request)).toEqual([expected, expected])
})
