/**
 * The reference evaluator: AWS's evaluation logic read off the IAM User Guide ("Policy evaluation logic" for one account
 * and across accounts, "Principal", "NotPrincipal", "Permissions boundaries") and the Organizations User Guide (SCPs,
 * RCPs), as slowly and as plainly as possible. It works on JSON documents as written and shares nothing with src/policy
 * but the names of layers.
 */
import type { Layer } from '../../src/policy/types.ts'
import {
  type ContextValue,
  conditionHolds,
  glob,
  type Lookup,
  resourceMatches,
  surelyListed,
  wildcards,
} from './reference-conditions.ts'

export type OneOrMore = string | readonly string[]
export type PrincipalJson = '*' | Readonly<Record<string, OneOrMore>>

export interface StatementJson {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: PrincipalJson
  readonly NotPrincipal?: PrincipalJson
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  readonly Resource?: OneOrMore
  readonly NotResource?: OneOrMore
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>
}

export interface DocumentJson {
  readonly Version?: '2008-10-17' | '2012-10-17'
  readonly Statement: readonly StatementJson[]
}

/** A stored document that nobody can read any more. */
export const unreadable = 'unreadable'

export interface NamedDocument {
  readonly id: string
  readonly document: DocumentJson | typeof unreadable
}

export interface StackJson {
  readonly identity: readonly NamedDocument[]
  readonly boundary?: NamedDocument
  readonly session?: readonly NamedDocument[]
  readonly scps: readonly (readonly NamedDocument[])[]
  readonly rcps: readonly (readonly NamedDocument[])[]
  readonly resource?: NamedDocument & { readonly kind: 'resource' | 'trust' }
  readonly principalInManagementAccount?: boolean
  readonly resourceInManagementAccount?: boolean
}

/** A caller as it is written: an ARN or a name, and what that does not say. */
export interface CallerJson {
  readonly text: string
  readonly roleArn?: string
  readonly federatedProvider?: string
  readonly canonicalUserId?: string
}

export interface RequestJson {
  readonly principal: CallerJson
  readonly action: string
  readonly resource: string
  readonly resourceAccountId?: string
  readonly context: Readonly<Record<string, ContextValue>>
}

/** A statement that matched. */
export interface Match {
  readonly layer: Layer
  readonly effect: 'Allow' | 'Deny'
  readonly policyId: string
  readonly statement: number
}

export interface Verdict {
  readonly effect: 'allow' | 'implicit-deny' | 'explicit-deny'
  /** Every statement of a layer that applies and that matched. */
  readonly matches: readonly Match[]
  /** Explicit deny: the layers that deny. Implicit deny: those of which an Allow is needed and which have none. */
  readonly deniedBy: readonly Layer[]
}

const list = (value: OneOrMore | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

// -------------------------------------------------------------------------------------------------------- principals

interface Caller extends CallerJson {
  readonly kind: 'root' | 'user' | 'role-session' | 'federated-user' | 'service' | 'federated' | 'anonymous'
  readonly accountId?: string
}

/** IAM user guide, "IAM identifiers" and "Principal": what a caller's ARN or name says of it. */
export function readCaller(caller: CallerJson): Caller {
  const { text } = caller
  if (text === '*') return { ...caller, kind: 'anonymous' }
  const [, , service, , accountId, tail = ''] = text.split(':')
  if (accountId === undefined) return { ...caller, kind: text.endsWith('.amazonaws.com') ? 'service' : 'federated' }
  const [type] = tail.split('/')
  if (type === 'saml-provider' || type === 'oidc-provider') return { ...caller, kind: 'federated' }
  if (type === 'assumed-role') return { ...caller, kind: 'role-session', accountId }
  if (type === 'federated-user') return { ...caller, kind: 'federated-user', accountId }
  return { ...caller, kind: service === 'iam' && type === 'root' ? 'root' : 'user', accountId }
}

/**
 * How a Principal element names the caller. `itself`: the user, the session, the federated user, the service, or
 * everybody; `role`: the role of the session; `account`: everyone whom the account lets.
 */
type Named = 'itself' | 'role' | 'account'

function namesOf(caller: Caller): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>()
  if (caller.accountId !== undefined) {
    const grade = caller.kind === 'root' ? 'itself' : 'account'
    names.set(`AWS ${caller.accountId}`, grade)
    names.set(`AWS arn:aws:iam::${caller.accountId}:root`, grade)
  }
  // S3's canonical id is another way to write the account.
  if (caller.canonicalUserId !== undefined) names.set(`CanonicalUser ${caller.canonicalUserId}`, 'account')
  if (caller.federatedProvider !== undefined) names.set(`Federated ${caller.federatedProvider}`, 'role')
  if (caller.roleArn !== undefined) names.set(`AWS ${caller.roleArn}`, 'role')
  if (caller.kind === 'federated') names.set(`Federated ${caller.text}`, 'itself')
  else if (caller.kind === 'service') names.set(`Service ${caller.text}`, 'itself')
  else if (caller.kind !== 'anonymous') names.set(`AWS ${caller.text}`, 'itself')
  return names
}

function namedBy(element: PrincipalJson, caller: Caller): ReadonlySet<Named> {
  if (element === '*') return new Set(['itself'])
  const names = namesOf(caller)
  const found = new Set<Named>()
  for (const [type, values] of Object.entries(element)) {
    for (const value of list(values)) {
      if (type === 'AWS' && value === '*') found.add('itself')
      const named = names.get(`${type} ${value}`)
      if (named !== undefined) found.add(named)
    }
  }
  return found
}

/**
 * NotPrincipal. With Deny, "AWS might validate the account first, then the role, and then the assumed-role user": the
 * caller is spared only where each of them is listed. It "will always deny any IAM principal that has a permissions
 * boundary policy attached, regardless of the values". With Allow it "allows all principals except the one named".
 */
function isExcepted(element: PrincipalJson, effect: 'Allow' | 'Deny', caller: Caller, hasBoundary: boolean): boolean {
  const named = namedBy(element, caller)
  if (effect === 'Allow') return named.size > 0
  if (hasBoundary) return false
  if (element === '*' || list(element['AWS']).includes('*')) return true
  const needed = new Set(namesOf(caller).values())
  return needed.size > 0 && [...needed].every((name) => named.has(name))
}

// -------------------------------------------------------------------------------------------------------- statements

interface Asked {
  readonly request: RequestJson
  readonly caller: Caller
  readonly lookup: Lookup
  readonly hasBoundary: boolean
}

/** NotResource in a Deny spares only what both ways of reading an ARN agree to be listed: no Deny may be passed. */
function resourceListed(statement: StatementJson, { request, lookup }: Asked, version: string): boolean {
  const isSparing = statement.Effect === 'Deny' && statement.NotResource !== undefined
  const listed = isSparing ? surelyListed : resourceMatches
  return list(statement.Resource ?? statement.NotResource).some((pattern) =>
    listed(pattern, request.resource, version, lookup),
  )
}

/** The ways in which the statement names the caller; undefined: it does not match the request. */
function match(statement: StatementJson, version: string, asked: Asked): ReadonlySet<Named> | undefined {
  const { request, caller, lookup } = asked
  let named: ReadonlySet<Named> = new Set(['itself'])
  if (statement.Principal !== undefined) named = namedBy(statement.Principal, caller)
  if (named.size === 0) return undefined
  const { NotPrincipal } = statement
  if (NotPrincipal && isExcepted(NotPrincipal, statement.Effect, caller, asked.hasBoundary)) return undefined

  const action = request.action.toLowerCase()
  const actionListed = list(statement.Action ?? statement.NotAction).some((pattern) =>
    glob(wildcards(pattern.toLowerCase()), action),
  )
  if (actionListed !== (statement.Action !== undefined)) return undefined

  if (statement.Resource !== undefined || statement.NotResource !== undefined) {
    const wanted = statement.Resource !== undefined
    if (resourceListed(statement, asked, version) !== wanted) return undefined
  }

  for (const [operator, keys] of Object.entries(statement.Condition ?? {}))
    for (const [key, values] of Object.entries(keys))
      if (!conditionHolds(operator, key, list(values), { version, lookup, effect: statement.Effect })) return undefined
  return named
}

interface LayerResult {
  readonly layer: Layer
  readonly matches: readonly Match[]
  readonly allows: boolean
  /** How the Allow statements name the caller. */
  readonly named: ReadonlySet<Named>
}

function evaluate(layer: Layer, documents: readonly NamedDocument[], asked: Asked): LayerResult {
  const matches: Match[] = []
  const names = new Set<Named>()
  for (const { id, document } of documents) {
    if (document === unreadable) {
      matches.push({ layer: 'unreadable', effect: 'Deny', policyId: id, statement: -1 })
      continue
    }
    document.Statement.forEach((statement, index) => {
      const named = match(statement, document.Version ?? '2008-10-17', asked)
      if (named === undefined) return
      matches.push({ layer, effect: statement.Effect, policyId: id, statement: index })
      if (statement.Effect === 'Allow') for (const name of named) names.add(name)
    })
  }
  return { layer, matches, allows: matches.some((found) => found.effect === 'Allow'), named: names }
}

// ------------------------------------------------------------------------------------------------------------ layers

/** STS API reference: "No permissions are required to perform this operation", also where a policy denies it. */
const noPermissionNeeded = ['sts:getcalleridentity', 'sts:getsessiontoken']

/** IAM user guide, "Create a role", "Pass session tags", "Monitor actions taken with assumed roles": what a trust policy allows. */
const aboutRole = /^sts:(AssumeRole(WithSAML|WithWebIdentity)?|TagSession|Set(SourceIdentity|Context))$/i

/** KMS developer guide, "AWS KMS permissions": the operations in whose row no key stands, and those with an alias in it. */
const kmsOnAlias = /^kms:(Create|Update|Delete)Alias$/i
const kmsWithoutKey = /^kms:(CreateKey|List(Keys|Aliases|RetirableGrants)|GenerateRandom|\w+CustomKeyStores?)$/i

/**
 * Role trust policies and KMS key policies "must explicitly allow access for principals". A resource policy of KMS is a
 * key policy. No role can be assumed without a trust policy, and no key used without a key policy.
 */
function needsResourceAllow(stack: StackJson, { action, resource }: RequestJson): boolean {
  if (stack.resource?.kind === 'trust') return true
  const [, , service, , , ...tail] = resource.split(':')
  const of = (name: string, start: string) => service === name && tail.join(':').startsWith(start)
  if (aboutRole.test(action)) return !(/:TagSession$/i.test(action) && of('sts', 'federated-user/'))
  if (!/^kms:/i.test(action)) return false
  return (
    stack.resource !== undefined || !(kmsWithoutKey.test(action) || (kmsOnAlias.test(action) && of('kms', 'alias/')))
  )
}

/**
 * STS API reference, AssumeRole and AssumeRoot: root's own credentials cannot call them. AssumeRoot is made in the management
 * account for a member, where no policy speaks of it.
 */
const notByRoot = /^sts:(AssumeRole|AssumeRoot)$/i
const acrossOrganization = /^sts:AssumeRoot$/i

/** The account that a resource belongs to: what the request says of it, or its ARN's fifth part. */
function ownerOf({ resource, resourceAccountId }: RequestJson): string | undefined {
  const [, , , , account = ''] = resource.split(':')
  return resourceAccountId ?? (/^\d{12}$/.test(account) && resource.startsWith('arn:') ? account : undefined)
}

/** Organizations user guide, "List of AWS services that support RCPs": those that the generated requests ask. */
const rcpServices = /^(s3|sts|kms|sqs|secretsmanager|ecr|logs|dynamodb|textract|firehose|events):/i

export function decideByTheBook(stack: StackJson, request: RequestJson): Verdict {
  const caller = readCaller(request.principal)
  const isServiceLinked = caller.roleArn?.includes(':role/aws-service-role/') === true
  const context = new Map(Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value]))
  if (noPermissionNeeded.includes(request.action.toLowerCase())) return { effect: 'allow', matches: [], deniedBy: [] }

  const isIdentity = caller.kind === 'user' || caller.kind === 'role-session' || caller.kind === 'federated-user'
  const hasSessionPolicies = caller.accountId !== undefined && stack.session !== undefined
  const boundary = isIdentity ? stack.boundary : undefined
  const asked: Asked = {
    request,
    caller,
    lookup: (key) => context.get(key),
    hasBoundary: boundary !== undefined,
  }

  // SCPs hold for the principals of member accounts, RCPs for the resources of member accounts; neither for
  // service-linked roles.
  const underScps = caller.accountId !== undefined && !stack.principalInManagementAccount && !isServiceLinked
  const ofService = rcpServices.test(request.action)
  const underRcps = ofService && !stack.resourceInManagementAccount && !isServiceLinked
  const scps = (underScps ? stack.scps : []).map((level) => evaluate('scp', level, asked))
  const rcps = (underRcps ? stack.rcps : []).map((level) => evaluate('rcp', level, asked))
  const resource = evaluate('resource', stack.resource ? [stack.resource] : [], asked)
  const identity = evaluate('identity', isIdentity ? stack.identity : [], asked)
  const bound = evaluate('boundary', boundary ? [boundary] : [], asked)
  const session = evaluate('session', hasSessionPolicies ? (stack.session ?? []) : [], asked)

  // Step 1: an explicit deny in any policy that applies.
  const matches = [...rcps, ...scps, resource, identity, bound, session].flatMap((result) => result.matches)
  const denies = matches.filter((found) => found.effect === 'Deny')
  if (denies.length > 0) return { effect: 'explicit-deny', matches, deniedBy: denies.map((found) => found.layer) }

  // Every one of these lacks an Allow that the request needs.
  const lacking = new Set<Layer>()
  for (const level of [...rcps, ...scps]) if (!level.allows) lacking.add(level.layer)

  const sameAccount =
    caller.accountId !== undefined &&
    (acrossOrganization.test(request.action) || caller.accountId === (ownerOf(request) ?? caller.accountId))
  if ((!sameAccount || needsResourceAllow(stack, request)) && !resource.allows) lacking.add('resource')

  const sessionAllows =
    caller.kind === 'federated-user' ? hasSessionPolicies && session.allows : !hasSessionPolicies || session.allows
  const granted = (name: Named) => sameAccount && resource.named.has(name)
  if (isIdentity && !granted('itself')) {
    // "Permissions granted directly to a session [or user] are not limited by an implicit deny in an identity-based
    // policy, a permissions boundary, or session policy"; those granted to the role are, by the last two.
    if (!granted('role') && !identity.allows) lacking.add('identity')
    if (boundary && !bound.allows) lacking.add('boundary')
    if (!sessionAllows) lacking.add('session')
  }
  if (caller.kind === 'root' && notByRoot.test(request.action)) lacking.add('root')
  // The root user needs no Allow; a privileged session as root (AssumeRoot) is held to its task policy.
  if (caller.kind === 'root' && !sessionAllows) lacking.add('session')

  if (lacking.size > 0) return { effect: 'implicit-deny', matches, deniedBy: [...lacking] }
  return { effect: 'allow', matches, deniedBy: [] }
}
