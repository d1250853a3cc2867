import type { Reach } from '../compile/principal.ts'
import type { Request } from '../request/types.ts'
import type { Decision, PolicyStack } from '../types.ts'
import { type Entry, findDecision, matches } from './bucket.ts'
import { type Case, closeCase, openCase } from './case.ts'
import { allowedAsRoot, allowedWithoutPermission, implicitDeny } from './decisions.ts'
import { type LayerIndex, slotOf } from './layer-index.ts'
import { grantNeeds, isCrossAccount, isDeniedToRoot, needsNoPermission, resourcePolicyMustAllow } from './rules.ts'

/**
 * Decides a request. The rules and their order are in rules.ts.
 *
 * @param stack all policies that apply to the caller and the resource. Keep its lists between requests: what is known
 *   about a list is remembered with it, and the list is frozen. `scps` and `rcps` that hold a level without an Allow deny.
 * @param request who asks for what; its caller is made by `parsePrincipal`, its context by `buildContext`.
 * @returns a frozen decision, made when the policies were compiled: nothing is allocated but for an action's first
 *   request.
 * @throws TypeError for a policy of a kind that does not belong where it stands, for a caller or context that is made
 *   otherwise, for an action or a resource that is no string, and for an account that the resource's ARN contradicts; RangeError
 *   for an action of more than 128 characters, a resource of more than 2,048, and what takes too long to compare. The caller must
 *   then deny.
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
  const opened = openCase(stack, request)
  const decision = decideCase(opened)
  closeCase(opened)
  return decision
}

export function decideCase(opened: Case): Decision {
  if (needsNoPermission(opened.action)) return allowedWithoutPermission
  return findDeny(opened) ?? findAllow(opened)
}

/** Step 1. */
function findDeny(opened: Case): Decision | undefined {
  for (let level = 0; level < opened.rcpLevels; level++) {
    const index = opened.rcps[level] as LayerIndex // openCase has filled so many
    if (!slotOf(index, opened).rcpReaches) break
    const deny = denyOf(index, opened)
    if (deny !== undefined) return deny
  }
  for (let level = 0; level < opened.scpLevels; level++) {
    const deny = denyOf(opened.scps[level], opened)
    if (deny !== undefined) return deny
  }
  return (
    denyOf(opened.resourcePolicy, opened, opened.boundary !== undefined) ??
    denyOf(opened.identity, opened) ??
    denyOf(opened.boundary, opened) ??
    (opened.session === 'absent' ? undefined : denyOf(opened.session, opened))
  )
}

function denyOf(index: LayerIndex | undefined, opened: Case, bounded = false): Decision | undefined {
  if (index === undefined) return undefined
  return index.unreadable ?? findDecision(slotOf(index, opened).deny, opened, bounded)
}

function allowOf(index: LayerIndex | undefined, opened: Case): Decision | undefined {
  return index && findDecision(slotOf(index, opened).allow, opened, false)
}

/** Steps 2 to 8. */
function findAllow(opened: Case): Decision {
  if (isDeniedToRoot(opened.principal, opened.action)) return implicitDeny.root
  for (let level = 0; level < opened.rcpLevels; level++) {
    const index = opened.rcps[level] as LayerIndex // openCase has filled so many
    if (!slotOf(index, opened).rcpReaches) break
    if (allowOf(index, opened) === undefined) return implicitDeny.rcp
  }
  for (let level = 0; level < opened.scpLevels; level++) {
    if (allowOf(opened.scps[level], opened) === undefined) return implicitDeny.scp
  }
  return findGrant(opened)
}

/** Steps 4 to 8. */
function findGrant(opened: Case): Decision {
  const { rules, resourcePolicy, action, resource } = opened
  const grant = findResourceGrant(opened)
  if (rules.identity === 'none') return grant?.decision ?? implicitDeny.resource
  const crossesAccounts = isCrossAccount(opened)
  if (grant === undefined && (crossesAccounts || resourcePolicyMustAllow(resourcePolicy?.kind, action, resource))) {
    return implicitDeny.resource
  }
  const needs = grantNeeds[grant === undefined || crossesAccounts ? 0 : reachOf(grant, opened)]
  if (grant !== undefined && !needs.filters && rules.escapes) return grant.decision
  let decision: Decision | undefined
  if (rules.identity === 'everything') decision = allowedAsRoot
  else if (grant !== undefined && !needs.identity) decision = grant.decision
  else decision = allowOf(opened.identity, opened)
  if (decision === undefined) return implicitDeny.identity
  return deniedByFilter(opened) ?? decision
}

/** Steps 6 and 7: boundary and session policies grant nothing, they only let through. */
function deniedByFilter(opened: Case): Decision | undefined {
  const { boundary, session, rules } = opened
  if (boundary !== undefined && allowOf(boundary, opened) === undefined) return implicitDeny.boundary
  if (session === 'absent') return rules.session === 'required' ? implicitDeny.session : undefined
  return allowOf(session, opened) === undefined ? implicitDeny.session : undefined
}

/** The Allow of the resource policy that names the caller most closely. */
function findResourceGrant(opened: Case): Entry | undefined {
  if (opened.resourcePolicy === undefined) return undefined
  const { entries } = slotOf(opened.resourcePolicy, opened).allow
  let best: Entry | undefined
  let bestReach: Reach = 0
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]
    if (entry === undefined) continue
    const reach = reachOf(entry, opened)
    if (reach <= bestReach || !matches(entry, opened, false)) continue
    best = entry
    bestReach = reach
    if (reach === 3) break
  }
  return best
}

function reachOf(entry: Entry, { principal }: Case): Reach {
  return entry.principal?.(principal, false) ?? 0
}
