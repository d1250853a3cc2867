import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { Policy } from '../types.ts'
import { diffPolicies } from './diff-policies.ts'

type StatementText = Readonly<Record<string, unknown>>

function policyOf(...statements: readonly StatementText[]): Policy {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return parsed.policy
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const ofTag = (effect: string, tag: number): StatementText => ({
  Effect: effect,
  Action: 's3:*',
  Resource: `arn:aws:s3:::b/\${aws:PrincipalTag/t${tag}}/*`,
})
const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number)
const removals = [1, 2, 4, 5, 6, 16, 70].flatMap((count) =>
  [0, count - 1].flatMap((gone) => ['Allow', 'Deny'].map((effect) => ({ count, gone, effect }))),
)

describe('variables of Resource elements', () => {
  test.each(removals)('$count: the $effect of number $gone is removed', ({ count, gone, effect }) => {
    const beside = effect === 'Deny' ? everything : { ...everything, Action: 'iam:*' }
    const all = numbers(count).map((tag) => ofTag(effect, tag))
    const diff = diffPolicies([policyOf(beside, ...all)], [policyOf(beside, ...all.filter((_, tag) => tag !== gone))])
    const [witness] = diff.witnesses
    if (count <= 16) expect(witness?.after.decision.effect).toBe(effect === 'Allow' ? 'implicit-deny' : 'allow')
    else expect(diff.complete).toBe(false)
  })

  test('a condition that asks many values of one variable leaves some for the others', () => {
    const named = {
      ...everything,
      Action: 'iam:*',
      Condition: { StringEquals: { 'aws:PrincipalTag/t1': numbers(300).map((number) => `v${number}`) } },
    }
    const diff = diffPolicies(
      [policyOf(named, ofTag('Allow', 0), ofTag('Allow', 1))],
      [policyOf(named, ofTag('Allow', 1))],
    )
    expect(diff.witnesses.map(({ request }) => request.resource)).not.toEqual([])
  })

  test('values that were left out are admitted, also where the others show no difference', () => {
    const bucket = (...resources: readonly string[]): StatementText => ({ ...everything, Resource: resources })
    const beside = numbers(2).map((tag) => ofTag('Deny', tag))
    const diff = diffPolicies(
      [policyOf(bucket('arn:aws:s3:::b/*'), ...beside)],
      [policyOf(bucket('arn:aws:s3:::b/*', 'arn:aws:s3:::b/x'), ...beside)],
    )
    expect(diff.witnesses).toEqual([])
    expect(diff.complete).toBe(false)
    expect(diff.notCovered).toEqual([expect.stringMatching(/^only some values of /)])
  })

  test('the same statements are the same, whatever their variables are', () => {
    const all = numbers(6).map((tag) => ofTag('Deny', tag))
    const diff = diffPolicies([policyOf(everything, ...all)], [policyOf(...all.reverse(), everything)])
    expect([diff.witnesses, diff.notCovered, diff.complete]).toEqual([[], [], true])
  })
})
