/**
 * The rules that differ by caller, by what a resource policy names, and by operation. They stand here and nowhere else;
 * rules.test.ts and layers.test.ts hold one case for each cell.
 *
 * The order of evaluation (IAM user guide, "Policy evaluation logic"):
 *
 * 0. an operation that needs no permission is allowed;
 * 1. an explicit deny in any layer that applies denies: RCP, SCP, resource, identity, boundary, session, in this order of
 *    report; a policy that cannot be read counts as an explicit deny;
 * 2. what root cannot do at all, no policy allows it; RCP: every level must allow; 3. SCP: every level must allow;
 * 4. resource policy: it may be decisive (`direct`), stand in for the identity policies (`role`), or be required;
 * 5. identity policies; 6. boundary; 7. session policies; 8. allow.
 *
 * Across accounts the resource policy must allow, and the caller's own side as well, whatever the resource policy names.
 */

import { accountStart, tailStart } from '../compile/arn.ts'
import { equalsIgnoringCase, startsWithIgnoringCase } from '../request/fold.ts'
import type { Principal, Request } from '../request/types.ts'
import type { PolicyKind } from '../types.ts'

export type CallerClass =
  | 'root'
  | 'user'
  | 'role-session'
  | 'service-linked-role'
  | 'federated-user'
  | 'service'
  | 'federated'
  | 'anonymous'

export interface CallerRules {
  /** SCPs apply (never in the management account). */
  readonly scp: boolean
  /** RCPs apply (never to resources of the management account). */
  readonly rcp: boolean
  /** `everything`: allowed without any policy. `none`: there is no identity side, only a resource policy can allow. */
  readonly identity: 'policies' | 'everything' | 'none'
  readonly boundary: boolean
  /** `required`: without a session policy nothing is allowed. */
  readonly session: 'where-passed' | 'required' | 'none'
  /** An Allow that names the caller directly escapes the implicit denies of identity, boundary and session. */
  readonly escapes: boolean
}

/**
 * | caller              | because |
 * |---------------------|---------|
 * | root                | no identity policy or boundary can be attached to it, and it is not implicitly denied; a member's root is bound by SCPs and RCPs; the task policy of AssumeRoot is a session policy |
 * | user, role-session  | the general case |
 * | service-linked-role | neither SCPs nor RCPs restrict it (Organizations user guide) |
 * | federated-user      | GetFederationToken without a session policy gives no permission; the session is bound by the boundary of the user who asked for it |
 * | service, federated, anonymous | have no account, so no identity policies and no SCPs |
 */
export const callerRules: Readonly<Record<CallerClass, CallerRules>> = {
  root: { scp: true, rcp: true, identity: 'everything', boundary: false, session: 'where-passed', escapes: false },
  user: { scp: true, rcp: true, identity: 'policies', boundary: true, session: 'where-passed', escapes: true },
  'role-session': {
    scp: true,
    rcp: true,
    identity: 'policies',
    boundary: true,
    session: 'where-passed',
    escapes: true,
  },
  'service-linked-role': {
    scp: false,
    rcp: false,
    identity: 'policies',
    boundary: true,
    session: 'where-passed',
    escapes: true,
  },
  'federated-user': { scp: true, rcp: true, identity: 'policies', boundary: true, session: 'required', escapes: true },
  service: { scp: false, rcp: true, identity: 'none', boundary: false, session: 'none', escapes: false },
  federated: { scp: false, rcp: true, identity: 'none', boundary: false, session: 'none', escapes: false },
  anonymous: { scp: false, rcp: true, identity: 'none', boundary: false, session: 'none', escapes: false },
}

export function classOf(principal: Principal): CallerClass {
  return principal.kind === 'role-session' && principal.serviceLinked ? 'service-linked-role' : principal.kind
}

/** The caller's account; undefined: it has none. */
export function accountOf(principal: Principal): string | undefined {
  return 'accountId' in principal ? principal.accountId : undefined
}

/**
 * What an Allow in a resource policy of the same account still leaves to be allowed elsewhere, by its `Reach`: how
 * closely it names the caller (IAM user guide, "Policy evaluation logic": "Resource-based policies and implicit denies in
 * other policy types"; "Principal": `*` needs no other permission, an account principal delegates to the account's
 * identity policies). `filters` are the boundary and the session policies.
 */
export const grantNeeds = [
  /* not at all  */ { identity: true, filters: true },
  /* the account */ { identity: true, filters: true },
  /* the role    */ { identity: false, filters: true },
  /* directly    */ { identity: false, filters: false },
] as const

/**
 * Allowed to everyone, whatever any policy says: "No permissions are required to perform this operation"
 * (STS API reference, GetCallerIdentity; GetSessionToken: policies cannot control authentication).
 */
const noPermissionNeeded = ['sts:getcalleridentity', 'sts:getsessiontoken']

export function needsNoPermission(action: string): boolean {
  return isOneOf(action, noPermissionNeeded)
}

/**
 * Denied to root, whatever any policy says: "You cannot use AWS account root user credentials to call AssumeRole" (STS API
 * reference, AssumeRole; AssumeRoot says the same).
 */
const deniedToRoot = ['sts:assumerole', 'sts:assumeroot']

export function isDeniedToRoot(principal: Principal, action: string): boolean {
  return principal.kind === 'root' && isOneOf(action, deniedToRoot)
}

/**
 * Operations on a role that its trust policy must allow: without a trust policy they are denied. The last three are asked
 * when a role is assumed with tags, a source identity or a context (IAM user guide, "Pass session tags in AWS STS",
 * "Permissions required to set a source identity").
 */
const roleActions = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:setcontext',
  'sts:setsourceidentity',
  'sts:tagsession',
]

/**
 * Operations that the management account does to its members: no policy of the member's account speaks of them (STS API
 * reference, AssumeRoot).
 */
const acrossOrganization = ['sts:assumeroot']

/**
 * Operations of KMS that no key is part of: the rows without `key` in the Service Authorization Reference. Their resource is
 * `*`, and no policy but the caller's own speaks of them.
 */
const kmsActionsWithoutKey = [
  'kms:connectcustomkeystore',
  'kms:createcustomkeystore',
  'kms:createkey',
  'kms:deletecustomkeystore',
  'kms:describecustomkeystores',
  'kms:disconnectcustomkeystore',
  'kms:generaterandom',
  'kms:listaliases',
  'kms:listkeys',
  'kms:listretirablegrants',
  'kms:updatecustomkeystore',
]

/**
 * Operations whose resource may be an alias: the rows with `alias` in the Service Authorization Reference. Any other operation
 * is on the key, also where a request names it by an alias.
 */
const kmsAliasActions = ['kms:createalias', 'kms:deletealias', 'kms:updatealias']

/** All that has rules of its own here, in lower case. */
export const actionsWithRules = [...deniedToRoot, ...roleActions, 'kms:*', ...kmsActionsWithoutKey, ...kmsAliasActions]

/**
 * Trust policies and KMS key policies must allow, an identity policy alone does not do: "Unless the key policy explicitly
 * allows it, you cannot use IAM policies to allow access to a KMS key" (KMS developer guide, "Key policies in AWS KMS"). So
 * without a trust policy nobody assumes the role, and without a key policy nobody uses the key.
 *
 * @param kind of the resource policy; undefined: there is none
 */
export function resourcePolicyMustAllow(kind: PolicyKind | undefined, action: string, resource: string): boolean {
  if (kind === 'trust') return true
  if (isOneOf(action, roleActions)) return !isOnFederatedUser(action, resource)
  if (!startsWithIgnoringCase(action, 'kms:')) return false
  return kind !== undefined || !(isOneOf(action, kmsActionsWithoutKey) || isOnAlias(action, resource))
}

/** GetFederationToken with tags: a federated user is STS's own and has no policy. */
function isOnFederatedUser(action: string, resource: string): boolean {
  return equalsIgnoringCase(action, 'sts:tagsession') && isOfService(resource, 'sts:', 'federated-user/')
}

/** An alias of KMS has no policy of its own; the request that changes one is asked about its key as well. */
function isOnAlias(action: string, resource: string): boolean {
  return isOneOf(action, kmsAliasActions) && isOfService(resource, 'kms:', 'alias/')
}

/** @param service with its colon; `path` is what the sixth part begins with */
function isOfService(resource: string, service: string, path: string): boolean {
  const tail = tailStart(resource)
  return (
    tail >= 0 &&
    resource.startsWith(service, resource.indexOf(':', 'arn:'.length) + 1) &&
    resource.startsWith(path, tail)
  )
}

type AskedAcross = Pick<Request, 'principal' | 'action' | 'resource'> & {
  readonly resourceAccountId?: string | undefined
}

/** Is the resource of another account than the caller's? Whoever has no account is in none of them. */
export function isCrossAccount({ principal, action, resource, resourceAccountId }: AskedAcross): boolean {
  const own = accountOf(principal)
  if (own === undefined) return resourceAccountId !== undefined
  if (resourceAccountId !== undefined && resourceAccountId !== own) return !isOneOf(action, acrossOrganization)
  const start = accountStart(resource)
  return start >= 0 && !resource.startsWith(own, start) && !isOneOf(action, acrossOrganization)
}

function isOneOf(action: string, names: readonly string[]): boolean {
  for (const name of names) if (equalsIgnoringCase(action, name)) return true
  return false
}
