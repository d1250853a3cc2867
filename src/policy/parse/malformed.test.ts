import { expect, test } from 'vitest'
import { compilePolicy } from '../compile/compile-policy.ts'
import { decide } from '../decide/decide.ts'
import { buildContext } from '../request/build-context.ts'
import { parsePrincipal } from '../request/parse-principal.ts'
import type { CompiledPolicy, PolicyKind, PolicyStack } from '../types.ts'
import { parsePolicy } from './parse-policy.ts'

const kinds: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp']

const condition = {
  'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a*', '$\u007b*}', 1] },
  DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
  IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] },
  Null: { 'aws:username': true },
}
const action = { NotAction: ['iam:Get*', 'sts:AssumeRole'], Resource: ['arn:aws:iam::*:user/$\u007baws:username}'] }
const principal = { AWS: ['arn:aws:iam::123456789012:root', '*'] }

/** A valid document of each kind, to be damaged. */
const statements: Record<PolicyKind, object> = {
  identity: { ...action, Sid: 'A', Effect: 'Deny', Condition: condition },
  boundary: { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/?*' },
  session: { ...action, Effect: 'Allow' },
  resource: { ...action, Effect: 'Deny', Principal: principal, Condition: condition },
  trust: { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition },
  scp: { ...action, Effect: 'Deny', Condition: condition },
  rcp: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: condition },
}

const characters = [
  ...'{}[]",:*?$\\/ \n\t\u0000\ud800é0123456789eE+-.aA',
  'null',
  'true',
  '{"a":',
  '"Effect":',
  '[[[[[[[[',
  '\\u',
  '\\ud83d',
]

/** A small generator, so that a failure can be repeated (Numerical Recipes' constants). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** The policy in the place of its kind. */
function stackOf(policy: CompiledPolicy): PolicyStack {
  const places: Partial<Record<PolicyKind, object>> = {
    identity: { identity: [policy] },
    session: { session: [policy] },
    boundary: { boundary: policy },
    scp: { scps: [[policy]] },
    rcp: { rcps: [[policy]] },
  }
  return { identity: [], scps: [], rcps: [], ...(places[policy.kind] ?? { resource: policy }) }
}

test('100,000 mutated documents give findings or a policy that decides, and no exception', () => {
  const random = randomFrom(7)
  const caller = parsePrincipal('arn:aws:iam::123456789012:user/a')
  const request = {
    principal: caller,
    action: 'iam:GetUser',
    resource: 'arn:aws:iam::123456789012:user/a',
    context: buildContext([]),
  }
  let refused = 0
  let decided = 0
  for (let round = 0; round < 100_000; round++) {
    const kind = kinds[round % kinds.length] ?? 'identity'
    let text = JSON.stringify({ Version: '2012-10-17', Statement: [statements[kind]] })
    for (let edits = 1 + random(4); edits > 0; edits--) {
      const at = random(text.length)
      const cut = random(3) === 0 ? 1 + random(12) : 0
      text = text.slice(0, at) + (random(3) === 0 ? '' : characters[random(characters.length)]) + text.slice(at + cut)
    }
    const result = parsePolicy(text, kind)
    if (!result.ok) {
      refused++
      const [first] = result.findings
      if (first === undefined || first.message === '' || first.line < 1 || first.column < 1) {
        expect.fail(`no usable finding for ${JSON.stringify(text)}`)
      }
      continue
    }
    decide(stackOf(compilePolicy(result.policy, 'mutated')), request)
    decided++
  }
  expect(refused).toBeGreaterThan(50_000)
  expect(decided).toBeGreaterThan(1_000)
})
