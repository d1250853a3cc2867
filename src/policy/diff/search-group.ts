/** The requests of one group of actions and resources, in every context and of every caller. */

import { decisionSteps, TooMuchWork } from '../compile/work.ts'
import { closeCase, openCase } from '../decide/case.ts'
import { decideCase } from '../decide/decide.ts'
import { accountOf } from '../decide/rules.ts'
import { explain } from '../explain/explain.ts'
import { buildContext } from '../request/build-context.ts'
import type { Principal, Request } from '../request/types.ts'
import type { PolicyStack, Witness } from '../types.ts'
import { contextOf } from './assignments.ts'
import { callerFor } from './callers.ts'
import { type ConcreteContext, combinations, contextDomains } from './contexts.ts'
import type { Group } from './groups.ts'
import type { Budget } from './regions.ts'
import type { ResourceSpace } from './resource-space.ts'
import type { Scenario } from './scenarios.ts'

/** What one look at a statement costs, in steps of a decision. */
const statementSteps = 4

export interface Search {
  readonly requestsMax: number
  readonly witnessesMax: number
  readonly witnesses: Witness[]
  readonly notCovered: Set<string>
  readonly budget: Budget
  /** What has a witness already: pair of statement sets, direction, kind of caller, action. */
  readonly witnessed: Set<string>
  requestsTried: number
  /** What may still be spent on decisions. */
  deciding: number
  readonly statements: number
}

export function searchGroup(scenario: Scenario, group: Group, space: ResourceSpace, search: Search): void {
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
      if (search.requestsTried >= search.requestsMax || search.deciding < 0) {
        search.notCovered.add(`the search stopped after ${search.requestsTried} requests`)
        return
      }
      const request = toRequest(scenario, sample, context, principal, group)
      search.requestsTried++
      const direction = directionOf(scenario, request, search)
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

/** Undefined: decided alike, or too long to compare. */
function directionOf(scenario: Scenario, request: Request, search: Search): 'opened' | 'closed' | undefined {
  const before = isAllowed(scenario.before(request.principal), request, search)
  const after = isAllowed(scenario.after(request.principal), request, search)
  if (before === undefined || after === undefined || before === after) return undefined
  return after ? 'opened' : 'closed'
}

function isAllowed(stack: PolicyStack, request: Request, search: Search): boolean | undefined {
  const opened = openCase(stack, request)
  try {
    return decideCase(opened).effect === 'allow'
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    search.notCovered.add('some requests take too long to compare')
    return undefined
  } finally {
    search.deciding -= decisionSteps - opened.left + search.statements * statementSteps
    closeCase(opened)
  }
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
    const direction = directionOf(scenario, request, search)
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
