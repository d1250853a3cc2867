/** One statement as closures. `decide` finds it through an index, `explain` asks it directly: the closures are the same. */

import type { Asked } from '../request/asked.ts'
import { actionCharactersMax } from '../request/limits.ts'
import type { Condition, Effect, Policy, Statement } from '../types.ts'
import { isEverything } from './arn.ts'
import { type ConditionTest, compileCondition } from './condition.ts'
import { compileGlob, type Glob, searchOf, stepsAtPlaceOfShort, toLiteral } from './glob.ts'
import { compilePrincipal, type PrincipalTest } from './principal.ts'
import { type CompiledResources, compileResources, everyResource } from './resource.ts'
import { parseTemplate, sizeOf } from './template.ts'
import { spend } from './work.ts'

export interface ActionPattern {
  /** In lower case, as written. */
  readonly text: string
  readonly isEverything: boolean
  /** Set where there is no wildcard. */
  readonly literal: string | undefined
  readonly matches: Glob
  /** What it costs to match it with an action, and with each letter of one that has to be searched. */
  readonly steps: number
  readonly stepsAtPlace: number
}

export interface CompiledCondition {
  readonly source: Condition
  readonly holds: ConditionTest
}

export interface CompiledStatement extends CompiledResources {
  readonly source: Statement
  readonly effect: Effect
  readonly principal: PrincipalTest | undefined
  readonly notAction: boolean
  readonly actions: readonly ActionPattern[]
  readonly conditions: readonly CompiledCondition[]
  /** All conditions, cheapest first; undefined where there is none. */
  readonly condition: ConditionTest | undefined
}

export function compileStatement(statement: Statement, version: Policy['version']): CompiledStatement {
  const { effect, principals, resources } = statement
  const options = { variables: version === '2012-10-17', wildcards: true }
  const conditions = statement.conditions.map((source) => ({
    source,
    holds: compileCondition(source, version, effect),
  }))
  return {
    source: statement,
    effect,
    principal: principals && compilePrincipal(principals, effect),
    notAction: statement.actions.element === 'NotAction',
    actions: statement.actions.values.map(({ value }) => compileAction(value)),
    ...(resources === undefined ? everyResource : compileResources(resources, effect, options)),
    conditions,
    condition: allOf(conditions),
  }
}

/** Actions have no variables, and are compared without regard to case. */
function compileAction(value: string): ActionPattern {
  const text = value.toLowerCase()
  const parts = parseTemplate(text, { variables: false, wildcards: true })
  const isEvery = isEverything(parts) || text === '*:*'
  return {
    text,
    isEverything: isEvery,
    literal: toLiteral(parts),
    matches: isEvery ? () => true : compileGlob(parts),
    steps: Math.min(sizeOf(parts), actionCharactersMax),
    stepsAtPlace: searchOf(parts) === 'none' ? 0 : stepsAtPlaceOfShort(parts),
  }
}

/** `action` in lower case. */
export function matchesAction(statement: CompiledStatement, action: string, asked: Asked): boolean {
  for (const pattern of statement.actions) {
    spend(asked, pattern.steps + pattern.stepsAtPlace * action.length)
    if (pattern.matches(action, 0, action.length, asked)) return !statement.notAction
  }
  return statement.notAction
}

/** What a test costs, roughly: the order in which conditions are asked. */
const costs: readonly (readonly [start: string, cost: number])[] = [
  ['Null', 0],
  ['Bool', 0],
  ['StringEquals', 1],
  ['StringNotEquals', 1],
  ['Numeric', 2],
  ['String', 3],
  ['Arn', 4],
]

function costOf({ source }: CompiledCondition): number {
  return costs.find(([start]) => source.base.startsWith(start))?.[1] ?? 5
}

function allOf(conditions: readonly CompiledCondition[]): ConditionTest | undefined {
  const [first, second, ...more] = [...conditions].sort((a, b) => costOf(a) - costOf(b)).map(({ holds }) => holds)
  if (first === undefined || second === undefined) return first
  if (more.length === 0) return (asked) => first(asked) && second(asked)
  return (asked) => {
    if (!first(asked) || !second(asked)) return false
    for (const holds of more) if (!holds(asked)) return false
    return true
  }
}
