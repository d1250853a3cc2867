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

/** Known to this file alone, so that nothing else can be taken for a principal. */
const made = Symbol('principal')

export function isPrincipal(principal: Principal): boolean {
  return (principal as { readonly [made]?: true })[made] === true
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
  const principal = text.startsWith('arn:') ? fromArn(text, facts) : fromName(text, facts)
  for (const fact of ['roleArn', 'federatedProvider', 'canonicalUserId'] as const) {
    if (facts[fact] !== undefined && !(fact in principal)) {
      throw new TypeError(`got ${fact} for ${JSON.stringify(text)}, which has none`)
    }
  }
  return seal(principal)
}

function seal(principal: PrincipalForm): Principal {
  // Not enumerable: a copy by spreading is no principal, whatever was changed in it.
  return Object.freeze(Object.defineProperty({ ...principal }, made, { value: true })) as Principal
}

const partition = 'aws(?:-[a-z-]+)?'
const name = '[\\w+=,.@-]+'
/** IAM takes any printable character in a path. */
const path = '(?:[!-~]*/)?'

const callerForms = {
  root: new RegExp(`^arn:${partition}:iam::(\\d{12}):root$`),
  user: new RegExp(`^arn:${partition}:iam::(\\d{12}):user/${path}${name}$`),
  'role-session': new RegExp(`^arn:${partition}:sts::(\\d{12}):assumed-role/${name}/${name}$`),
  'federated-user': new RegExp(`^arn:${partition}:sts::(\\d{12}):federated-user/${name}$`),
}
const roleForm = new RegExp(`^arn:(${partition}):iam::(\\d{12}):role/(${path})(${name})$`)
const providerForm = new RegExp(`^arn:${partition}:iam::\\d{12}:(?:saml|oidc)-provider/[!-~]+$`)

function fromArn(arn: string, facts: PrincipalFacts): PrincipalForm {
  if (providerForm.test(arn)) return { kind: 'federated', provider: arn }
  for (const kind of ['root', 'user', 'role-session', 'federated-user'] as const) {
    const accountId = callerForms[kind].exec(arn)?.[1]
    if (accountId === undefined) continue
    const { canonicalUserId } = facts
    const base = { arn, accountId, ...(canonicalUserId !== undefined && { canonicalUserId }) }
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

const hostForm = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[!-~]*)?$/i

function fromName(text: string, { nameOf }: PrincipalFacts): PrincipalForm {
  if (text === '*') return { kind: 'anonymous' }
  if (!hostForm.test(text)) throw notACaller(text)
  const isService = nameOf === undefined ? /\.amazonaws\.com(?:\.cn)?$/i.test(text) : nameOf === 'service'
  return isService ? { kind: 'service', name: text.toLowerCase() } : { kind: 'federated', provider: text }
}

function notACaller(text: string): TypeError {
  return new TypeError(
    `got the principal ${JSON.stringify(text)}, expected the ARN of a root user, user, role session, federated user or identity provider, the name of a service, or *`,
  )
}
