/**
 * How the documents of the two sides stand in a decision. A document is compared as what it is for, so what has to be
 * there for it to matter is assumed on both sides alike: an SCP only takes away, so something must be allowed first.
 */

import { compilePolicy } from '../compile/compile-policy.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { CompiledPolicy, Policy, PolicyKind, PolicyStack, Principal } from '../types.ts'
import { keyDomain } from './key-domain.ts'
import type { Budget } from './regions.ts'

export interface Scenario {
  readonly before: PolicyStack
  readonly after: PolicyStack
  /** Callers to try; empty: whoever fits the request's context, see `callerFor`. */
  readonly principals: readonly Principal[]
  readonly resourceAccountId?: string
}

export const ownAccount = '123456789012'
const otherAccount = '999999999999'

export function scenariosOf(
  before: readonly Policy[],
  after: readonly Policy[],
  given: readonly Principal[] | undefined,
  budget: Budget,
): readonly Scenario[] {
  const kinds = new Set([...before, ...after].map((policy) => policy.kind))
  const stacks = (assumed: readonly CompiledPolicy[]): Pick<Scenario, 'before' | 'after'> => {
    const fullScp = [...before, ...after].some((policy) => policy.kind === 'scp' && allowsSomething(policy))
    return {
      before: toStack(before, kinds, assumed, !fullScp),
      after: toStack(after, kinds, assumed, !fullScp),
    }
  }
  // Documents that only deny are limits too: they are there to stand beside one that allows.
  const identityAllows = [...before, ...after].some((policy) => policy.kind === 'identity' && allowsSomething(policy))
  if (!kinds.has('resource') && !kinds.has('trust')) {
    const principals = given ?? (kinds.has('session') ? [sessionOf('Role')] : [])
    return [{ ...stacks(identityAllows ? [] : [allowEverything('identity')]), principals }]
  }
  const principals = given ?? principalsOf([...before, ...after], budget)
  // Whether the caller's own policies allow the request decides what a resource policy changes, so both are tried; and
  // so does whether the caller's account is the resource's.
  const assumptions = identityAllows ? [[]] : [[], [allowEverything('identity')]]
  const accounts = new Set([ownAccount, ...principals.flatMap((principal) => principal.accountId ?? [])])
  accounts.delete(otherAccount)
  return assumptions.flatMap((assumed) =>
    [...accounts].map((resourceAccountId) => ({ ...stacks(assumed), principals, resourceAccountId })),
  )
}

function allowsSomething(policy: Policy): boolean {
  return policy.statements.some((statement) => statement.effect === 'Allow')
}

function toStack(
  policies: readonly Policy[],
  kinds: ReadonlySet<PolicyKind>,
  assumed: readonly CompiledPolicy[],
  withFullScp: boolean,
): PolicyStack {
  const of = (kind: PolicyKind): CompiledPolicy[] =>
    policies.flatMap((policy, index) =>
      policy.kind === kind ? [compilePolicy(policy, policy.id?.value ?? `${kind} ${index + 1}`)] : [],
    )
  const [boundary, ...boundaries] = of('boundary')
  const resources = [...of('resource'), ...of('trust')]
  if (boundaries.length > 0) throw new TypeError('expected at most one permissions boundary on each side')
  if (resources.length > 1) throw new TypeError('expected at most one resource or trust policy on each side')
  const [resource] = resources
  const scps = of('scp')
  return {
    identity: [...of('identity'), ...assumed],
    ...(boundary === undefined ? {} : { boundary }),
    ...(kinds.has('session') && of('session').length > 0 ? { session: of('session') } : {}),
    // A level without any document of ours has the FullAWSAccess that every level begins with.
    scps: kinds.has('scp') ? [[...scps, ...(withFullScp || scps.length === 0 ? [allowEverything('scp')] : [])]] : [],
    rcps: kinds.has('rcp') ? [[...of('rcp'), allowEverything('rcp')]] : [],
    ...(resource === undefined ? {} : { resource }),
  }
}

/** Stands for the policies that are not compared: they allow, so that what is compared decides. */
function allowEverything(kind: 'identity' | 'scp' | 'rcp'): CompiledPolicy {
  const principal = kind === 'rcp' ? '"Principal":"*",' : ''
  const text = `{"Version":"2012-10-17","Statement":{"Effect":"Allow",${principal}"Action":"*","Resource":"*"}}`
  // An RCP may only deny: the Allow that AWS attaches itself has the grammar of a resource policy.
  const parsed = parsePolicy(text, kind === 'rcp' ? 'resource' : kind)
  if (!parsed.ok) throw new TypeError(`the assumed ${kind} policy does not parse`)
  return compilePolicy(parsed.policy, 'what is assumed beside it')
}

/** The caller that a context speaks of: `aws:PrincipalArn`, or else `aws:username`. */
export function callerFor(context: ReadonlyMap<string, unknown>, usernameMatters: boolean): Principal {
  const arn = context.get('aws:principalarn')
  if (typeof arn === 'string') {
    const [, accountId, path] = /^arn:[^:]+:iam::(\d{12}):(.+)$/.exec(arn) ?? []
    if (accountId !== undefined && path === 'root') return { kind: 'root', arn, accountId }
    const role = /^role\/(?:.*\/)?([^/]+)$/.exec(path ?? '')?.[1]
    if (role !== undefined) return { ...sessionOf(role), roleArn: arn }
    if (accountId !== undefined && path?.startsWith('user/')) return { kind: 'user', arn, accountId }
  }
  const name = context.get('aws:username')
  if (usernameMatters && name === undefined) return sessionOf('Role')
  return userOf(typeof name === 'string' ? name : 'alice', ownAccount)
}

function userOf(name: string, accountId: string): Principal {
  return { kind: 'user', arn: `arn:aws:iam::${accountId}:user/${name}`, accountId }
}

function sessionOf(role: string, accountId: string = ownAccount, session = 'session'): Principal {
  return {
    kind: 'role-session',
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    accountId,
    roleArn: `arn:aws:iam::${accountId}:role/${role}`,
  }
}

/** Everyone whom Principal elements name, and one of each kind whom none names. */
function principalsOf(policies: readonly Policy[], budget: Budget): readonly Principal[] {
  const found = new Map<string, Principal>()
  const add = (principal: Principal): void => void found.set(`${principal.kind} ${principal.arn}`, principal)
  add(userOf('alice', ownAccount))
  add(userOf('mallory', otherAccount))
  add(sessionOf('Role'))
  add({ kind: 'root', arn: `arn:aws:iam::${ownAccount}:root`, accountId: ownAccount })
  add({ kind: 'service', arn: 'x.amazonaws.com' })
  add({ kind: 'anonymous', arn: '' })
  for (const policy of policies) {
    for (const statement of policy.statements) {
      for (const value of statement.principals?.values ?? []) {
        for (const principal of named(value.type, value.value)) add(principal)
      }
    }
  }
  const conditions = policies
    .flatMap((policy) => policy.statements.flatMap((statement) => statement.conditions))
    .filter((condition) => condition.key.value.toLowerCase() === 'aws:principalarn')
  if (conditions.length > 0) {
    for (const arn of keyDomain('aws:principalarn', conditions, [], (value) => [value], budget).values) {
      if (typeof arn === 'string') add(callerFor(new Map([['aws:principalarn', arn]]), false))
    }
  }
  return [...found.values()]
}

function named(type: string, value: string): readonly Principal[] {
  if (value === '*') return []
  if (type === 'Service') return [{ kind: 'service', arn: value }]
  if (type === 'CanonicalUser') return [{ ...userOf('canonical', otherAccount), canonicalUserId: value }]
  if (type === 'Federated') {
    return [{ kind: 'anonymous', arn: '', federatedProvider: value }]
  }
  const account = /^\d{12}$/.test(value) ? value : /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(value)?.[1]
  if (account === undefined) return []
  const path = value.split(':').slice(5).join(':')
  if (/^user\//.test(path)) return [{ kind: 'user', arn: value, accountId: account }]
  const role = /^role\/(?:.*\/)?([^/]+)$/.exec(path)?.[1]
  if (role !== undefined) return [{ ...sessionOf(role, account), roleArn: value }]
  const [, sessionRole, session] = /^assumed-role\/([^/]+)\/(.+)$/.exec(path) ?? []
  if (sessionRole !== undefined) return [sessionOf(sessionRole, account, session)]
  if (/^federated-user\//.test(path)) return [{ kind: 'federated-user', arn: value, accountId: account }]
  return [userOf('alice', account), { kind: 'root', arn: `arn:aws:iam::${account}:root`, accountId: account }]
}
