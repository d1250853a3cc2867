/**
 * The engine against the reference evaluator (reference.ts), which was written apart from it from AWS's text.
 * SALLYPORT_LONG=1 tries ten times as many; SALLYPORT_SEED=n starts elsewhere.
 */
import { expect, test } from 'vitest'
import { compileStack, findDifference, shrink } from './compare.ts'
import { Dice, type GeneratedStack, makeRequest, makeStack } from './generate.ts'
import type { RequestJson } from './reference.ts'

const requestsPerStack = 20
const stacks = (process.env['SALLYPORT_LONG'] === '1' ? 1_000_000 : 100_000) / requestsPerStack
const firstSeed = Number(process.env['SALLYPORT_SEED'] ?? 1)

function report(seed: number, { stack }: GeneratedStack, request: RequestJson, why: string): string {
  const least = shrink({ stack, request })
  const again = findDifference(least.stack, compileStack(least.stack), least.request)
  return `seed ${seed}: ${again.why ?? why}\n${JSON.stringify(least, null, 1)}`
}

test(`the engine decides ${stacks * requestsPerStack} generated requests as the reference does`, () => {
  const seen = new Map<string, number>()
  for (let seed = firstSeed; seed < firstSeed + stacks; seed++) {
    const dice = new Dice(seed)
    const generated = makeStack(dice)
    const compiled = compileStack(generated.stack)
    for (let index = 0; index < requestsPerStack; index++) {
      const request = makeRequest(dice, generated)
      const { decision, why } = findDifference(generated.stack, compiled, request)
      if (why !== undefined) expect.fail(report(seed, generated, request, why))
      const outcome = `${decision.effect} ${decision.layer}`
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    }
  }
  // The comparison is worth what it reaches: every layer grants or denies, explicitly and implicitly, many times.
  const denials = ['identity', 'resource', 'boundary', 'session', 'scp', 'rcp'].flatMap((layer) => [
    `implicit-deny ${layer}`,
    `explicit-deny ${layer}`,
  ])
  const outcomes = ['allow identity', 'allow resource', 'allow root', 'explicit-deny unreadable', ...denials]
  expect(outcomes.filter((outcome) => (seen.get(outcome) ?? 0) < stacks / 50)).toEqual([])
}, 900_000)
