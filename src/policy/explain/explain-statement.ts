/** One statement against the request: which of its elements match, and the first that does not, in words. */

import { type CompiledCondition, matchesAction } from '../compile/statement.ts'
import { findValue } from '../request/context.ts'
import { principalName } from '../request/principal-name.ts'
import type { Request } from '../request/types.ts'
import type { ConditionExplanation, StatementExplanation } from '../types.ts'
import type { Asked, PlacedStatement } from './stations.ts'

const noConditions: readonly ConditionExplanation[] = []

export function explainStatement(placed: PlacedStatement, asked: Asked): StatementExplanation {
  const { request, lowerCaseAction, bounded } = asked
  const { policyId, statement } = placed
  const { source } = statement
  const action = matchesAction(statement, lowerCaseAction)
  const principal = statement.principal && statement.principal(request.principal, bounded) > 0
  const resource =
    source.resources && (statement.resource === undefined || statement.resource(request.resource, request.context))
  const conditions =
    action && statement.conditions.length > 0
      ? statement.conditions.map((condition) => explainCondition(condition, request))
      : noConditions
  const matched = action && principal !== false && resource !== false && allMatched(conditions)
  const { line, column } = source
  const why = whyOf(placed, request, { action, principal, resource, conditions })
  const explained: Writable<StatementExplanation> = {
    statement: source.index,
    effect: source.effect,
    matched,
    action,
    conditions,
    why,
    line,
    column,
  }
  if (policyId !== undefined) explained.policyId = policyId
  if (source.sid !== undefined) explained.sid = source.sid.value
  if (principal !== undefined) explained.principal = principal
  if (resource !== undefined) explained.resource = resource
  return explained
}

/** While it is built; spreading optional parts together is ten times as slow. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

function allMatched(conditions: readonly ConditionExplanation[]): boolean {
  for (const { matched } of conditions) if (!matched) return false
  return true
}

function explainCondition({ source, holds }: CompiledCondition, request: Request): ConditionExplanation {
  const actual = findValue(request.context, source.key.value.toLowerCase())
  const explained: Writable<ConditionExplanation> = {
    operator: source.operator.value,
    key: source.key.value,
    expected: source.values.map(({ value }) => value),
    matched: holds(request.context),
    line: source.line,
    column: source.column,
  }
  if (actual !== undefined) explained.actual = actual
  return explained
}

interface Elements {
  readonly action: boolean
  readonly principal: boolean | undefined
  readonly resource: boolean | undefined
  readonly conditions: readonly ConditionExplanation[]
}

function whyOf({ statement }: PlacedStatement, request: Request, elements: Elements): string {
  const { source } = statement
  if (!elements.action) {
    return source.actions.element === 'Action'
      ? `no Action matches ${request.action}`
      : `NotAction exempts ${request.action}`
  }
  if (elements.principal === false) {
    return source.principals?.element === 'Principal'
      ? `no Principal is ${principalName(request.principal)}`
      : `NotPrincipal exempts ${principalName(request.principal)}`
  }
  if (elements.resource === false) {
    return source.resources?.element === 'Resource'
      ? `no Resource matches ${request.resource}`
      : `NotResource exempts ${request.resource}`
  }
  const failed = elements.conditions.find(({ matched }) => !matched)
  if (failed !== undefined) {
    return `the condition ${conditionText(failed)} does not hold: ${actualText(failed)}${unlessSet(failed)}`
  }
  const conditions = elements.conditions.map((condition) => `${conditionText(condition)} (${actualText(condition)})`)
  const when = conditions.length === 0 ? '' : `: ${conditions.join(' and ')}`
  return `${source.effect === 'Allow' ? 'allows' : 'denies'} ${request.action}${when}`
}

export function conditionText({
  operator,
  key,
  expected,
}: Pick<ConditionExplanation, 'operator' | 'key' | 'expected'>) {
  return `${operator} ${key} ${valueText(expected)}`
}

function actualText({ key, actual }: ConditionExplanation): string {
  return actual === undefined ? `the request has no ${key}` : `the request has ${valueText(actual)}`
}

/** The values of a multivalued key may look like a match, and are none. */
function unlessSet({ operator, actual }: ConditionExplanation): string {
  if (actual === undefined || typeof actual === 'string' || /^For|^Null$/.test(operator)) return ''
  return ', and only ForAnyValue and ForAllValues match a multivalued key'
}

export function valueText(value: string | readonly string[]): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return value.length === 1 ? JSON.stringify(value[0]) : JSON.stringify(value)
}
