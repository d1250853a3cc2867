/** The request of `policy explain`, from its flags. */

import type { ContextValue, Principal } from '../../policy/types.ts'
import { PolicyMisuse } from './misuse.ts'

export const principalDefault = 'arn:aws:iam::123456789012:user/alice'

/** @throws PolicyMisuse where no caller has this ARN */
export function parsePrincipal(text: string): Principal {
  if (text === '*') return { kind: 'anonymous', arn: '' }
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text)) return { kind: 'service', arn: text }
  const [, partition, service, accountId, path] = /^arn:(aws[a-z-]*):(iam|sts)::(\d{12}):(.+)$/.exec(text) ?? []
  if (partition === undefined || accountId === undefined || path === undefined) throw noPrincipal(text)
  if (service === 'iam' && path === 'root') return { kind: 'root', arn: text, accountId }
  if (service === 'iam' && path.startsWith('user/')) return { kind: 'user', arn: text, accountId }
  const role = service === 'iam' ? /^role\/(?:.*\/)?([^/]+)$/.exec(path)?.[1] : undefined
  if (role !== undefined) {
    const arn = `arn:${partition}:sts::${accountId}:assumed-role/${role}/session`
    const serviceLinkedRole = path.startsWith('role/aws-service-role/')
    return { kind: 'role-session', arn, accountId, roleArn: text, ...(serviceLinkedRole ? { serviceLinkedRole } : {}) }
  }
  const assumed = service === 'sts' ? /^assumed-role\/([^/]+)\/[^/]+$/.exec(path)?.[1] : undefined
  if (assumed !== undefined) {
    return { kind: 'role-session', arn: text, accountId, roleArn: `arn:${partition}:iam::${accountId}:role/${assumed}` }
  }
  if (service === 'sts' && path.startsWith('federated-user/')) return { kind: 'federated-user', arn: text, accountId }
  throw noPrincipal(text)
}

function noPrincipal(text: string): PolicyMisuse {
  return new PolicyMisuse(
    `got the principal "${text}", expected the ARN of a root user, user, role or session, the name of a service, or *`,
  )
}

/** `key=value`, repeated for several values. @throws PolicyMisuse without `=` */
export function parseContext(pairs: readonly string[]): Map<string, ContextValue> {
  const lists = new Map<string, string[]>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new PolicyMisuse(`got --context "${pair}", expected key=value`)
    const key = pair.slice(0, equals).toLowerCase()
    lists.set(key, [...(lists.get(key) ?? []), pair.slice(equals + 1)])
  }
  return new Map([...lists].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]))
}

const types = {
  root: 'Account',
  user: 'User',
  'role-session': 'AssumedRole',
  'federated-user': 'FederatedUser',
  service: 'Service',
  anonymous: 'Anonymous',
} as const

/** The keys that AWS fills in for every request of the caller; what the flags say goes before. */
export function callerContext(principal: Principal): ReadonlyMap<string, ContextValue> {
  const context = new Map<string, ContextValue>([
    ['aws:principaltype', types[principal.kind]],
    ['aws:principalisawsservice', String(principal.kind === 'service')],
  ])
  if (principal.kind === 'service' || principal.kind === 'anonymous') return context
  context.set('aws:principalarn', principal.roleArn ?? principal.arn)
  if (principal.accountId !== undefined) context.set('aws:principalaccount', principal.accountId)
  if (principal.kind === 'user') context.set('aws:username', principal.arn.slice(principal.arn.lastIndexOf('/') + 1))
  return context
}
