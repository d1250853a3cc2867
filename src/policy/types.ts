/**
 * The words of the policy engine: documents as written (with the place of every element), the layers that
 * apply, and what comes out; callers and requests are in request/types.ts. Everything here is a plain immutable value.
 *
 * Lines and columns count from 1 (columns in UTF-16 units, as editors do); statement indexes count from 0.
 */

import type { Position, Text } from '../core/strict-json.ts'
import type { ContextValue, Principal, Request } from './request/types.ts'

/** What a document is attached to. Each kind has its own grammar. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp'

export type Effect = 'Allow' | 'Deny'

/** JSON booleans and numbers among condition values are here as text. */
export type { Position, Text }

// ---------------------------------------------------------------------------------------------- documents, as written

export interface Policy<Kind extends PolicyKind = PolicyKind> extends Position {
  readonly kind: Kind
  /** `2008-10-17` also when the document names no version, as AWS reads it. Policy variables exist in 2012-10-17 only. */
  readonly version: '2008-10-17' | '2012-10-17'
  /** Absent when the document has no Version element. */
  readonly versionAt?: Position
  readonly id?: Text
  readonly statements: readonly Statement[]
}

export interface Statement extends Position {
  /** Place in the document, from 0. */
  readonly index: number
  readonly sid?: Text
  readonly effect: Effect
  readonly effectAt: Position
  readonly principals?: PrincipalElement
  readonly actions: ActionElement
  /** Absent in trust policies, and in a resource policy that leaves it out. */
  readonly resources?: ResourceElement
  /** One entry per (operator, key), in the order written; all must hold. */
  readonly conditions: readonly Condition[]
}

export interface ActionElement extends Position {
  readonly element: 'Action' | 'NotAction'
  readonly values: readonly Text[]
}

export interface ResourceElement extends Position {
  readonly element: 'Resource' | 'NotResource'
  readonly values: readonly Text[]
}

/** `*`: the bare string `"*"`, which means everyone, as does `{"AWS": "*"}`. */
export type PrincipalType = '*' | 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'

export interface PrincipalElement extends Position {
  readonly element: 'Principal' | 'NotPrincipal'
  readonly values: readonly PrincipalValue[]
}

export interface PrincipalValue extends Text {
  readonly type: PrincipalType
}

/** The operator without its set prefix and without `IfExists`. */
export type BaseOperator =
  | 'StringEquals'
  | 'StringNotEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringNotEqualsIgnoreCase'
  | 'StringLike'
  | 'StringNotLike'
  | 'NumericEquals'
  | 'NumericNotEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateNotEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'NotIpAddress'
  | 'ArnEquals'
  | 'ArnNotEquals'
  | 'ArnLike'
  | 'ArnNotLike'
  | 'Null'

export interface Condition extends Position {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly operator: Text
  readonly base: BaseOperator
  readonly set?: 'ForAllValues' | 'ForAnyValue'
  readonly ifExists: boolean
  /** As written; keys are compared without regard to case. */
  readonly key: Text
  readonly values: readonly Text[]
}

// ----------------------------------------------------------------------------------------------------------- findings

export interface Finding extends Position {
  readonly severity: 'error' | 'warning' | 'suggestion'
  /** Stable, e.g. `DUPLICATE_KEY`. */
  readonly code: string
  /** For an error: AWS's MalformedPolicyDocument text where AWS has one. */
  readonly message: string
  /** What exactly is wrong, where `message` is AWS's and vague: `got X, expected Y`. */
  readonly detail?: string
  /** Index of the statement, from 0. */
  readonly statement?: number
  readonly sid?: string
}

export type ParseResult<Kind extends PolicyKind = PolicyKind> =
  | { readonly ok: true; readonly policy: Policy<Kind> }
  | { readonly ok: false; readonly findings: readonly Finding[] }

// ----------------------------------------------------------------------------------------------------------- compiled

declare const compiledBrand: unique symbol

/**
 * What `compilePolicy` makes: immutable, opaque, shared freely between stacks. It carries its kind, so that a bucket's
 * policy cannot stand among a user's.
 */
export interface CompiledPolicy<Kind extends PolicyKind = PolicyKind> {
  readonly [compiledBrand]: true
  /** ARN or name, as given to `compilePolicy`; appears in decisions. */
  readonly id: string | undefined
  readonly kind: Kind
  /** The document it was made from; absent for an unreadable one. */
  readonly policy: Policy<Kind> | undefined
}

// -------------------------------------------------------------------------------------------------------------- stacks

/**
 * Everything that applies to the caller and to the resource. Every list may be empty. A policy of a kind that does not
 * belong where it stands is an error of the program: the first request throws.
 */
export interface PolicyStack {
  /** The user's and their groups', or the role's. */
  readonly identity: readonly CompiledPolicy<'identity'>[]
  readonly boundary?: CompiledPolicy<'boundary'>
  /**
   * Absent: no session policy was passed. A federated user without one is denied. Managed policies, which AssumeRole takes
   * by their ARNs, are identity policies.
   */
  readonly session?: readonly CompiledPolicy<'session' | 'identity'>[]
  /** Of the principal's account: one list per level, organisation root first. Empty: no organisation. */
  readonly scps: readonly (readonly CompiledPolicy<'scp'>[])[]
  /** Of the resource's account, per level. */
  readonly rcps: readonly (readonly CompiledPolicy<'rcp'>[])[]
  /** The resource policy, or the trust policy of the role that is the resource. */
  readonly resource?: CompiledPolicy<'resource' | 'trust'>
  /** SCPs do not apply. */
  readonly principalInManagementAccount?: boolean
  /** RCPs do not apply. */
  readonly resourceInManagementAccount?: boolean
}

// ----------------------------------------------------------------------------------------------------------- decisions

export type Layer =
  | 'identity'
  | 'resource'
  | 'boundary'
  | 'session'
  | 'scp'
  | 'rcp'
  | 'root'
  | 'no-permission-needed'
  | 'unreadable'

/** Frozen and shared: `decide` allocates none. */
export interface Decision {
  readonly effect: 'allow' | 'implicit-deny' | 'explicit-deny'
  /** Allow: what granted it. Explicit deny: where the statement stands. Implicit deny: the layer that allows nothing. */
  readonly layer: Layer
  readonly policyId?: string
  readonly statement?: number
  readonly sid?: string
}

/** One condition of a statement against the request. */
export interface ConditionExplanation extends Position {
  /** As written. */
  readonly operator: string
  readonly key: string
  readonly expected: readonly string[]
  /** What the request carries; absent: the key is missing from it. */
  readonly actual?: ContextValue
  readonly matched: boolean
}

export interface StatementExplanation extends Position {
  readonly policyId?: string
  readonly statement: number
  readonly sid?: string
  readonly effect: Effect
  /** All four below hold. */
  readonly matched: boolean
  /** Absent where the statement has no such element. */
  readonly principal?: boolean
  readonly action: boolean
  readonly resource?: boolean
  /** Empty where the action does not match: conditions are asked only of statements about the request's action. */
  readonly conditions: readonly ConditionExplanation[]
  /** One sentence: why it matched, or the first element that did not. */
  readonly why: string
}

export interface LayerExplanation {
  readonly layer: Layer
  /** SCPs and RCPs: 0 is the organisation's root. */
  readonly level?: number
  /** `not-applied`: this layer does not count for this caller, see `why`. */
  readonly outcome: 'allow' | 'implicit-deny' | 'explicit-deny' | 'not-applied'
  readonly why: string
  readonly statements: readonly StatementExplanation[]
}

/** One way to lift one obstacle. */
export type Change =
  | {
      readonly kind: 'add-statement'
      readonly layer: Layer
      readonly level?: number
      /** The narrowest statement that grants the request, as JSON. */
      readonly statement: string
      readonly text: string
    }
  | {
      /** A statement matches but for these conditions (Allow), or would not match if one of them failed (Deny). */
      readonly kind: 'context'
      readonly layer: Layer
      readonly level?: number
      readonly policyId?: string
      readonly statementIndex: number
      /** Key (lower case) to the value the request would have to carry; `undefined`: the key must be absent. */
      readonly context: readonly (readonly [key: string, value: ContextValue | undefined])[]
      readonly text: string
    }
  | {
      /** The Deny has to exempt the request (or go). */
      readonly kind: 'narrow-deny'
      readonly layer: Layer
      readonly level?: number
      readonly policyId?: string
      readonly statementIndex: number
      readonly text: string
    }

/** One thing that stands in the way, with the ways to lift it, smallest first. Any one of them suffices for it. */
export interface Obstacle {
  readonly layer: Layer
  readonly level?: number
  readonly policyId?: string
  readonly statement?: number
  readonly sid?: string
  readonly changes: readonly Change[]
  /**
   * True where only an SCP, RCP or boundary can be changed to lift it (`changes` then says which, but nothing that the
   * account's own identity or resource policies say can allow the request), or where nothing can.
   */
  readonly forbids: boolean
}

export interface Explanation {
  readonly decision: Decision
  /** False where to say more would have taken too long: layers, obstacles or the remedy are then left out, from the first that was. */
  readonly complete: boolean
  /** In the order of evaluation. */
  readonly layers: readonly LayerExplanation[]
  /** Empty when allowed. All of them have to be lifted. */
  readonly obstacles: readonly Obstacle[]
  /**
   * Changes that together allow the request, checked against the policies one after the other: what one lifts is not
   * lifted twice, and a key that one sets stays so. Empty when allowed, and when something forbids.
   */
  readonly remedy: readonly Change[]
  /** The layers that forbid whatever the other policies say; empty when changes of policies or context suffice. */
  readonly forbiddenBy: readonly Layer[]
}

// ---------------------------------------------------------------------------------------------------------------- diff

export interface DiffOptions {
  /** Callers to try; absent: those the policies mention, and one user and one role session. */
  readonly principals?: readonly Principal[]
  /** Most requests to try before the search gives up and says so. */
  readonly requestsMax?: number
  readonly witnessesMax?: number
}

/** A request whose decision changes. */
export interface Witness {
  readonly request: Request
  readonly before: Explanation
  readonly after: Explanation
}

export interface PolicyDiff {
  readonly witnesses: readonly Witness[]
  /** True when every request that the two sides can tell apart was tried: then no witness means no difference. */
  readonly complete: boolean
  readonly requestsTried: number
  /** What an incomplete search left out, one sentence each. */
  readonly notCovered: readonly string[]
}
