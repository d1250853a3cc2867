/**
 * Two sets of policies compared in decisions: which requests are allowed under one and not under the other.
 *
 * The requests tried are those that the policies can tell apart. Actions, resources and values of condition keys fall
 * into regions, within which no pattern and no comparison tells two of them apart, and one of each region is tried.
 * Requests that meet the same statements on both sides cannot differ and are left out; requests that meet the same
 * pair of different sets of statements are decided alike, so one action and resource of each such pair is searched
 * over all contexts.
 */

import type { DiffOptions, Policy, PolicyDiff, Statement } from '../types.ts'
import { type Group, groupsOf } from './groups.ts'
import type { Pattern } from './regions.ts'
import { resourceSpace } from './resource-space.ts'
import { comparesResources, type Scenario, scenariosOf } from './scenarios.ts'
import { type Search, searchGroup } from './search-group.ts'

/** About a second. */
const requestsMaxDefault = 500_000
const witnessesMaxDefault = 20
/** A few seconds at worst. AWS's largest policies need a tenth of it. */
const stepsMax = 20_000_000
/** The same for the decisions of all requests together: their steps, and a look at each statement. */
const decidingStepsMax = 200_000_000

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
  const statements = [...before, ...after].flatMap((policy) => policy.statements)
  const search: Search = {
    requestsMax: options.requestsMax ?? requestsMaxDefault,
    witnessesMax: options.witnessesMax ?? witnessesMaxDefault,
    witnesses: [],
    notCovered: new Set(),
    budget: { steps: stepsMax },
    witnessed: new Set(),
    requestsTried: 0,
    deciding: decidingStepsMax,
    statements: statements.length,
  }
  noteOldVariables([...before, ...after], search)
  const kinds = new Set([...before, ...after].map((policy) => policy.kind))
  const scenarios = scenariosOf(before, after, options.principals, search.notCovered, search.budget)
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
