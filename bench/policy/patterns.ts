/**
 * The longest patterns that AWS stores against the longest values that a request carries: one decision each, in milliseconds.
 * There is no peer: casbin and Cedar compare with patterns of their own. test/policy/pattern-steps.test.ts counts the steps.
 */

import { compilePolicy } from '../../src/policy/compile/compile-policy.ts'
import { decide } from '../../src/policy/decide/decide.ts'
import { buildContext } from '../../src/policy/request/build-context.ts'
import { parsePrincipal } from '../../src/policy/request/parse-principal.ts'
import type { Request } from '../../src/policy/request/types.ts'
import type { PolicyStack } from '../../src/policy/types.ts'
import { parsed } from './engines.ts'

const value = 'a'.repeat(16_384)
const rounds = 15
/** Milliseconds. */
const target = 20

const worst: readonly (readonly [what: string, wanted: string | readonly string[], actual: string])[] = [
  ['*?a?a…b* of 10,000 characters', `*${'?a'.repeat(5_000)}b*`, value],
  ['*aaa…b* of 8,000 characters', `*${'a'.repeat(8_000)}b*`, value],
  ['*?a*?a*…b* of 10,000 characters', `${'*?a'.repeat(3_300)}*b*`, value],
  ['a list of 800 patterns *?a?bN*', Array.from({ length: 800 }, (_, index) => `*?a?b${index}*`), value],
  [
    'a usual one, *Mozilla/5.0*Firefox*, on 80 characters',
    '*Mozilla/5.0*Firefox*',
    `Mozilla/5.0 (X11; Linux) ${'x'.repeat(55)}`,
  ],
]

export function benchPatterns(print: (line: string) => void): void {
  for (const [what, wanted, actual] of worst) {
    const times = Array.from({ length: rounds }, () => millisecondsOf(wanted, actual)).sort((a, b) => a - b)
    const [best = Number.NaN] = times
    const median = times[times.length >> 1] ?? Number.NaN
    print(`StringLike, ${what}: ${best.toFixed(3)} (${median.toFixed(3)}) ms (target ≤ ${target})`)
  }
}

function millisecondsOf(wanted: string | readonly string[], actual: string): number {
  const condition = { StringLike: { 'aws:UserAgent': wanted } }
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: condition }],
  } as const
  const stack: PolicyStack = { identity: [compilePolicy(parsed(document, 'identity'))], scps: [], rcps: [] }
  const request: Request = {
    principal: parsePrincipal('arn:aws:iam::123456789012:user/alice'),
    action: 's3:GetObject',
    resource: '*',
    context: buildContext([['aws:UserAgent', actual]]),
  }
  decide(stack, { ...request, context: buildContext([]) })
  const start = process.cpuUsage()
  decide(stack, request)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}
