/** The request of `policy explain`, from its flags. */

import { accountOf } from '../../policy/decide/rules.ts'
import { buildContext } from '../../policy/request/build-context.ts'
import { parsePrincipal } from '../../policy/request/parse-principal.ts'
import type { Context, ContextValue, Principal } from '../../policy/request/types.ts'
import { PolicyMisuse } from './misuse.ts'

export const principalDefault = 'arn:aws:iam::123456789012:user/alice'

const role = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/

/**
 * A role stands for a session of it.
 *
 * @param roleArn of a session, which its own ARN does not say in full
 * @throws PolicyMisuse where no caller has this ARN
 */
export function readPrincipal(text: string, roleArn: string | undefined): Principal {
  const [, partition, accountId, name] = role.exec(text) ?? []
  const isRole = partition !== undefined
  if (isRole && roleArn !== undefined)
    throw new PolicyMisuse(`got --role beside the role ${text}, expected one of them`)
  if (roleArn === undefined && /:assumed-role\//.test(text)) {
    throw new PolicyMisuse(`got the session ${text}, expected --role with the ARN of its role, path and all`)
  }
  const session = `arn:${partition}:sts::${accountId}:assumed-role/${name}/session`
  const facts = isRole ? { roleArn: text } : roleArn === undefined ? {} : { roleArn }
  return orMisuse(() => parsePrincipal(isRole ? session : text, facts))
}

/**
 * `key=value`, repeated for several values, beside the keys that AWS fills in for the caller.
 *
 * @throws PolicyMisuse without `=`, and for values that are too long
 */
export function readContext(pairs: readonly string[], principal: Principal): Context {
  const lists = new Map<string, string[]>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new PolicyMisuse(`got --context "${pair}", expected key=value`)
    const key = pair.slice(0, equals).toLowerCase()
    lists.set(key, [...(lists.get(key) ?? []), pair.slice(equals + 1)])
  }
  const given = [...lists].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values] as const)
  return orMisuse(() => buildContext(new Map<string, ContextValue>([...callerContext(principal), ...given])))
}

/** @throws PolicyMisuse with the engine's own words for what it does not take */
export function orMisuse<T>(build: () => T): T {
  try {
    return build()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new PolicyMisuse(error.message)
    throw error
  }
}

const types = {
  root: 'Account',
  user: 'User',
  'role-session': 'AssumedRole',
  'federated-user': 'FederatedUser',
  service: 'Service',
  federated: 'Anonymous',
  anonymous: 'Anonymous',
} as const

/** The keys that AWS fills in for every request of the caller; what the flags say goes before. */
export function callerContext(principal: Principal): ReadonlyMap<string, string> {
  const context = new Map<string, string>([
    ['aws:principaltype', types[principal.kind]],
    ['aws:principalisawsservice', String(principal.kind === 'service')],
  ])
  const accountId = accountOf(principal)
  if (accountId !== undefined) context.set('aws:principalaccount', accountId)
  if (principal.kind === 'role-session') context.set('aws:principalarn', principal.roleArn)
  else if ('arn' in principal) context.set('aws:principalarn', principal.arn)
  if (principal.kind === 'user') context.set('aws:username', principal.arn.slice(principal.arn.lastIndexOf('/') + 1))
  return context
}
