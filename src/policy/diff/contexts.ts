/** The request contexts that the conditions of some statements can tell apart. */

import { accountOf } from '../decide/rules.ts'
import { variablesOf } from '../findings/variables.ts'
import type { ContextValue, Principal } from '../request/types.ts'
import type { Condition, Statement } from '../types.ts'
import { type Assignment, substitute } from './assignments.ts'
import { type KeyDomain, keyDomain } from './key-domain.ts'
import type { Budget } from './regions.ts'

export type ConcreteContext = ReadonlyMap<string, ContextValue>

const principalArn = 'aws:principalarn'
const userName = 'aws:username'
const mfaPresent = 'aws:multifactorauthpresent'
const mfaAge = 'aws:multifactorauthage'

/**
 * @param assignment values of policy variables that are settled already
 * @param otherAssignments what else those variables may be, for values of conditions that name them
 * @param principal the caller, where it is settled: then so are the keys that describe it
 */
export function contextDomains(
  statements: readonly Statement[],
  assignment: Assignment,
  otherAssignments: readonly Assignment[],
  principal: Principal | undefined,
  budget: Budget,
): { readonly domains: readonly KeyDomain[]; readonly notCovered: readonly string[] } {
  const conditions = statements.flatMap((statement) => statement.conditions)
  const byKey = groupByKey(conditions)
  const notCovered: string[] = []
  for (const variable of conditions.flatMap(variablesIn)) {
    notCovered.push(`only some values of \${${variable}} were tried in conditions`)
    if (!byKey.has(variable.toLowerCase())) byKey.set(variable.toLowerCase(), [])
  }
  const expand = (value: string): readonly string[] => expandVariables(value, assignment, otherAssignments)
  const domains: KeyDomain[] = []
  for (const [key, own] of byKey) {
    const settled = settledValue(key, assignment, principal)
    const domain =
      settled === 'open' ? keyDomain(key, own, [], expand, budget) : { key, values: [settled.value], notCovered: [] }
    domains.push(domain)
    notCovered.push(...domain.notCovered)
  }
  return withNamesOfArns(domains, notCovered)
}

function groupByKey(conditions: readonly Condition[]): Map<string, Condition[]> {
  const byKey = new Map<string, Condition[]>()
  for (const condition of conditions) {
    const key = condition.key.value.toLowerCase()
    byKey.set(key, [...(byKey.get(key) ?? []), condition])
  }
  return byKey
}

function variablesIn(condition: Condition): readonly string[] {
  return condition.values.flatMap((value) => variablesOf(value.value))
}

/** The value with its variables replaced in each way that is tried; where nothing is settled, by `x`. */
function expandVariables(value: string, assignment: Assignment, others: readonly Assignment[]): readonly string[] {
  const names = variablesOf(value).map((name) => name.toLowerCase())
  if (names.length === 0) return [value]
  const filler = new Map(names.map((name) => [name, 'x']))
  const ways = [assignment, ...others].map((way) => new Map([...filler, ...way]))
  return [...new Set(ways.flatMap((way) => substitute(value, way) ?? []))]
}

function settledValue(
  key: string,
  assignment: Assignment,
  principal: Principal | undefined,
): { readonly value: string | undefined } | 'open' {
  if (assignment.has(key)) return { value: assignment.get(key) }
  if (principal === undefined) return 'open'
  switch (key) {
    case principalArn:
      return {
        value: principal.kind === 'role-session' ? principal.roleArn : 'arn' in principal ? principal.arn : undefined,
      }
    case 'aws:principalaccount':
      return { value: accountOf(principal) }
    case userName:
      return { value: principal.kind === 'user' ? userNameOf(principal.arn) : undefined }
    default:
      return 'open'
  }
}

/** Where both are asked for, the user's name is the end of the ARN. */
function withNamesOfArns(
  domains: readonly KeyDomain[],
  notCovered: readonly string[],
): { domains: readonly KeyDomain[]; notCovered: readonly string[] } {
  const arns = domains.find((domain) => domain.key === principalArn)
  if (arns === undefined || !domains.some((domain) => domain.key === userName)) return { domains, notCovered }
  const names = arns.values.flatMap((arn) => userNameOf(arn) ?? [])
  return {
    domains: domains.map((domain) =>
      domain.key === userName ? { ...domain, values: [...new Set([...domain.values, ...names])] } : domain,
    ),
    notCovered: [...notCovered, 'aws:PrincipalArn and aws:username were combined only where they name the same user'],
  }
}

function userNameOf(arn: ContextValue | undefined): string | undefined {
  return typeof arn === 'string' && arn.includes(':user/') ? arn.slice(arn.lastIndexOf('/') + 1) : undefined
}

/** Every combination of one value for each key that can occur. */
export function* combinations(settled: ConcreteContext, domains: readonly KeyDomain[]): Generator<ConcreteContext> {
  const keys = new Set(domains.map((domain) => domain.key))
  yield* combine(new Map(settled), domains, 0, keys)
}

function* combine(
  context: Map<string, ContextValue>,
  domains: readonly KeyDomain[],
  from: number,
  keys: ReadonlySet<string>,
): Generator<ConcreteContext> {
  const domain = domains[from]
  if (domain === undefined) {
    if (isPossible(context, keys)) yield new Map(context)
    return
  }
  for (const value of domain.values) {
    if (value === undefined) context.delete(domain.key)
    else context.set(domain.key, value)
    yield* combine(context, domains, from + 1, keys)
  }
  context.delete(domain.key)
}

/** Keys that AWS sets together: an age comes with MFA and only with it, a user's name with the user's ARN. */
function isPossible(context: ConcreteContext, keys: ReadonlySet<string>): boolean {
  if (keys.has(mfaPresent) && keys.has(mfaAge) && (context.get(mfaPresent) === 'true') !== context.has(mfaAge)) {
    return false
  }
  if (!keys.has(principalArn) || !keys.has(userName)) return true
  return context.get(userName) === userNameOf(context.get(principalArn))
}
