/**
 * Who a Principal element means, and how closely: the closeness decides which implicit denies an Allow in a resource
 * policy escapes (decide/rules.ts).
 *
 * | reach     | the element says                                                                    |
 * |-----------|-------------------------------------------------------------------------------------|
 * | `direct`  | the user, the role session, the federated user, the service itself; or everyone      |
 * | `role`    | the role of a role session, or the identity provider that vouched for it             |
 * | `account` | the caller's account, by id, by `:root` ARN or by canonical id                       |
 *
 * NotPrincipal spares a caller from a Deny only if everything that the caller is made of is listed: the account, the
 * role, the session ("AWS might validate the account first, then the role, and then the assumed-role user": IAM user
 * guide, "NotPrincipal"), and never if a permissions boundary applies to the caller (the same page: it "will always deny
 * any IAM principal that has a permissions boundary policy attached"). From an Allow it excludes a caller of whom anything at all is listed. Both err towards deny.
 */

import type { Principal } from '../request/types.ts'
import type { Effect, PrincipalElement } from '../types.ts'

/** 0 not at all, 1 `account`, 2 `role`, 3 `direct`: a number, so that the closest is quick to find. */
export type Reach = 0 | 1 | 2 | 3

/** `bounded`: a permissions boundary applies to the caller. */
export type PrincipalTest = (principal: Principal, bounded: boolean) => Reach

const accountForm = /^(?:(\d{12})|arn:([a-z-]+):iam::(\d{12}):root)$/

interface Names {
  readonly everyone: boolean
  readonly everyService: boolean
  readonly everyProvider: boolean
  /** Bare ids, which are of whatever partition the policy is in; and `:root` ARNs, by partition. */
  readonly accounts: ReadonlySet<string>
  readonly accountsOf: ReadonlyMap<string, ReadonlySet<string>>
  readonly arns: ReadonlySet<string>
  readonly services: ReadonlySet<string>
  readonly providers: ReadonlySet<string>
  readonly canonicalUsers: ReadonlySet<string>
}

export function compilePrincipal(element: PrincipalElement, effect: Effect): PrincipalTest {
  const names = toNames(element)
  if (element.element === 'Principal') {
    if (names.everyone) return () => 3
    return (principal) => reachOf(names, principal)
  }
  if (effect === 'Deny') {
    return (principal, bounded) => (!bounded && (names.everyone || isWhollyListed(names, principal)) ? 0 : 3)
  }
  if (names.everyone) return () => 0
  return (principal) => (reachOf(names, principal) > 0 ? 0 : 3)
}

function toNames(element: PrincipalElement): Names {
  const accounts = new Set<string>()
  const accountsOf = new Map<string, Set<string>>()
  const arns = new Set<string>()
  const names = {
    AWS: arns,
    Service: new Set<string>(),
    Federated: new Set<string>(),
    CanonicalUser: new Set<string>(),
  }
  let everyone = false
  for (const { type, value } of element.values) {
    const account = type === 'AWS' ? accountForm.exec(value) : null
    if (type === '*') everyone = true
    else if (account === null) names[type].add(type === 'AWS' ? value : value.toLowerCase())
    else if (account[1] !== undefined) accounts.add(account[1])
    else {
      const [, , partition = '', accountId = ''] = account
      accountsOf.set(partition, (accountsOf.get(partition) ?? new Set()).add(accountId))
    }
  }
  return {
    everyone,
    everyService: names.Service.has('*'),
    everyProvider: names.Federated.has('*'),
    accounts,
    accountsOf,
    arns,
    services: names.Service,
    providers: new Set(element.values.filter(({ type }) => type === 'Federated').map(({ value }) => value)),
    canonicalUsers: names.CanonicalUser,
  }
}

function reachOf(names: Names, principal: Principal): Reach {
  switch (principal.kind) {
    case 'service':
      return names.everyService || names.services.has(principal.name) ? 3 : 0
    case 'federated':
      return isProvider(names, principal.provider) ? 2 : 0
    case 'anonymous':
      return 0
    case 'role-session':
      if (names.arns.has(principal.arn)) return 3
      if (names.arns.has(principal.roleArn) || isProvider(names, principal.federatedProvider)) return 2
      return isAccount(names, principal) ? 1 : 0
    case 'root':
    case 'user':
    case 'federated-user':
      return names.arns.has(principal.arn) ? 3 : isAccount(names, principal) ? 1 : 0
    default:
      return principal satisfies never
  }
}

function isProvider(names: Names, provider: string | undefined): boolean {
  return provider !== undefined && (names.everyProvider || names.providers.has(provider))
}

/** What an account is known by. */
type OfAccount = Extract<Principal, { readonly accountId: string }>

function isAccount(names: Names, principal: OfAccount): boolean {
  const { canonicalUserId } = principal
  return isListed(names, principal) || (canonicalUserId !== undefined && names.canonicalUsers.has(canonicalUserId))
}

function isListed(names: Names, { partition, accountId }: OfAccount): boolean {
  return names.accounts.has(accountId) || names.accountsOf.get(partition)?.has(accountId) === true
}

function isWhollyListed(names: Names, principal: Principal): boolean {
  switch (principal.kind) {
    case 'service':
    case 'federated':
    case 'anonymous':
      return reachOf(names, principal) > 0
    case 'root':
      return isListed(names, principal)
    case 'role-session':
      return isListed(names, principal) && names.arns.has(principal.roleArn) && names.arns.has(principal.arn)
    case 'user':
    case 'federated-user':
      return isListed(names, principal) && names.arns.has(principal.arn)
    default:
      return principal satisfies never
  }
}
