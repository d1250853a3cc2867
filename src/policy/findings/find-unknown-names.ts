/**
 * Names that AWS does not know: services, actions, condition keys, forms of ARN. Which names exist is data that ages,
 * so it is passed in and may be absent; no decision ever depends on it.
 */

import type { Finding, Policy, Statement, Text } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { inDocumentOrder } from './findings.ts'
import { covers, resourceOverlaps } from './patterns.ts'
import { variablesOf } from './variables.ts'

/** One action of a service. */
export interface KnownAction {
  /** As AWS spells it, without the service: `GetObject`. */
  readonly name: string
  /** ARN patterns of the resources that it applies to, with `*` for what varies; empty: it takes `*` only. */
  readonly resources: readonly string[]
}

/** The names that exist. Services and keys are asked for in lower case. */
export interface KnownNames {
  /** Undefined: no such service. */
  actionsOf(service: string): Promise<readonly KnownAction[] | undefined>
  /** ARN patterns of the service's resources; undefined: unknown. */
  resourcesOf(service: string): Promise<readonly string[] | undefined>
  conditionKeyExists(key: string): Promise<boolean>
}

/** Findings on names, in the order of the document. */
export async function findUnknownNames(policy: Policy, names: KnownNames): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const statement of policy.statements) {
    found.push(...(await unknownActions(statement, names)))
    found.push(...(await unknownResources(statement, names)))
    found.push(...(await unknownKeys(statement, names)))
    found.push(...(await unknownVariables(statement, names)))
    found.push(...(await idleActions(statement, names)))
  }
  return found.sort(inDocumentOrder)
}

async function unknownActions(statement: Statement, names: KnownNames): Promise<Finding[]> {
  const found: Finding[] = []
  for (const entry of statement.actions.values) {
    const [service, pattern] = splitAction(entry)
    if (pattern === undefined || /[*?]/.test(service)) continue
    const actions = await names.actionsOf(service)
    if (actions === undefined) {
      found.push(
        findingAt(
          'UNKNOWN_SERVICE',
          entry,
          `no service has the prefix "${service}"; ${entry.value} matches nothing`,
          statement,
        ),
      )
    } else if (!actions.some((action) => covers(pattern, action.name.toLowerCase()))) {
      const near = nearest(pattern, actions)
      const hint = near === undefined ? '' : `; did you mean ${service}:${near}?`
      found.push(
        findingAt('UNKNOWN_ACTION', entry, `${service} has no action that "${entry.value}" matches${hint}`, statement),
      )
    }
  }
  return found
}

async function unknownResources(statement: Statement, names: KnownNames): Promise<Finding[]> {
  const found: Finding[] = []
  for (const entry of statement.resources?.values ?? []) {
    const service = entry.value.split(':')[2]
    if (!entry.value.startsWith('arn:') || service === undefined || /[*?$]/.test(service)) continue
    const forms = await names.resourcesOf(service.toLowerCase())
    if (forms === undefined || forms.length === 0 || forms.some((form) => resourceOverlaps(form, entry.value))) continue
    found.push(
      findingAt(
        'UNKNOWN_RESOURCE',
        entry,
        `${service} has no resource of the form "${entry.value}"; its ARNs look like ${shortList(forms)}`,
        statement,
      ),
    )
  }
  return found
}

async function unknownKeys(statement: Statement, names: KnownNames): Promise<Finding[]> {
  const found: Finding[] = []
  for (const condition of statement.conditions) {
    const key = condition.key.value
    if (await names.conditionKeyExists(key.toLowerCase())) continue
    found.push(
      findingAt(
        'UNKNOWN_CONDITION_KEY',
        condition.key,
        `no condition key "${key}" is known: requests never carry it, so ${condition.ifExists || condition.base.includes('Not') ? 'the condition always holds' : 'the condition never holds'} unless your own service sends it`,
        statement,
      ),
    )
  }
  return found
}

async function unknownVariables(statement: Statement, names: KnownNames): Promise<Finding[]> {
  const found: Finding[] = []
  const texts = [
    ...(statement.resources?.values ?? []),
    ...statement.conditions.flatMap((condition) => condition.values),
  ]
  for (const text of texts) {
    for (const variable of variablesOf(text.value)) {
      if (await names.conditionKeyExists(variable.toLowerCase())) continue
      found.push(
        findingAt(
          'UNKNOWN_VARIABLE',
          text,
          `no condition key "${variable}" is known, so the variable has no value and "${text.value}" matches nothing`,
          statement,
        ),
      )
    }
  }
  return found
}

/**
 * Actions written out by name that none of the statement's resources can be of. Wildcards are left alone, and so are
 * IAM's lists: AWS's tables say they take `*` only, yet IAM asks about `arn:aws:iam::ACCT:mfa/` or `…:user/`.
 */
async function idleActions(statement: Statement, names: KnownNames): Promise<Finding[]> {
  const { resources } = statement
  if (resources?.element !== 'Resource' || statement.actions.element !== 'Action') return []
  if (resources.values.some((entry) => /^[*]+$/.test(entry.value))) return []
  const found: Finding[] = []
  for (const entry of statement.actions.values) {
    const [service, name] = splitAction(entry)
    const known = (await names.actionsOf(service))?.find((action) => action.name.toLowerCase() === name)
    if (known === undefined || (service === 'iam' && known.resources.length === 0)) continue
    if (known.resources.some((form) => resources.values.some((value) => resourceOverlaps(form, value.value)))) continue
    const wanted =
      known.resources.length === 0
        ? 'it has no resource of its own: write "*"'
        : `it applies to ${shortList(known.resources)}`
    found.push(
      findingAt(
        'ACTION_NEVER_ON_RESOURCE',
        entry,
        `${entry.value} never meets a resource of this statement; ${wanted}`,
        statement,
      ),
    )
  }
  return found
}

function splitAction(entry: Text): [service: string, name: string | undefined] {
  const text = entry.value.toLowerCase()
  const colon = text.indexOf(':')
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)]
}

function shortList(forms: readonly string[]): string {
  return forms.length > 3 ? `${forms.slice(0, 3).join(', ')} and others` : forms.join(', ')
}

/** Misspellings of at most this many letters are worth a guess. */
const typosMax = 3

function nearest(pattern: string, actions: readonly KnownAction[]): string | undefined {
  if (/[*?]/.test(pattern)) return undefined
  let best: { name: string; distance: number } | undefined
  for (const action of actions) {
    const distance = editDistance(pattern, action.name.toLowerCase())
    if (distance <= typosMax && (best === undefined || distance < best.distance)) best = { name: action.name, distance }
  }
  return best?.name
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > typosMax) return typosMax + 1
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? typosMax + 1
}
