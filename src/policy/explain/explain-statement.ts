/** One statement against the request: which of its elements match, and the first that does not, in words. */

import { type CompiledCondition, matchesAction } from '../compile/statement.ts'
import { spend } from '../compile/work.ts'
import { toAsciiLower } from '../request/fold.ts'
import { principalName } from '../request/principal-name.ts'
import type { Request } from '../request/types.ts'
import type { ConditionExplanation, StatementExplanation } from '../types.ts'
import type { PlacedStatement, Question } from './stations.ts'

/** What it costs to put a statement into words, or a condition. */
const statementSteps = 256

const noConditions: readonly ConditionExplanation[] = []

export function explainStatement(placed: PlacedStatement, question: Question): StatementExplanation {
  const { request, lowerCaseAction, bounded } = question
  const { policyId, statement } = placed
  const { source } = statement
  spend(question, statementSteps + source.conditions.length * statementSteps)
  const action = matchesAction(statement, lowerCaseAction, question)
  const principal = statement.principal && statement.principal(request.principal, bounded) > 0
  const resource =
    source.resources && (statement.resource === undefined || statement.resource(request.resource, question))
  const conditions =
    action && statement.conditions.length > 0
      ? statement.conditions.map((condition) => explainCondition(condition, question))
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

function explainCondition({ source, holds }: CompiledCondition, question: Question): ConditionExplanation {
  const actual = question.values.get(toAsciiLower(source.key.value))
  const explained: Writable<ConditionExplanation> = {
    operator: source.operator.value,
    key: source.key.value,
    expected: source.values.map(({ value }) => value),
    matched: holds(question),
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
  if (typeof value === 'string') return quoted(value)
  const [first] = value
  if (value.length === 1 && first !== undefined) return quoted(first)
  const shown = value.slice(0, shownMax).map(quoted).join(',')
  return value.length > shownMax ? `[${shown},…]` : `[${shown}]`
}

/** What nobody reads to its end is cut; `actual`, `expected` and `context` have all of it. */
const shownMax = 100
const shownCharactersMax = 1_000

function quoted(text: string): string {
  return text.length > shownCharactersMax
    ? `${JSON.stringify(text.slice(0, shownCharactersMax))}…`
    : JSON.stringify(text)
}
