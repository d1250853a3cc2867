/** Which actions and resources a statement speaks of, whatever its conditions and principals say. */

import type { Condition, Statement } from '../types.ts'
import { covers } from './patterns.ts'

/** Does the statement speak of this action on this resource, when the caller is the user `userName`? */
export function reaches(statement: Statement, action: string, resource: string, userName: string): boolean {
  return reachesAction(statement, action) && reachesResource(statement, resource, userName)
}

export function reachesAction(statement: Statement, action: string): boolean {
  const listed = statement.actions.values.some((value) => covers(value.value.toLowerCase(), action.toLowerCase()))
  return listed === (statement.actions.element === 'Action')
}

export function reachesResource(statement: Statement, resource: string, userName: string): boolean {
  const { resources } = statement
  if (resources === undefined) return true
  const listed = resources.values.some((value) => covers(withUserName(value.value, userName), resource))
  return listed === (resources.element === 'Resource')
}

function withUserName(pattern: string, userName: string): string {
  return pattern.replace(/\$\{\s*aws:username\s*(,[^}]*)?\}/gi, () => userName)
}

/** Is everything that `inner` speaks of also spoken of by `outer`? Says no where it cannot tell. */
export function reachesAllOf(outer: Statement, inner: Statement): boolean {
  return listCovers(actionList(outer), actionList(inner)) && listCovers(resourceList(outer), resourceList(inner))
}

interface List {
  readonly negated: boolean
  readonly patterns: readonly string[]
}

function actionList(statement: Statement): List {
  return {
    negated: statement.actions.element === 'NotAction',
    patterns: statement.actions.values.map((value) => value.value.toLowerCase()),
  }
}

function resourceList(statement: Statement): List {
  if (statement.resources === undefined) return { negated: false, patterns: ['*'] }
  return {
    negated: statement.resources.element === 'NotResource',
    patterns: statement.resources.values.map((value) => value.value),
  }
}

/** Lists as long as AWS's longest; beyond it nobody waits for the answer. */
const comparisonsMax = 2_000_000

function listCovers(outer: List, inner: List): boolean {
  if (outer.patterns.length * inner.patterns.length > comparisonsMax) return false
  const inEach = (wide: readonly string[], narrow: readonly string[]): boolean =>
    narrow.every((pattern) => wide.some((wider) => covers(wider, pattern)))
  if (!outer.negated) {
    return outer.patterns.includes('*') || (!inner.negated && inEach(outer.patterns, inner.patterns))
  }
  // Everything but `outer.patterns` contains everything but `inner.patterns` when the latter leave out at least as much.
  return inner.negated && inEach(inner.patterns, outer.patterns)
}

export function isEverything(list: { readonly values: readonly { readonly value: string }[] } | undefined): boolean {
  return list === undefined || list.values.some((value) => value.value === '*' || value.value === '*:*')
}

export function conditionsOn(statement: Statement, ...keys: readonly string[]): readonly Condition[] {
  return statement.conditions.filter((condition) => keys.includes(condition.key.value.toLowerCase()))
}
