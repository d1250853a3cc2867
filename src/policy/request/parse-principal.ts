import { anyPartition } from '../partitions.ts'
import type { Principal, PrincipalForm } from './types.ts'

/** What a caller's ARN does not say. */
export interface PrincipalFacts {
  /** Of a role session, which needs it: `arn:aws:iam::ACCT:role/path/R`. */
  readonly roleArn?: string
  /** Of a role session: the SAML or web identity provider that vouched for it. */
  readonly federatedProvider?: string
  /** S3's canonical id of the caller's account. */
  readonly canonicalUserId?: string
  /** What a name that is no ARN belongs to. Absent: a service's where it ends in `amazonaws.com`, a provider's otherwise. */
  readonly nameOf?: 'service' | 'provider'
}

/** All that `seal` made: no copy, no object with one as prototype and no proxy is taken for a principal. */
const made = new WeakSet<Principal>()
/** Most requests of a burst are of one caller. */
let lastMade: Principal | undefined

export function isPrincipal(principal: Principal): boolean {
  if (principal === lastMade) return principal !== undefined
  if (!made.has(principal)) return false
  lastMade = principal
  return true
}

/**
 * Who makes a request, from the ARN or the name.
 *
 * @param text the ARN of a root user, user, role session or federated user; the name of a service; the ARN or host name of
 *   an identity provider, for who comes by SAML or web identity; `*` for who does not sign.
 * @param facts what the text does not say. A role session must have its `roleArn`: resource policies name the role, with
 *   its path, which the session's ARN lacks.
 * @throws TypeError for what is no caller, for a session without its role, and for facts that its kind does not have
 *
 * Source: IAM user guide, "AWS JSON policy elements: Principal"; "IAM identifiers".
 *
 * @example
 * parsePrincipal('arn:aws:iam::123456789012:user/team/alice').kind // 'user'
 * const roleArn = 'arn:aws:iam::123456789012:role/path/R'
 * parsePrincipal('arn:aws:sts::123456789012:assumed-role/R/S', { roleArn }).serviceLinked // false
 * parsePrincipal('ec2.amazonaws.com').kind // 'service'
 */
export function parsePrincipal(text: string, facts: PrincipalFacts = {}): Principal {
  if (typeof text !== 'string') throw new TypeError(`got ${typeof text} for a principal, expected a string`)
  const known = readFacts(facts)
  const principal = text.startsWith('arn:') ? fromArn(text, known) : fromName(text, known)
  for (const fact of ['roleArn', 'federatedProvider', 'canonicalUserId'] as const) {
    if (known[fact] !== undefined && !(fact in principal)) {
      throw new TypeError(`got ${fact} for ${JSON.stringify(text)}, which has none`)
    }
  }
  return seal(principal)
}

function seal(principal: PrincipalForm): Principal {
  const sealed = Object.freeze(principal) as Principal // the brand exists for the type checker only
  made.add(sealed)
  return sealed
}

/** Each fact read once, and in the form in which policies name it. */
function readFacts(facts: PrincipalFacts): PrincipalFacts {
  const { roleArn, federatedProvider, canonicalUserId, nameOf } = facts
  for (const [name, fact] of Object.entries({ roleArn, federatedProvider, canonicalUserId, nameOf })) {
    if (fact !== undefined && typeof fact !== 'string') {
      throw new TypeError(`got ${typeof fact} for ${name}, expected a string`)
    }
  }
  if (nameOf !== undefined && nameOf !== 'service' && nameOf !== 'provider') {
    throw new TypeError(`got ${JSON.stringify(nameOf)} for nameOf, expected service or provider`)
  }
  if (canonicalUserId !== undefined && !/^[0-9a-f]{64}$/i.test(canonicalUserId)) {
    throw new TypeError(`got the canonical id ${JSON.stringify(canonicalUserId)}, expected 64 hexadecimal digits`)
  }
  return {
    ...(roleArn !== undefined && { roleArn }),
    ...(federatedProvider !== undefined && { federatedProvider: toProvider(federatedProvider) }),
    ...(canonicalUserId !== undefined && { canonicalUserId: canonicalUserId.toLowerCase() }),
    ...(nameOf !== undefined && { nameOf }),
  }
}

const name = '[\\w+=,.@-]+'
/** IAM takes any printable character in a path. */
const path = '(?:[!-~]*/)?'

const callerForms = {
  root: new RegExp(`^arn:(${anyPartition}):iam::(\\d{12}):root$`),
  user: new RegExp(`^arn:(${anyPartition}):iam::(\\d{12}):user/${path}${name}$`),
  'role-session': new RegExp(`^arn:(${anyPartition}):sts::(\\d{12}):assumed-role/${name}/${name}$`),
  'federated-user': new RegExp(`^arn:(${anyPartition}):sts::(\\d{12}):federated-user/${name}$`),
}
const roleForm = new RegExp(`^arn:(${anyPartition}):iam::(\\d{12}):role/(${path})(${name})$`)
const providerForm = new RegExp(`^arn:${anyPartition}:iam::\\d{12}:(?:saml|oidc)-provider/[!-~]+$`)

function fromArn(arn: string, facts: PrincipalFacts): PrincipalForm {
  if (providerForm.test(arn)) return { kind: 'federated', provider: arn }
  for (const kind of ['root', 'user', 'role-session', 'federated-user'] as const) {
    const [, partition, accountId] = callerForms[kind].exec(arn) ?? []
    if (partition === undefined || accountId === undefined) continue
    const { canonicalUserId } = facts
    const base = { arn, partition, accountId, ...(canonicalUserId !== undefined && { canonicalUserId }) }
    return kind === 'role-session' ? { kind, ...base, ...roleOf(arn, accountId, facts) } : { kind, ...base }
  }
  if (roleForm.test(arn)) throw new TypeError(`got the role ${JSON.stringify(arn)}, expected a session of it`)
  throw notACaller(arn)
}

function roleOf(session: string, accountId: string, { roleArn, federatedProvider }: PrincipalFacts) {
  if (roleArn === undefined) {
    throw new TypeError(`got the session ${JSON.stringify(session)} without roleArn, expected the ARN of its role`)
  }
  const [, itsPartition, itsAccount, itsPath, itsName] = roleForm.exec(roleArn) ?? []
  if (
    itsPath === undefined ||
    !session.startsWith(`arn:${itsPartition}:sts::${itsAccount}:assumed-role/${itsName}/`) ||
    itsAccount !== accountId
  ) {
    throw new TypeError(`got the role ${JSON.stringify(roleArn)}, expected the role of ${JSON.stringify(session)}`)
  }
  return {
    roleArn,
    serviceLinked: itsPath.startsWith('aws-service-role/'),
    ...(federatedProvider !== undefined && { federatedProvider }),
  }
}

const host = '[a-z0-9-]+(?:\\.[a-z0-9-]+)+'
const serviceForm = new RegExp(`^${host}$`, 'i')
const hostForm = new RegExp(`^(${host})(/[!-~]*)?$`, 'i')

function fromName(text: string, { nameOf }: PrincipalFacts): PrincipalForm {
  if (text === '*') return { kind: 'anonymous' }
  const isService = nameOf === undefined ? /\.amazonaws\.com(?:\.cn)?$/i.test(text) : nameOf === 'service'
  if (isService && serviceForm.test(text)) return { kind: 'service', name: text.toLowerCase() }
  if (nameOf !== 'service' && hostForm.test(text)) return { kind: 'federated', provider: toProvider(text) }
  throw notACaller(text)
}

/** Policies write a provider's host in lower case; what stands behind it has case. */
function toProvider(text: string): string {
  if (providerForm.test(text)) return text
  const [, itsHost, itsPath = ''] = hostForm.exec(text) ?? []
  if (itsHost === undefined) {
    throw new TypeError(`got the provider ${JSON.stringify(text)}, expected the ARN or the host name of one`)
  }
  return itsHost.toLowerCase() + itsPath
}

function notACaller(text: string): TypeError {
  return new TypeError(
    `got the principal ${JSON.stringify(text)}, expected the ARN of a root user, user, role session, federated user or identity provider, the name of a service, or *`,
  )
}
