/**
 * Two sets of policies compared in decisions: which requests are allowed under one and not under the other.
 *
 * The requests tried are those that the policies can tell apart. Actions, resources and values of condition keys fall
 * into regions, within which no pattern and no comparison tells two of them apart, and one of each region is tried.
 * Requests that meet the same statements on both sides cannot differ and are left out; requests that meet the same
 * pair of different sets of statements are decided alike, so one action and resource of each such pair is searched
 * over all contexts.
 */

import { decide } from '../decide/decide.ts'
import { explain } from '../explain/explain.ts'
import type { Condition, DiffOptions, Policy, PolicyDiff, Principal, Request, Statement, Witness } from '../types.ts'
import { type ConcreteContext, combinations, contextDomains } from './contexts.ts'
import { findRegions } from './regions.ts'
import { type Assignment, contextOf, type ResourceSpace, resourceSpace } from './resource-space.ts'
import { callerFor, type Scenario, scenariosOf } from './scenarios.ts'

/** About a second. */
const requestsMaxDefault = 500_000
const witnessesMaxDefault = 20

/** The statements that speak of an action and a resource, on both sides, and examples of such. */
interface Group {
  readonly statements: readonly Statement[]
  readonly assignment: Assignment
  /** Pairs of action and resource; decided alike but for operations that need no permission. */
  readonly samples: (readonly [action: string, resource: string])[]
}

/** Examples kept of each group, one for each action. */
const samplesMax = 25

interface Search {
  readonly requestsMax: number
  readonly witnessesMax: number
  readonly witnesses: Witness[]
  readonly notCovered: Set<string>
  requestsTried: number
}

/**
 * Requests whose outcome changes from `before` to `after`, as witnesses with both explanations.
 *
 * Each policy counts as what its kind says (identity policies together, SCPs on one level, at most one boundary and one
 * resource or trust policy a side). Where only limits are compared, everything is assumed to be allowed otherwise.
 * A change from an implicit to an explicit denial is no difference: the request is denied before and after.
 *
 * @returns `complete` with no witness means that no request is decided differently. Otherwise `notCovered` says what was
 *   left out. One witness is given for each action and each direction of each pair of statement sets, not every request.
 * @throws TypeError for two boundaries or two resource policies on one side
 */
export function diffPolicies(
  before: readonly Policy[],
  after: readonly Policy[],
  options: DiffOptions = {},
): PolicyDiff {
  const search: Search = {
    requestsMax: options.requestsMax ?? requestsMaxDefault,
    witnessesMax: options.witnessesMax ?? witnessesMaxDefault,
    witnesses: [],
    notCovered: new Set(),
    requestsTried: 0,
  }
  const statements = [...before, ...after].flatMap((policy) => policy.statements)
  noteOldVariables([...before, ...after], search)
  const space = resourceSpace(statements, variableValues(statements))
  const groups = groupsOf(before, after, space, search)
  if (groups.length > 0) {
    for (const sentence of space.notCovered) search.notCovered.add(sentence)
    for (const scenario of scenariosOf(before, after, options.principals)) {
      for (const group of groups) searchGroup(scenario, group, space, search)
    }
  }
  return {
    witnesses: search.witnesses,
    complete: search.notCovered.size === 0,
    requestsTried: search.requestsTried,
    notCovered: [...search.notCovered],
  }
}

function noteOldVariables(policies: readonly Policy[], search: Search): void {
  for (const policy of policies) {
    const texts = policy.statements.flatMap((statement) => [
      ...(statement.resources?.values ?? []),
      ...statement.conditions.flatMap((condition) => condition.values),
    ])
    if (policy.version === '2008-10-17' && texts.some((text) => text.value.includes('${'))) {
      search.notCovered.add('texts with "${" in a document of version 2008-10-17 were read as variables')
    }
  }
}

/** Values that conditions ask of the keys that are policy variables somewhere. */
function variableValues(statements: readonly Statement[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (const condition of statements.flatMap((statement) => statement.conditions)) {
    const key = condition.key.value.toLowerCase()
    const known = values.get(key) ?? []
    values.set(key, [...known, ...condition.values.map((value) => value.value.replace(/[*?]/g, 'x'))])
  }
  return values
}

// ------------------------------------------------------------------------------------------------------------ groups

function groupsOf(
  before: readonly Policy[],
  after: readonly Policy[],
  space: ResourceSpace,
  search: Search,
): readonly Group[] {
  const sides = [bodiesOf(before), bodiesOf(after)] as const
  const all = [...sides[0], ...sides[1]]
  const patterns = [...new Set(all.flatMap(({ statement }) => actionPatterns(statement)))]
  const actions = findRegions(
    { text: '?*:?*' },
    patterns.map((text) => ({ text })),
  )
  if (!actions.complete) search.notCovered.add('not all combinations of the action patterns were tried')
  const groups = new Map<string, Group>()
  for (const region of actions.regions) {
    const matched = new Set(region.matched.map((index) => patterns[index]))
    const speaks = (body: Body): boolean =>
      actionPatterns(body.statement).some((text) => matched.has(text)) === (body.statement.actions.element === 'Action')
    const spoken = [sides[0].filter(speaks), sides[1].filter(speaks)] as const
    if (keyOf(spoken[0]) === keyOf(spoken[1]) && sameResources(spoken[0], spoken[1])) continue
    for (const assignment of space.assignments) {
      space.resources.forEach((resource, index) => {
        const meets = (body: Body): boolean => space.speaksOf(body.statement, index, assignment)
        const met = [spoken[0].filter(meets), spoken[1].filter(meets)] as const
        const keys = [keyOf(met[0]), keyOf(met[1])]
        if (keys[0] === keys[1]) return
        addSample(groups, [...keys, ...[...assignment].flat()].join('\n'), met.flat(), assignment, [
          region.text,
          resource,
        ])
      })
    }
  }
  return [...groups.values()]
}

function addSample(
  groups: Map<string, Group>,
  key: string,
  bodies: readonly Body[],
  assignment: Assignment,
  sample: readonly [string, string],
): void {
  const group = groups.get(key) ?? { statements: bodies.map((body) => body.statement), assignment, samples: [] }
  groups.set(key, group)
  const known = group.samples.some(([action]) => action === sample[0])
  if (!known && group.samples.length < samplesMax) group.samples.push(sample)
}

/** A statement and what it does once its action and resource are met: equal bodies have equal effects. */
interface Body {
  readonly statement: Statement
  readonly body: string
  readonly resources: string
}

function bodiesOf(policies: readonly Policy[]): readonly Body[] {
  return policies.flatMap((policy) =>
    policy.statements.map((statement) => ({
      statement,
      body: JSON.stringify([
        policy.kind,
        policy.version,
        statement.effect,
        statement.principals?.element,
        statement.principals?.values.map((value) => `${value.type} ${value.value}`).sort(),
        statement.conditions
          .map((condition) =>
            [condition.operator.value, condition.key.value.toLowerCase(), ...textsOf(condition)].join('\t'),
          )
          .sort(),
      ]),
      resources: JSON.stringify([
        statement.resources?.element,
        statement.resources?.values.map((value) => value.value).sort(),
      ]),
    })),
  )
}

function textsOf(condition: Condition): string[] {
  return condition.values.map((value) => value.value).sort()
}

function keyOf(bodies: readonly Body[]): string {
  return [...new Set(bodies.map((body) => body.body))].sort().join('\n')
}

function sameResources(left: readonly Body[], right: readonly Body[]): boolean {
  const written = (bodies: readonly Body[]): string =>
    [...new Set(bodies.map((body) => `${body.body}${body.resources}`))].sort().join('\n')
  return written(left) === written(right)
}

function actionPatterns(statement: Statement): readonly string[] {
  return statement.actions.values.map((value) => value.value.toLowerCase())
}

// ------------------------------------------------------------------------------------------------------------ search

function searchGroup(scenario: Scenario, group: Group, space: ResourceSpace, search: Search): void {
  const [sample] = group.samples.filter(([action]) => !needsNoPermission(scenario, action))
  if (sample === undefined) return
  const principals = scenario.principals.length > 0 ? scenario.principals : [undefined]
  for (const principal of principals) {
    const seen = new Set<string>()
    const { domains, notCovered } = contextDomains(group.statements, group.assignment, space.assignments, principal)
    for (const sentence of notCovered) search.notCovered.add(sentence)
    for (const context of combinations(contextOf(group.assignment), domains)) {
      if (search.requestsTried >= search.requestsMax) {
        search.notCovered.add(`the search stopped after ${search.requestsMax} requests`)
        return
      }
      const request = toRequest(scenario, sample, context, principal, group)
      search.requestsTried++
      const direction = directionOf(scenario, request)
      if (direction === undefined || seen.has(direction)) continue
      seen.add(direction)
      addWitnesses(scenario, group, context, principal, search)
      if (seen.size === 2) break
    }
  }
}

function needsNoPermission(scenario: Scenario, action: string): boolean {
  const request: Request = { principal: callerFor(new Map(), false), action, resource: '*', context: new Map() }
  return decide(scenario.before, request).layer === 'no-permission-needed'
}

function toRequest(
  scenario: Scenario,
  [action, resource]: readonly [string, string],
  context: ConcreteContext,
  principal: Principal | undefined,
  group: Group,
): Request {
  return {
    principal: principal ?? callerFor(context, group.assignment.has('aws:username')),
    action,
    resource,
    ...(scenario.resourceAccountId === undefined ? {} : { resourceAccountId: scenario.resourceAccountId }),
    context,
  }
}

function directionOf(scenario: Scenario, request: Request): 'opened' | 'closed' | undefined {
  const before = decide(scenario.before, request).effect === 'allow'
  const after = decide(scenario.after, request).effect === 'allow'
  return before === after ? undefined : after ? 'opened' : 'closed'
}

/** The witness found, and the same request with each other action that meets the same statements. */
function addWitnesses(
  scenario: Scenario,
  group: Group,
  context: ConcreteContext,
  principal: Principal | undefined,
  search: Search,
): void {
  for (const sample of group.samples) {
    const request = toRequest(scenario, sample, context, principal, group)
    if (directionOf(scenario, request) === undefined) continue
    if (search.witnesses.length >= search.witnessesMax) {
      search.notCovered.add(`more than ${search.witnessesMax} differences; the others are not listed`)
      return
    }
    search.witnesses.push({
      request,
      before: explain(scenario.before, request),
      after: explain(scenario.after, request),
    })
  }
}
