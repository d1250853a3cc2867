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
import { accountOf } from '../decide/rules.ts'
import { explain } from '../explain/explain.ts'
import { buildContext } from '../request/build-context.ts'
import type { Principal, Request } from '../request/types.ts'
import type { DiffOptions, Policy, PolicyDiff, Statement, Witness } from '../types.ts'
import { contextOf } from './assignments.ts'
import { type ConcreteContext, combinations, contextDomains } from './contexts.ts'
import { type Group, groupsOf } from './groups.ts'
import type { Budget, Pattern } from './regions.ts'
import { type ResourceSpace, resourceSpace } from './resource-space.ts'
import { callerFor, comparesResources, type Scenario, scenariosOf } from './scenarios.ts'

/** About a second. */
const requestsMaxDefault = 500_000
const witnessesMaxDefault = 20
/** A few seconds at worst. AWS's largest policies need a tenth of it. */
const stepsMax = 20_000_000

/** KMS asks no key policy about them (decide/rules.ts). */
const aliasesOfKeys: Pattern = { text: 'arn:*:kms:*:*:alias/*', arn: 'parts' }

/** An ARN that names an account is of that account. */
function resourcesOfAccounts(scenarios: readonly Scenario[]): readonly Pattern[] {
  const accounts = new Set(scenarios.flatMap(({ resourceAccountId }) => resourceAccountId ?? []))
  return [...accounts].map((account) => ({ text: `arn:*:*:*:${account}:*`, arn: 'parts' }))
}

function mayHold({ account }: Group, { resourceAccountId }: Scenario): boolean {
  return account === undefined || resourceAccountId === undefined || account === resourceAccountId
}

interface Search {
  readonly requestsMax: number
  readonly witnessesMax: number
  readonly witnesses: Witness[]
  readonly notCovered: Set<string>
  readonly budget: Budget
  /** What has a witness already: pair of statement sets, direction, kind of caller, action. */
  readonly witnessed: Set<string>
  requestsTried: number
}

/**
 * Requests whose outcome changes from `before` to `after`, as witnesses with both explanations.
 *
 * Each policy counts as what its kind says (identity policies together, SCPs on one level, at most one boundary and one
 * resource or trust policy a side). Where only limits are compared (SCPs, boundaries, documents that only deny), everything
 * is assumed to be allowed otherwise, by a policy named "what is assumed beside it".
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
    budget: { steps: stepsMax },
    witnessed: new Set(),
    requestsTried: 0,
  }
  const statements = [...before, ...after].flatMap((policy) => policy.statements)
  noteOldVariables([...before, ...after], search)
  const kinds = new Set([...before, ...after].map((policy) => policy.kind))
  const scenarios = scenariosOf(before, after, options.principals, search.budget)
  const apart = comparesResources(kinds) ? [aliasesOfKeys, ...resourcesOfAccounts(scenarios)] : []
  const space = resourceSpace(statements, variableValues(statements), apart, search.budget)
  const { groups, compared } = groupsOf(before, after, space, search.notCovered, search.budget)
  // Resources and values that were left out may be where the difference is, whether or not the others show one.
  if (compared) for (const sentence of space.notCovered) search.notCovered.add(sentence)
  if (groups.length > 0) {
    for (const scenario of scenarios) {
      for (const group of groups) if (mayHold(group, scenario)) searchGroup(scenario, group, space, search)
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

function searchGroup(scenario: Scenario, group: Group, space: ResourceSpace, search: Search): void {
  const [sample] = group.samples
  if (sample === undefined) return
  const principals = scenario.principals.length > 0 ? scenario.principals : [undefined]
  for (const principal of principals) {
    const seen = new Set<string>()
    const { domains, notCovered } = contextDomains(
      group.statements,
      group.assignment,
      space.assignments,
      principal,
      search.budget,
    )
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
    context: buildContext(context),
  }
}

function directionOf(scenario: Scenario, request: Request): 'opened' | 'closed' | undefined {
  const before = decide(scenario.before(request.principal), request).effect === 'allow'
  const after = decide(scenario.after(request.principal), request).effect === 'allow'
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
    const direction = directionOf(scenario, request)
    const { kind } = request.principal
    const mark = [group.pair, direction, kind, accountOf(request.principal), request.action].join('\n')
    if (direction === undefined || search.witnessed.has(mark)) continue
    search.witnessed.add(mark)
    if (search.witnesses.length >= search.witnessesMax) {
      search.notCovered.add(`more than ${search.witnessesMax} differences; the others are not listed`)
      return
    }
    search.witnesses.push({
      request,
      before: explain(scenario.before(request.principal), request),
      after: explain(scenario.after(request.principal), request),
    })
  }
}
