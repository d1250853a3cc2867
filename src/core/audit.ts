/**
 * What happened, on its way to the record. The dispatcher and the sign-in emit these to an `AuditSink`; only what stands
 * behind the sink knows CloudTrail's format.
 */
import type { AccountId } from './account-id.ts'
import type { Caller } from './caller.ts'

/** JSON as it appears in `requestParameters` and the like; never holds a secret. */
export type AuditValue =
  | string
  | number
  | boolean
  | null
  | readonly AuditValue[]
  | { readonly [name: string]: AuditValue }
export type AuditFields = { readonly [name: string]: AuditValue }

/** Who: a signed caller, root or a user on the sign-in pages, a user name that does not exist, or this server's operator. */
export type AuditIdentity =
  | { readonly type: 'caller'; readonly caller: Caller }
  | { readonly type: 'root'; readonly accountId: AccountId }
  | {
      readonly type: 'user'
      readonly accountId: AccountId
      readonly userId: string
      readonly userName: string
      readonly arn?: string
    }
  | { readonly type: 'unknown-user'; readonly accountId: AccountId }
  | { readonly type: 'operator'; readonly accountId: AccountId }

export interface AuditEvent {
  readonly accountId: AccountId
  /** Milliseconds. */
  readonly time: number
  readonly identity: AuditIdentity
  /** `iam.amazonaws.com`, `sts.amazonaws.com`, `signin.amazonaws.com`. */
  readonly eventSource: string
  readonly eventName: string
  readonly eventType: 'AwsApiCall' | 'AwsConsoleSignIn'
  readonly readOnly: boolean
  readonly sourceIpAddress: string
  readonly userAgent: string
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly requestParameters: AuditFields | null
  readonly responseElements: AuditFields | null
  readonly additionalEventData?: AuditFields
  readonly requestId?: string
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
  /** The `Host` that the client asked for. */
  readonly host: string
}

export interface AuditSink<Tx> {
  /** Writes the event in `tx`, the transaction of the change that it tells of. */
  record(tx: Tx, event: AuditEvent): Promise<void>
  /** Writes the event of something that changed nothing, together with others; resolves when it is stored. */
  recordRead(event: AuditEvent): Promise<void>
}
