import type { Reach } from '../compile/principal.ts'
import { beginWork } from '../compile/work.ts'
import { checkRequest } from '../request/check-request.ts'
import type { Request } from '../request/types.ts'
import type { Decision, PolicyStack } from '../types.ts'
import { type Entry, findDecision, matches } from './bucket.ts'
import { allowedAsRoot, allowedWithoutPermission, implicitDeny } from './decisions.ts'
import { indexOfList, indexOfPolicy, type LayerIndex, slotOf } from './layer-index.ts'
import {
  accountOf,
  type CallerRules,
  callerRules,
  classOf,
  grantNeeds,
  isBounded,
  needsNoPermission,
  resourcePolicyMustAllow,
} from './rules.ts'

/**
 * Decides a request. The rules and their order are in rules.ts.
 *
 * @param stack all policies that apply to the caller and the resource. Keep its lists between requests: what is known
 *   about a list is remembered with it, and the list is frozen. `scps` and `rcps` that hold a level without an Allow deny.
 * @param request who asks for what; its caller is made by `parsePrincipal`, its context by `buildContext`.
 * @returns a frozen decision, made when the policies were compiled: nothing is allocated but for an action's first
 *   request.
 * @throws TypeError for a policy of a kind that does not belong where it stands, and for a caller or context that is made
 *   otherwise; RangeError for an action of more than 128 characters, a resource of more than 2,048, and patterns that take
 *   too long. The caller must then deny.
 *
 * Source: IAM user guide, "Policy evaluation logic".
 *
 * @example
 * const policy = parsePolicy('{"Version":"2012-10-17","Statement":{"Sid":"Admin","Effect":"Allow","Action":"*","Resource":"*"}}', 'identity')
 * const stack = { identity: [compilePolicy(policy.policy, 'Administrator')], scps: [], rcps: [] }
 * const principal = parsePrincipal('arn:aws:iam::123456789012:user/alice')
 * const context = buildContext([['aws:SecureTransport', 'true']])
 * decide(stack, { principal, action: 'iam:ListUsers', resource: '*', context })
 * // { effect: 'allow', layer: 'identity', policyId: 'Administrator', statement: 0, sid: 'Admin' }
 */
export function decide(stack: PolicyStack, request: Request): Decision {
  checkRequest(request)
  beginWork()
  if (needsNoPermission(request.action)) return allowedWithoutPermission
  const rules = callerRules[classOf(request.principal)]
  const identity =
    rules.identity === 'policies' && stack.identity.length > 0 ? indexOfList(stack.identity, 'identity') : undefined
  return findDeny(stack, request, rules, identity) ?? findAllow(stack, request, rules, identity)
}

/** Step 1. */
function findDeny(
  stack: PolicyStack,
  request: Request,
  rules: CallerRules,
  identity: LayerIndex | undefined,
): Decision | undefined {
  if (rules.rcp && stack.resourceInManagementAccount !== true) {
    for (const level of stack.rcps) {
      const index = indexOfList(level, 'rcp')
      if (!slotOf(index, request.action).rcpReaches) break
      const deny = denyOf(index, request)
      if (deny !== undefined) return deny
    }
  }
  if (rules.scp && stack.principalInManagementAccount !== true) {
    for (const level of stack.scps) {
      const deny = denyOf(indexOfList(level, 'scp'), request)
      if (deny !== undefined) return deny
    }
  }
  if (stack.resource !== undefined) {
    const deny = denyOf(indexOfPolicy(stack.resource, 'resource'), request, isBounded(stack, rules))
    if (deny !== undefined) return deny
  }
  if (identity !== undefined) {
    const deny = denyOf(identity, request)
    if (deny !== undefined) return deny
  }
  if (rules.boundary && stack.boundary !== undefined) {
    const deny = denyOf(indexOfPolicy(stack.boundary, 'boundary'), request)
    if (deny !== undefined) return deny
  }
  if (rules.session !== 'none' && stack.session !== undefined) {
    return denyOf(indexOfList(stack.session, 'session'), request)
  }
  return undefined
}

function denyOf(index: LayerIndex, request: Request, bounded = false): Decision | undefined {
  return index.unreadable ?? findDecision(slotOf(index, request.action).deny, request, bounded)
}

function allowOf(index: LayerIndex, request: Request): Decision | undefined {
  return findDecision(slotOf(index, request.action).allow, request, false)
}

/** Steps 2 to 8. */
function findAllow(
  stack: PolicyStack,
  request: Request,
  rules: CallerRules,
  identity: LayerIndex | undefined,
): Decision {
  if (rules.rcp && stack.resourceInManagementAccount !== true) {
    for (const level of stack.rcps) {
      const index = indexOfList(level, 'rcp')
      if (!slotOf(index, request.action).rcpReaches) break
      if (allowOf(index, request) === undefined) return implicitDeny.rcp
    }
  }
  if (rules.scp && stack.principalInManagementAccount !== true) {
    for (const level of stack.scps) {
      if (allowOf(indexOfList(level, 'scp'), request) === undefined) return implicitDeny.scp
    }
  }
  return findGrant(stack, request, rules, identity)
}

/** Steps 4 to 8. */
function findGrant(
  stack: PolicyStack,
  request: Request,
  rules: CallerRules,
  identity: LayerIndex | undefined,
): Decision {
  const grant = findResourceGrant(stack, request)
  if (rules.identity === 'none') return grant?.decision ?? implicitDeny.resource
  const { principal, resourceAccountId } = request
  const isCrossAccount = resourceAccountId !== undefined && resourceAccountId !== accountOf(principal)
  if (grant === undefined && (isCrossAccount || resourcePolicyMustAllow(stack, request))) {
    return implicitDeny.resource
  }
  const needs = grantNeeds[grant === undefined || isCrossAccount ? 0 : reachOf(grant, request)]
  if (grant !== undefined && !needs.filters && rules.escapes) return grant.decision
  let decision: Decision | undefined
  if (rules.identity === 'everything') decision = allowedAsRoot
  else if (grant !== undefined && !needs.identity) decision = grant.decision
  else if (identity !== undefined) decision = allowOf(identity, request)
  if (decision === undefined) return implicitDeny.identity
  return deniedByFilter(stack, request, rules) ?? decision
}

/** Steps 6 and 7: boundary and session policies grant nothing, they only let through. */
function deniedByFilter(stack: PolicyStack, request: Request, rules: CallerRules): Decision | undefined {
  if (rules.boundary && stack.boundary !== undefined) {
    if (allowOf(indexOfPolicy(stack.boundary, 'boundary'), request) === undefined) return implicitDeny.boundary
  }
  if (stack.session === undefined) return rules.session === 'required' ? implicitDeny.session : undefined
  return allowOf(indexOfList(stack.session, 'session'), request) === undefined ? implicitDeny.session : undefined
}

/** The Allow of the resource policy that names the caller most closely. */
function findResourceGrant(stack: PolicyStack, request: Request): Entry | undefined {
  if (stack.resource === undefined) return undefined
  const { entries } = slotOf(indexOfPolicy(stack.resource, 'resource'), request.action).allow
  let best: Entry | undefined
  let bestReach: Reach = 0
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]
    if (entry === undefined) continue
    const reach = reachOf(entry, request)
    if (reach <= bestReach || !matches(entry, request, false)) continue
    best = entry
    bestReach = reach
    if (reach === 3) break
  }
  return best
}

function reachOf(entry: Entry, request: Request): Reach {
  return entry.principal?.(request.principal, false) ?? 0
}
