/**
 * One AWS call from its bytes to its answer:
 * route → authenticate → parse → validate → target → authorize → (before) → handle → serialize → record.
 *
 * A change and its event are one transaction. A refusal is recorded after the rollback, a read once it has been answered for.
 * A request whose caller is not known belongs to no account: it is only logged.
 */
import type { AuditEvent } from '../core/audit.ts'
import type { Caller } from '../core/caller.ts'
import { createUuids } from '../core/random.ts'
import { type AnswerFormat, answerFormat, failure, success } from './answer.ts'
import { type Authenticated, authenticate } from './authenticate.ts'
import { type AnyHandler, type CompiledOperation, compileOperation } from './compiled-operation.ts'
import { AwsError } from './errors.ts'
import { logRefusal, toRefusal } from './failures.ts'
import { type Headers, readHeaders } from './headers.ts'
import type { ServiceModel } from './model/service-model.ts'
import {
  type AwsRequest,
  type AwsResponse,
  type Dispatcher,
  type DispatcherParts,
  type ServiceHandlers,
  TargetChanged,
} from './operation.ts'
import { type Fields, parseFields } from './protocol/fields.ts'

import { checkRoutable, isAwsRequest } from './route.ts'
import { createSigningKeyCache } from './sigv4/signing-key.ts'
import { refuseUnserved } from './unserved.ts'

interface Service<Tx> {
  readonly model: ServiceModel
  find(operation: string): CompiledOperation<Tx> | undefined
}

/** What is known of a request from its first moment on. */
interface Exchange {
  readonly request: AwsRequest
  readonly headers: Headers
  readonly format: AnswerFormat
  readonly requestId: string
  readonly now: number
}

/** Throws a `RangeError` when a handler is for an operation that its model does not have. */
export function createDispatcher<Tx>(parts: DispatcherParts<Tx>): Dispatcher {
  const { credentials, clock, random, log } = parts
  const services = new Map(parts.services.map((each) => [each.model.signingName, buildService<Tx>(each)]))
  // Until a request has named its service by its scope, refusals speak as the first one.
  const defaultModel = parts.services[0]?.model
  if (defaultModel === undefined) throw new RangeError('got no service, expected at least one')
  const served = [...services.keys()]
  const keys = createSigningKeyCache()
  const nextRequestId = createUuids(random)

  const dispatch = async (request: AwsRequest): Promise<AwsResponse> => {
    const headers = readHeaders(request.headers)
    const format = answerFormat(headers.values.get('accept'))
    const exchange: Exchange = { request, headers, format, requestId: nextRequestId(), now: clock.now() }
    let model: ServiceModel | undefined
    try {
      checkRoutable(request, headers)
      const signed = await authenticate(request, headers, { services, credentials, keys, now: exchange.now })
      model = signed.service.model
      const service = signed.service.model.signingName
      await credentials.noteUse(signed.caller, { service, region: signed.region, now: exchange.now })
      const fields = parseFields(request.query, request.body)
      const operation = findOperation(signed.service, fields)
      return await perform(parts, exchange, signed, operation, fields)
    } catch (error) {
      const refusal = toRefusal(error, 'InternalFailure')
      logRefusal(log, exchange, refusal)
      const unserved = model === undefined ? refuseUnserved(request, headers, served, exchange.requestId) : undefined
      return unserved ?? failure(format, refusal, exchange.requestId, (model ?? defaultModel).xmlNamespace)
    }
  }

  return { dispatch, isAwsRequest }
}

/** One call of a known caller to a known operation: from its parameters to its answer, with its event. */
async function perform<Tx>(
  parts: DispatcherParts<Tx>,
  exchange: Exchange,
  { caller, region }: Authenticated<Service<Tx>>,
  operation: CompiledOperation<Tx>,
  fields: Fields,
): Promise<AwsResponse> {
  const { request, requestId, now, format } = exchange
  const { handler } = operation
  const fromConsole = caller.session?.console === true
  let event = buildEvent(exchange, caller, operation)
  let begun = false
  try {
    if (handler === undefined) throw notImplemented(operation.name)
    const input = operation.readInput(fields)
    operation.checkInput(input, fromConsole)
    event = { ...event, requestParameters: operation.recordInput(input, caller) }

    const facts = {
      sourceIp: request.sourceIp,
      userAgent: event.userAgent,
      secureTransport: !!request.tls,
      now,
      region,
    }
    const { refuse } = operation
    const call = { caller, tx: parts.store.reader, now, random: parts.random, requestId, fromConsole, refuse }
    const body = await withTarget(async () => {
      const { found, resources } = await handler.target(input, call)
      for (const resource of resources) {
        const decision = await parts.authorize(caller, operation.action, resource, facts)
        if (!decision.ok) throw new AwsError('AccessDenied', 403, decision.message)
      }
      await handler.before?.(input, call, found)
      begun = handler.before !== undefined
      // Serialized before it is recorded: what cannot be answered has not happened.
      const answer = async (tx: Tx) => {
        const output = await handler.handle(input, { ...call, tx }, found)
        return { output, body: operation.write[format](output, requestId) }
      }
      return operation.writes ? change(parts, operation, event, answer) : read(parts, event, answer)
    })
    return success(format, body, requestId)
  } catch (error) {
    throw await recordRefusal(parts, operation, event, error, begun)
  }
}

/** So often may a target change under a call; whoever changes it more often is told to wait. */
const targetChangesMax = 3

/** INVARIANT(target): nothing is done to what has changed since it was allowed. What was allowed is asked again, and done then. */
async function withTarget<T>(run: () => Promise<T>): Promise<T> {
  for (let changes = 0; changes < targetChangesMax; changes++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof TargetChanged)) throw error
    }
  }
  throw new AwsError('ConcurrentModification', 409, concurrentModification)
}

/** AWS's words (IAM API reference, ConcurrentModificationException). */
const concurrentModification =
  'The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and submit your request again.'

interface Answer {
  readonly output: unknown
  readonly body: string
}

/** The handler's work and its event in one transaction. */
const change = <Tx>(
  { store, audit }: DispatcherParts<Tx>,
  operation: CompiledOperation<Tx>,
  event: AuditEvent,
  answer: (tx: Tx) => Promise<Answer>,
): Promise<string> =>
  store.transaction(async (tx) => {
    const { output, body } = await answer(tx)
    await audit.record(tx, { ...event, responseElements: operation.recordOutput(output) })
    return body
  })

async function read<Tx>(
  { store, audit }: DispatcherParts<Tx>,
  event: AuditEvent,
  answer: (tx: Tx) => Promise<Answer>,
): Promise<string> {
  const { body } = await answer(store.reader)
  await audit.recordRead(event)
  return body
}

/**
 * Records a refusal and gives it back, or what kept it from being recorded: an answer without its record is not given. `begun`: what
 * outlives the refusal, an attempt at a code, has been done.
 */
async function recordRefusal<Tx>(
  { store, audit }: DispatcherParts<Tx>,
  operation: CompiledOperation<Tx>,
  event: AuditEvent,
  error: unknown,
  begun: boolean,
): Promise<unknown> {
  const refusal = toRefusal(error, operation.failureCode)
  // What cannot be stored now can hardly be recorded now: tried only where something was done all the same.
  if (refusal.status === 503 && !begun) return error
  const refused = { ...event, errorCode: operation.recordedCode(refusal.code), errorMessage: refusal.recordedMessage }
  try {
    await store.transaction((tx) => audit.record(tx, refused))
  } catch (failed) {
    if (refusal.status === 503) return error
    return refusal.status === 500 ? new AggregateError([error, failed], 'a failed call could not be recorded') : failed
  }
  return refusal
}

function buildService<Tx>({ model, operations }: ServiceHandlers<Tx>): Service<Tx> {
  // Typed by operation where they are written; from here on the operation is only known at run time.
  const handlers = new Map(Object.entries(operations as unknown as { readonly [name: string]: AnyHandler<Tx> }))
  for (const name of handlers.keys())
    if (!Object.hasOwn(model.operations, name))
      throw new RangeError(`got a handler for ${name}, expected an operation of ${model.service}`)
  const compiled = new Map<string, CompiledOperation<Tx>>()
  return {
    model,
    find(name) {
      const before = compiled.get(name)
      if (before !== undefined || !Object.hasOwn(model.operations, name)) return before
      const operation = compileOperation(model, name, handlers.get(name))
      compiled.set(name, operation)
      return operation
    },
  }
}

const shownLengthMax = 128 // the longest name of an AWS operation has 57 characters

function findOperation<Tx>({ model, find }: Service<Tx>, fields: Fields): CompiledOperation<Tx> {
  const action = fields.get('Action')
  const version = fields.get('Version') ?? 'NO_VERSION_SPECIFIED'
  if (typeof action !== 'string' || action === '')
    throw new AwsError('MissingAction', 400, 'The request must contain the parameter Action.')
  const operation = version === model.apiVersion ? find(action) : undefined
  if (operation !== undefined) return operation
  const shown = `${action.slice(0, shownLengthMax)} for version ${String(version).slice(0, shownLengthMax)}`
  throw new AwsError('InvalidAction', 400, `Could not find operation ${shown}`)
}

const notImplemented = (name: string): AwsError =>
  new AwsError('NotImplemented', 501, `${name} is not implemented. docs/compatibility.md lists what is.`)

function buildEvent<Tx>(
  { request, headers, requestId, now }: Exchange,
  caller: Caller,
  operation: CompiledOperation<Tx>,
): AuditEvent {
  return {
    accountId: caller.principal.accountId,
    time: now,
    identity: { type: 'caller', caller },
    eventSource: `${operation.model.service}.amazonaws.com`,
    eventName: operation.name,
    eventType: 'AwsApiCall',
    readOnly: operation.readOnly,
    sourceIpAddress: request.sourceIp,
    userAgent: headers.values.get('user-agent') ?? '',
    requestParameters: null,
    responseElements: null,
    requestId,
    ...(request.tls && { tls: request.tls }),
    host: request.host,
  }
}
