/** Who asks for what. Everything here is immutable; what is branded is made by one function, and by nothing else. */

declare const principalBrand: unique symbol

/** Who has an account. */
interface AccountPrincipal {
  readonly arn: string
  /** `aws`, `aws-cn`, …: accounts of one are strangers to the other. */
  readonly partition: string
  readonly accountId: string
  /** S3's canonical id of the account (`Principal.CanonicalUser`). */
  readonly canonicalUserId?: string
}

/** `arn:aws:iam::ACCT:root` */
interface RootUser extends AccountPrincipal {
  readonly kind: 'root'
}

/** `arn:aws:iam::ACCT:user/path/name` */
interface IamUser extends AccountPrincipal {
  readonly kind: 'user'
}

/** `arn:aws:sts::ACCT:assumed-role/R/S` */
interface RoleSession extends AccountPrincipal {
  readonly kind: 'role-session'
  /** `arn:aws:iam::ACCT:role/path/R`: the session's own ARN lacks the path, and policies name the role. */
  readonly roleArn: string
  /** The role's path is `/aws-service-role/`, which only AWS can give. */
  readonly serviceLinked: boolean
  /** Who vouched for the caller, where the role was assumed by SAML or web identity (`Principal.Federated`). */
  readonly federatedProvider?: string
}

/** `arn:aws:sts::ACCT:federated-user/name` */
interface FederatedUser extends AccountPrincipal {
  readonly kind: 'federated-user'
}

/** An AWS service on its own account: `ec2.amazonaws.com`. */
interface ServicePrincipal {
  readonly kind: 'service'
  readonly name: string
}

/** Who comes with a SAML assertion or a web identity token and asks for a role's session. */
interface FederatedIdentity {
  readonly kind: 'federated'
  /** ARN or host name of the provider. */
  readonly provider: string
}

interface Anonymous {
  readonly kind: 'anonymous'
}

/** What is known of a caller of each kind. */
export type PrincipalForm =
  | RootUser
  | IamUser
  | RoleSession
  | FederatedUser
  | ServicePrincipal
  | FederatedIdentity
  | Anonymous

/** What `parsePrincipal` makes: what a caller's kind needs is then there. */
export type Principal = PrincipalForm & { readonly [principalBrand]: true }

/** A list is the value of a multivalued key, be it of one element. */
export type ContextValue = string | readonly string[]

declare const contextBrand: unique symbol

/** What `buildContext` makes, and nothing else is taken for one: opaque, `contextEntries` reads it. */
export interface Context {
  readonly [contextBrand]: true
}

export interface Request {
  readonly principal: Principal
  /** `iam:CreateUser`, in any case; ASCII, at most 128 characters. */
  readonly action: string
  /** An ARN of at most 2,048 characters, or `*` where the operation has no resource. */
  readonly resource: string
  /**
   * Absent: the account that the resource's ARN names, or the principal's own where it names none. An ARN that names another
   * one than is given is refused.
   */
  readonly resourceAccountId?: string
  readonly context: Context
}
