/**
 * One case: a request and all that applies to it, read once and checked. What follows asks the case and nothing else, so that
 * nothing that is given twice can be given in two ways.
 */

import { decisionSteps } from '../compile/work.ts'
import type { Asked } from '../request/asked.ts'
import { checkRequest } from '../request/check-request.ts'
import type { ContextValues } from '../request/context.ts'
import type { Principal, Request } from '../request/types.ts'
import type { CompiledPolicy, PolicyStack } from '../types.ts'
import { indexOfList, indexOfPolicy, type LayerIndex } from './layer-index.ts'
import { type CallerRules, callerRules, classOf } from './rules.ts'

export interface Case extends Asked {
  principal: Principal
  action: string
  resource: string
  resourceAccountId: string | undefined
  rules: CallerRules
  /** Undefined: the layer does not apply to the caller, or has no policy. */
  identity: LayerIndex | undefined
  resourcePolicy: LayerIndex | undefined
  boundary: LayerIndex | undefined
  /** `absent`: no session policy was passed, which is not the same as none that allows. */
  session: LayerIndex | 'absent'
  /** The first `scpLevels` are this case's; the list is longer where an earlier case had more. */
  scps: LayerIndex[]
  scpLevels: number
  rcps: LayerIndex[]
  rcpLevels: number
}

const nothing: ContextValues = new Map()

/** The last case, to be used again: a decision allocates none. Undefined while it is in use, so that no two share one. */
let spare: Case | undefined

/**
 * @param steps what may be spent on it
 * @throws as `decide`
 */
export function openCase(stack: PolicyStack, request: Request, steps = decisionSteps): Case {
  const { principal, action, resource, resourceAccountId, context } = request
  const values = checkRequest(principal, action, resource, resourceAccountId, context)
  const opened = spare ?? newCase(principal)
  spare = undefined
  opened.principal = principal
  opened.action = action
  opened.resource = resource
  opened.resourceAccountId = resourceAccountId
  opened.values = values
  opened.left = steps
  opened.rules = callerRules[classOf(principal)]
  openStack(opened, stack)
  return opened
}

/** What is known of it is not asked for any more. */
export function closeCase(opened: Case): void {
  opened.values = nothing
  spare = opened
}

function newCase(principal: Principal): Case {
  return {
    values: nothing,
    left: 0,
    principal,
    action: '',
    resource: '',
    resourceAccountId: undefined,
    rules: callerRules.anonymous,
    identity: undefined,
    resourcePolicy: undefined,
    boundary: undefined,
    session: 'absent',
    scps: [],
    scpLevels: 0,
    rcps: [],
    rcpLevels: 0,
  }
}

/**
 * INVARIANT(kinds): every list is opened, and with it the kinds of its policies are checked, whether or not it applies to the
 * caller: a policy that stands in a wrong place is found by the first request and not by the first caller whom it concerns.
 */
function openStack(opened: Case, stack: PolicyStack): void {
  const { rules } = opened
  const identity = indexOfList(stack.identity, 'identity')
  const boundary = stack.boundary === undefined ? undefined : indexOfPolicy(stack.boundary, 'boundary')
  const session = stack.session === undefined ? 'absent' : indexOfList(stack.session, 'session')
  opened.identity = rules.identity === 'policies' ? identity : undefined
  opened.boundary = rules.boundary ? boundary : undefined
  opened.session = rules.session === 'none' ? 'absent' : session
  opened.resourcePolicy = stack.resource === undefined ? undefined : indexOfPolicy(stack.resource, 'resource')
  const scpLevels = openLevels(opened.scps, stack.scps, 'scp')
  const rcpLevels = openLevels(opened.rcps, stack.rcps, 'rcp')
  opened.scpLevels = rules.scp && stack.principalInManagementAccount !== true ? scpLevels : 0
  opened.rcpLevels = rules.rcp && stack.resourceInManagementAccount !== true ? rcpLevels : 0
}

function openLevels(into: LayerIndex[], levels: readonly (readonly CompiledPolicy[])[], layer: 'scp' | 'rcp'): number {
  if (!Array.isArray(levels)) throw new TypeError(`got no list of levels for the layer ${layer}`)
  for (let level = 0; level < levels.length; level++) into[level] = indexOfList(levels[level] as never, layer)
  return levels.length
}
