/**
 * How the documents of the two sides stand in a decision. A document is compared as what it is for, so what has to be
 * there for it to matter is assumed on both sides alike: an SCP only takes away, so something must be allowed first.
 */

import { compilePolicy } from '../compile/compile-policy.ts'
import { accountOf } from '../decide/rules.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { Principal } from '../request/types.ts'
import type { CompiledPolicy, Policy, PolicyKind, PolicyStack } from '../types.ts'
import { callersOf, otherAccount, ownAccount, sessionOf } from './callers.ts'
import type { Budget } from './regions.ts'

export interface Scenario {
  readonly before: StackFor
  readonly after: StackFor
  /** Callers to try; empty: whoever fits the request's context, see `callerFor`. */
  readonly principals: readonly Principal[]
  readonly resourceAccountId?: string
}

/** What applies to a caller. */
type StackFor = (caller: Principal) => PolicyStack

export function scenariosOf(
  before: readonly Policy[],
  after: readonly Policy[],
  given: readonly Principal[] | undefined,
  notCovered: Set<string>,
  budget: Budget,
): readonly Scenario[] {
  const kinds = new Set([...before, ...after].map((policy) => policy.kind))
  const fullScp = ![...before, ...after].some((policy) => policy.kind === 'scp' && allowsSomething(policy))
  // Documents that only deny are limits too: they are there to stand beside one that allows.
  const identityAllows = [...before, ...after].some((policy) => policy.kind === 'identity' && allowsSomething(policy))
  const everything = [allowEverything('identity')]
  if (!comparesResources(kinds)) {
    const principals = given ?? (kinds.has('session') ? [sessionOf(`arn:aws:iam::${ownAccount}:role/Role`)] : [])
    const beside = { identity: identityAllows ? [] : everything, fullScp, kinds }
    return [{ before: delegated(toStack(before, beside)), after: delegated(toStack(after, beside)), principals }]
  }
  const principals = given ?? callersOf([...before, ...after], notCovered, budget)
  // Whether the caller's own policies allow the request decides what a resource policy changes, so both are tried; and
  // so does whether the caller's account is the resource's.
  const assumptions = identityAllows ? [[]] : [[], everything]
  const accounts = new Set([ownAccount, otherAccount, ...principals.flatMap((principal) => accountOf(principal) ?? [])])
  return assumptions.flatMap((identity) => {
    const from = toStack(before, { identity, fullScp, kinds })
    const to = toStack(after, { identity, fullScp, kinds })
    return [...accounts].map((resourceAccountId) => ({
      before: () => from,
      after: () => to,
      principals,
      resourceAccountId,
    }))
  })
}

/** Then what the resource's own policy says is compared; otherwise it is taken to delegate to the account. */
export function comparesResources(kinds: ReadonlySet<PolicyKind>): boolean {
  return kinds.has('resource') || kinds.has('trust')
}

function allowsSomething(policy: Policy): boolean {
  return policy.statements.some((statement) => statement.effect === 'Allow')
}

/** What is assumed beside the documents of a side. */
interface Beside {
  readonly identity: readonly CompiledPolicy<'identity'>[]
  readonly fullScp: boolean
  readonly kinds: ReadonlySet<PolicyKind>
}

function toStack(policies: readonly Policy[], { identity, fullScp, kinds }: Beside): PolicyStack {
  const [boundary, ...boundaries] = ofKind(policies, 'boundary')
  const resources = [...ofKind(policies, 'resource'), ...ofKind(policies, 'trust')]
  if (boundaries.length > 0) throw new TypeError('expected at most one permissions boundary on each side')
  if (resources.length > 1) throw new TypeError('expected at most one resource or trust policy on each side')
  const [resource] = resources
  const session = ofKind(policies, 'session')
  const scps = ofKind(policies, 'scp')
  return {
    identity: [...ofKind(policies, 'identity'), ...identity],
    ...(boundary === undefined ? {} : { boundary }),
    ...(session.length > 0 ? { session } : {}),
    // A level without any document of ours has the FullAWSAccess that every level begins with.
    scps: kinds.has('scp') ? [[...scps, ...(fullScp || scps.length === 0 ? [allowEverything('scp')] : [])]] : [],
    rcps: kinds.has('rcp') ? [[...ofKind(policies, 'rcp'), allowEverything('rcp')]] : [],
    ...(resource === undefined ? {} : { resource }),
  }
}

function ofKind<Kind extends PolicyKind>(policies: readonly Policy[], kind: Kind): CompiledPolicy<Kind>[] {
  return policies.flatMap((policy, index) => {
    if (policy.kind !== kind) return []
    // Only a policy of this kind comes here, which the check above cannot tell the type checker.
    return [compilePolicy(policy as Policy<Kind>, policy.id?.value ?? `${kind} ${index + 1}`)]
  })
}

/**
 * Roles and keys need a policy of their own that allows (decide/rules.ts). Where none is compared, it is the one that AWS
 * makes for a new key: it leaves everything to the account, so that what the account's policies say shows.
 */
function delegated(stack: PolicyStack): StackFor {
  const byAccount = new Map<string, PolicyStack>()
  return (caller) => {
    const account = accountOf(caller)
    if (account === undefined) return stack
    const known = byAccount.get(account)
    if (known !== undefined) return known
    const made = { ...stack, resource: assumed('resource', `"Principal":{"AWS":"${account}"},`) }
    byAccount.set(account, made)
    return made
  }
}

/** Stands for the policies that are not compared: they allow, so that what is compared decides. */
function allowEverything<Kind extends 'identity' | 'scp' | 'rcp'>(kind: Kind): CompiledPolicy<Kind> {
  return assumed(kind, kind === 'rcp' ? '"Principal":"*",' : '')
}

function assumed<Kind extends PolicyKind>(kind: Kind, principal: string): CompiledPolicy<Kind> {
  const text = `{"Version":"2012-10-17","Statement":{"Effect":"Allow",${principal}"Action":"*","Resource":"*"}}`
  const parsed = parsePolicy(text, kind)
  if (!parsed.ok) throw new TypeError(`the assumed ${kind} policy does not parse`)
  return compilePolicy(parsed.policy, 'what is assumed beside it')
}
