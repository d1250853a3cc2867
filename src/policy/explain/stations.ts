/** The layers that a request passes, in the order of evaluation, each with its statements and whether it counts. */

import { statementsOf } from '../compile/compile-policy.ts'
import { type CompiledStatement, matchesAction } from '../compile/statement.ts'
import type { PolicyLayer } from '../decide/decisions.ts'
import { callerRules, classOf } from '../decide/rules.ts'
import type { Asked } from '../request/asked.ts'
import { contextEntries } from '../request/context.ts'
import { toAsciiLower } from '../request/fold.ts'
import type { ContextValue, Request } from '../request/types.ts'
import { rcpServices } from '../services.ts'
import type { CompiledPolicy, PolicyStack } from '../types.ts'

export interface PlacedStatement {
  readonly policyId: string | undefined
  readonly statement: CompiledStatement
}

export interface Station {
  readonly layer: PolicyLayer
  /** SCPs and RCPs. */
  readonly level: number | undefined
  /** Why the layer does not count for this request; undefined where it does. */
  readonly skipped: string | undefined
  readonly unreadable: CompiledPolicy | undefined
  readonly statements: readonly PlacedStatement[]
}

/** A request, with what is derived from it and its stack once, and what may still be spent on explaining it. */
export interface Question extends Asked {
  /** A copy of the context's, so that others can be tried in its place (trying.ts). */
  readonly values: Map<string, ContextValue>
  readonly request: Request
  readonly lowerCaseAction: string
  readonly bounded: boolean
}

export function toQuestion(stack: PolicyStack, request: Request, steps: number): Question {
  const rules = callerRules[classOf(request.principal)]
  const bounded = rules.boundary && stack.boundary !== undefined
  const values = new Map(contextEntries(request.context))
  return { request, lowerCaseAction: toAsciiLower(request.action), bounded, values, left: steps }
}

export function toStations(stack: PolicyStack, request: Request): readonly Station[] {
  const skip = whySkipped(stack, request)
  const one = (policy: CompiledPolicy | undefined) => (policy === undefined ? [] : [policy])
  return [
    ...stack.rcps.map((level, number) => toStation('rcp', level, skip.rcp, number)),
    ...stack.scps.map((level, number) => toStation('scp', level, skip.scp, number)),
    toStation('resource', one(stack.resource), undefined),
    toStation('identity', stack.identity, skip.identity),
    toStation('boundary', one(stack.boundary), skip.boundary),
    toStation('session', stack.session ?? [], skip.session),
  ]
}

function toStation(
  layer: PolicyLayer,
  policies: readonly CompiledPolicy[],
  skipped: string | undefined,
  level?: number,
): Station {
  const statements: PlacedStatement[] = []
  for (const policy of policies) {
    for (const statement of statementsOf(policy)) statements.push({ policyId: policy.id, statement })
  }
  return { layer, level, skipped, unreadable: policies.find(({ policy }) => policy === undefined), statements }
}

/** In words, what callerRules says of the caller. */
function whySkipped(stack: PolicyStack, request: Request): Partial<Record<PolicyLayer, string>> {
  const caller = classOf(request.principal)
  const rules = callerRules[caller]
  const skipped: Partial<Record<PolicyLayer, string>> = {}
  const service = request.action.split(':', 1)[0]?.toLowerCase() ?? ''
  if (!rules.rcp) skipped.rcp = `RCPs do not restrict a ${caller}`
  else if (stack.resourceInManagementAccount === true) skipped.rcp = 'RCPs do not reach the management account'
  else if (!rcpServices.has(service)) skipped.rcp = `RCPs do not reach the service ${service}`
  if (!rules.scp) skipped.scp = `SCPs do not restrict a ${caller}`
  else if (stack.principalInManagementAccount === true) skipped.scp = 'SCPs do not restrict the management account'
  if (rules.identity === 'everything') skipped.identity = 'root has no identity policies and needs none'
  else if (rules.identity === 'none') skipped.identity = `a ${caller} has no identity policies`
  if (!rules.boundary) skipped.boundary = `a ${caller} has no permissions boundary`
  else if (stack.boundary === undefined) skipped.boundary = 'no permissions boundary is set'
  if (rules.session === 'none') skipped.session = `a ${caller} has no session policies`
  else if (stack.session === undefined && rules.session !== 'required') skipped.session = 'no session policy was passed'
  return skipped
}

/** Does everything but the conditions match? What a statement says of callers, actions and resources is its author's. */
export function isAbout({ statement }: PlacedStatement, question: Question): boolean {
  const { request, lowerCaseAction, bounded } = question
  return (
    matchesAction(statement, lowerCaseAction, question) &&
    (statement.principal === undefined || statement.principal(request.principal, bounded) > 0) &&
    (statement.resource === undefined || statement.resource(request.resource, question))
  )
}
