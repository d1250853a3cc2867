/** Who calls, where two policies are compared: everyone whom they can tell apart. */

import { type PrincipalFacts, parsePrincipal } from '../request/parse-principal.ts'
import type { Principal } from '../request/types.ts'
import type { Policy } from '../types.ts'
import { keyDomain } from './key-domain.ts'
import type { Budget } from './regions.ts'

export const ownAccount = '123456789012'
export const otherAccount = '999999999999'

/** The caller that a context speaks of: `aws:PrincipalArn`, or else `aws:username`. */
export function callerFor(context: ReadonlyMap<string, unknown>, usernameMatters: boolean): Principal {
  const arn = context.get('aws:principalarn')
  const named = typeof arn === 'string' ? callerOf(arn) : undefined
  if (named !== undefined) return named
  const name = context.get('aws:username')
  if (usernameMatters && name === undefined) return sessionOf(`arn:aws:iam::${ownAccount}:role/Role`)
  return (typeof name === 'string' ? tryParse(userArn(name, ownAccount)) : undefined) ?? userOf('alice', ownAccount)
}

/** Undefined: nobody can call by this name. */
function tryParse(text: string, facts?: PrincipalFacts): Principal | undefined {
  try {
    return parsePrincipal(text, facts)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function userArn(name: string, accountId: string): string {
  return `arn:aws:iam::${accountId}:user/${name}`
}

function userOf(name: string, accountId: string): Principal {
  return parsePrincipal(userArn(name, accountId))
}

export function sessionOf(roleArn: string): Principal {
  return parsePrincipal(sessionArn(roleArn), { roleArn })
}

function sessionArn(roleArn: string): string {
  return roleArn.replace(/:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/, ':sts::$1:assumed-role/$2/session')
}

/** The caller whom an ARN of a policy means: the user, a session of the role, … */
function callerOf(arn: string): Principal | undefined {
  if (/:role\//.test(arn)) return tryParse(sessionArn(arn), { roleArn: arn })
  // Any path of the role will do: the policy does not say one.
  const roleArn = arn.replace(/:sts::(\d{12}):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2')
  return tryParse(arn, roleArn === arn ? {} : { roleArn })
}

/** All of them together; more are not combined. */
const callersMax = 2_000

/**
 * Everyone whom Principal elements name, one of each kind whom none names, and whoever is named in several ways at once: a session
 * of a role with each path that its name has, who came by each provider, of an account with each canonical id.
 */
export function callersOf(policies: readonly Policy[], notCovered: Set<string>, budget: Budget): readonly Principal[] {
  const names = policies.flatMap((policy) =>
    policy.statements.flatMap((statement) => statement.principals?.values ?? []),
  )
  const valuesOf = (type: string) => [...new Set(names.filter((name) => name.type === type).map(({ value }) => value))]
  const simple = [
    userOf('alice', ownAccount),
    userOf('mallory', otherAccount),
    sessionOf(`arn:aws:iam::${ownAccount}:role/Role`),
    parsePrincipal(`arn:aws:iam::${ownAccount}:root`),
    parsePrincipal('x.amazonaws.com'),
    parsePrincipal('*'),
    ...names.flatMap(({ type, value }) => named(type, value)),
    ...arnsAskedFor(policies, budget).map((arn) => callerFor(new Map([['aws:principalarn', arn]]), false)),
  ]
  const found = new Map<string, Principal>()
  const add = (text: string, facts: PrincipalFacts): void => {
    if (found.size >= callersMax)
      notCovered.add('not all combinations of roles, providers and canonical ids were tried')
    const caller = found.size < callersMax ? tryParse(text, facts) : undefined
    if (caller !== undefined) found.set(JSON.stringify(caller), caller)
  }
  for (const caller of simple) found.set(JSON.stringify(caller), caller)
  const providers = valuesOf('Federated')
  const canonicals = valuesOf('CanonicalUser')
  const roles = new Set(simple.flatMap((caller) => (caller.kind === 'role-session' ? caller.roleArn : [])))
  for (const caller of simple) {
    if (!('arn' in caller)) continue
    for (const roleArn of caller.kind === 'role-session' ? roles : [undefined]) {
      for (const federatedProvider of caller.kind === 'role-session' ? [undefined, ...providers] : [undefined]) {
        for (const canonicalUserId of [undefined, ...canonicals]) {
          add(caller.arn, {
            ...(roleArn !== undefined && { roleArn }),
            ...(federatedProvider !== undefined && { federatedProvider }),
            ...(canonicalUserId !== undefined && { canonicalUserId }),
          })
        }
      }
    }
  }
  return [...found.values()]
}

/** What conditions compare `aws:PrincipalArn` with. */
function arnsAskedFor(policies: readonly Policy[], budget: Budget): readonly string[] {
  const conditions = policies
    .flatMap((policy) => policy.statements.flatMap((statement) => statement.conditions))
    .filter((condition) => condition.key.value.toLowerCase() === 'aws:principalarn')
  if (conditions.length === 0) return []
  const { values } = keyDomain('aws:principalarn', conditions, [], (value) => [value], budget)
  return values.filter((value) => typeof value === 'string')
}

function named(type: string, value: string): readonly Principal[] {
  const one = (principal: Principal | undefined): readonly Principal[] => (principal === undefined ? [] : [principal])
  if (value === '*') return []
  if (type === 'Service') return one(tryParse(value, { nameOf: 'service' }))
  if (type === 'Federated') return one(tryParse(value, { nameOf: 'provider' }))
  if (type === 'CanonicalUser') return one(tryParse(userArn('canonical', otherAccount), { canonicalUserId: value }))
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(value)?.[1]
  if (account === undefined) return one(callerOf(value))
  return [userOf('alice', account), parsePrincipal(`arn:aws:iam::${account}:root`)]
}
