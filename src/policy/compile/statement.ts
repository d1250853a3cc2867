/** One statement as closures. `decide` finds it through an index, `explain` asks it directly: the closures are the same. */

import type { Condition, Context, Effect, Policy, Statement } from '../types.ts'
import { type ArnTest, compileArn, isEverything } from './arn.ts'
import { type ConditionTest, compileCondition } from './condition.ts'
import { compileGlob, type Glob, toLiteral } from './glob.ts'
import { compilePrincipal, type PrincipalTest } from './principal.ts'
import { type Part, parseTemplate } from './template.ts'

export interface ActionPattern {
  /** In lower case, as written. */
  readonly text: string
  readonly isEverything: boolean
  /** Set where there is no wildcard. */
  readonly literal: string | undefined
  readonly matches: Glob
}

export interface ResourcePattern {
  /** Where the sixth part must begin so, up to its first wildcard or variable; '' where the pattern is no ARN. */
  readonly tailPrefix: string
  /** The sixth part is exactly `tailPrefix`. */
  readonly isWholeTail: boolean
  readonly matches: ArnTest
}

export interface CompiledCondition {
  readonly source: Condition
  readonly holds: ConditionTest
}

export interface CompiledStatement {
  readonly source: Statement
  readonly effect: Effect
  readonly principal: PrincipalTest | undefined
  readonly notAction: boolean
  readonly actions: readonly ActionPattern[]
  /** undefined: every resource. */
  readonly resource: ArnTest | undefined
  /** undefined: NotResource, or every resource. */
  readonly resources: readonly ResourcePattern[] | undefined
  readonly conditions: readonly CompiledCondition[]
  /** All conditions, cheapest first; undefined where there is none. */
  readonly condition: ConditionTest | undefined
}

export function compileStatement(statement: Statement, version: Policy['version']): CompiledStatement {
  const conditions = statement.conditions.map((source) => ({ source, holds: compileCondition(source, version) }))
  return {
    source: statement,
    effect: statement.effect,
    principal: statement.principals && compilePrincipal(statement.principals, statement.effect),
    notAction: statement.actions.element === 'NotAction',
    actions: statement.actions.values.map(({ value }) => compileAction(value)),
    ...compileResources(statement, version),
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
  }
}

const noContext: Context = new Map()

/** `action` in lower case. */
export function matchesAction(statement: CompiledStatement, action: string): boolean {
  for (const pattern of statement.actions) {
    if (pattern.matches(action, 0, action.length, noContext)) return !statement.notAction
  }
  return statement.notAction
}

function compileResources(
  statement: Statement,
  version: Policy['version'],
): Pick<CompiledStatement, 'resource' | 'resources'> {
  const { resources } = statement
  if (resources === undefined) return { resource: undefined, resources: undefined }
  const options = { variables: version === '2012-10-17', wildcards: true }
  const templates = resources.values.map(({ value }) => parseTemplate(value, options))
  const patterns = templates.map(compileResource)
  const matches = anyPattern(patterns)
  if (resources.element === 'NotResource') {
    return { resource: (value, context) => !matches(value, context), resources: undefined }
  }
  if (templates.some(isEverything)) return { resource: undefined, resources: undefined }
  return { resource: matches, resources: patterns }
}

function compileResource(parts: readonly Part[]): ResourcePattern {
  const matches = compileArn(parts, true)
  const tail = tailOf(parts)
  const [first] = tail
  const tailPrefix = first?.kind === 'text' ? first.text : ''
  return { tailPrefix, isWholeTail: tail.length === 1 && first?.kind === 'text', matches }
}

/** The parts after the fifth colon. */
function tailOf(parts: readonly Part[]): readonly Part[] {
  let colons = 0
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'text') continue
    for (let at = part.text.indexOf(':'); at >= 0; at = part.text.indexOf(':', at + 1)) {
      if (++colons < 5) continue
      const text = part.text.slice(at + 1)
      const rest = parts.slice(index + 1)
      return text === '' ? rest : [{ kind: 'text', text }, ...rest]
    }
  }
  return []
}

function anyPattern(patterns: readonly ResourcePattern[]): ArnTest {
  const [first, ...more] = patterns
  if (first !== undefined && more.length === 0) return first.matches
  return (value, context) => {
    for (const pattern of patterns) if (pattern.matches(value, context)) return true
    return false
  }
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
  if (more.length === 0) return (context) => first(context) && second(context)
  return (context) => {
    if (!first(context) || !second(context)) return false
    for (const holds of more) if (!holds(context)) return false
    return true
  }
}
