/**
 * What a service hands to the dispatcher: one handler per operation. Inputs, outputs and error codes are typed by AWS's own
 * model, so that a handler can neither return what its operation does not declare nor refuse with a code that it does not have.
 */
import type { AuditSink } from '../core/audit.ts'
import type { Caller } from '../core/caller.ts'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import type { CommonErrorCode } from './errors.ts'
import type { IamOperations } from './model/iam-types.generated.ts'
import type { ServiceModel } from './model/service-model.ts'
import type { StsOperations } from './model/sts-types.generated.ts'

interface Operations {
  iam: IamOperations
  sts: StsOperations
}

export type ServiceName = keyof Operations
export type OperationName<S extends ServiceName> = keyof Operations[S] & string

type Facts = { input: unknown; output: unknown; error: string }
type FactsOf<S extends ServiceName, N extends OperationName<S>> = Operations[S][N] extends Facts
  ? Operations[S][N]
  : never

/** `Input<'iam', 'CreateUser'>`: validated, with AWS's member names. Timestamps are milliseconds, blobs are bytes. */
export type Input<S extends ServiceName, N extends OperationName<S>> = FactsOf<S, N>['input']
export type Output<S extends ServiceName, N extends OperationName<S>> = FactsOf<S, N>['output']
/** The codes as they stand on the wire: `NoSuchEntity`, not `NoSuchEntityException`. */
export type ErrorCode<S extends ServiceName, N extends OperationName<S>> = FactsOf<S, N>['error'] | CommonErrorCode

/** Everything about one call that is not its input. */
export interface Call<Tx, Code extends string = CommonErrorCode> {
  readonly caller: Caller
  /** In `handle` of an operation that changes something: the transaction that also takes the event. Otherwise the reader. */
  readonly tx: Tx
  /** Milliseconds. */
  readonly now: number
  readonly random: Random
  readonly requestId: string
  /** The call is signed by a session of the console. */
  readonly fromConsole: boolean
  /** Ends the request with this code and message; nothing of the transaction stays. */
  readonly refuse: (code: Code, message: string) => never
}

/** What an operation acts on, as the store has it and not as it was typed. */
export interface Target<Found> {
  /** The records that were read for it; nothing, where the operation needs none. */
  readonly found: Found
  /** The ARNs, or `*`: what authorisation is asked about, each of them, and what a denial names. */
  readonly resources: readonly string[]
}

/**
 * One operation. `CreateUser` is `Handler<Tx, 'iam', 'CreateUser'>`. An operation that changes something locks and reads again what
 * `target` has found, and throws `TargetChanged` where its ARN is another one by then.
 */
export interface Handler<Tx, S extends ServiceName, N extends OperationName<S>, Found = unknown> {
  target(input: Input<S, N>, call: Call<Tx, ErrorCode<S, N>>): Promise<Target<Found>>
  /** Runs authorised, outside the transaction: what must outlive a refusal, as the reservation of an attempt. */
  before?(input: Input<S, N>, call: Call<Tx, ErrorCode<S, N>>, found: Found): Promise<void>
  /** An operation that changes something runs in one transaction together with its event; it may be run again from the start. */
  handle(input: Input<S, N>, call: Call<Tx, ErrorCode<S, N>>, found: Found): Promise<Output<S, N>>
}

/** Another request has changed what this one was allowed to act on: the call begins again. */
export class TargetChanged extends Error {}

interface HandlersOf<Tx, S extends ServiceName> {
  readonly model: ServiceModel & { readonly service: S }
  readonly operations: { readonly [N in OperationName<S>]?: Handler<Tx, S, N> }
}

/** A service's model and the handlers of what it implements. */
export type ServiceHandlers<Tx> = { [S in ServiceName]: HandlersOf<Tx, S> }[ServiceName]

/** What the listener hands over. */
export interface AwsRequest {
  readonly method: string
  /** As received, up to `?`. */
  readonly path: string
  /** As received, without `?`. */
  readonly query: string
  /** As received: order, case and duplicates are kept. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Read to its end, of bounded size. */
  readonly body: Buffer
  /** The body had more bytes than the listener reads: it is empty here, and the call is refused. */
  readonly bodyTooLarge?: boolean
  readonly sourceIp: string
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
  /** The `Host` that the client asked for. */
  readonly host: string
}

export interface AwsResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer
}

export type FoundCredential =
  | {
      readonly found: true
      readonly caller: Caller
      readonly secretAccessKey: Secret<string>
      /** Changes whenever the secret behind this access key id does: part of the key of the signing-key cache. */
      readonly secretVersion: string
    }
  | {
      readonly found: false
      readonly reason: 'unknown' | 'inactive' | 'token-missing' | 'token-invalid' | 'token-expired'
    }

export interface CredentialReader {
  /** A long-term key that comes with a token, and a temporary one without, are `token-invalid` and `token-missing`. */
  find(accessKeyId: string, sessionToken: string | undefined): Promise<FoundCredential>
  /** Called for each request whose signature was right: last-used times, and the idle time of sessions. */
  noteUse(
    caller: Caller,
    use: { readonly service: string; readonly region: string; readonly now: number },
  ): Promise<void>
}

/** What conditions may ask of a request besides its caller and input. */
export interface RequestFacts {
  readonly sourceIp: string
  readonly userAgent: string
  readonly secureTransport: boolean
  /** Milliseconds. */
  readonly now: number
  /** The region of the credential scope. */
  readonly region: string
}

/** `action` is `iam:CreateUser`. A refusal's message is AWS's AccessDenied text, ready for the caller. */
export type Authorize = (
  caller: Caller,
  action: string,
  resource: string,
  request: RequestFacts,
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>

/** `work` may be run again from its start when the store could not commit; nothing of a run that throws stays. */
export interface TransactionalStore<Tx> {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readonly reader: Tx
}

/** Everything that the dispatcher is built from. */
export interface DispatcherParts<Tx> {
  readonly services: readonly ServiceHandlers<Tx>[]
  readonly credentials: CredentialReader
  readonly authorize: Authorize
  readonly store: TransactionalStore<Tx>
  readonly audit: AuditSink<Tx>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export interface Dispatcher {
  dispatch(request: AwsRequest): Promise<AwsResponse>
  /** Whether a request is for the AWS API: signed in any way, or a form call with `Action`. */
  isAwsRequest(request: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>): boolean
}
