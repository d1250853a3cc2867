/** What becomes of anything that is thrown: two texts, one for the caller and one for the operator's log. */
import type { Log } from '../core/log.ts'
import { AwsError } from './errors.ts'
import type { AwsRequest } from './operation.ts'

/** Anything thrown, as what the caller may know of it. `failureCode` is the operation's name for an unknown failure. */
export function toRefusal(error: unknown, failureCode: string): AwsError {
  if (error instanceof AwsError) return error
  if (isStorageUnavailable(error))
    return new AwsError('ServiceUnavailable', 503, 'The request has failed due to a temporary failure of the server.', {
      cause: error,
    })
  return new AwsError(
    failureCode,
    500,
    'The request processing has failed because of an unknown error, exception or failure.',
    { cause: error },
  )
}

const isStorageUnavailable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'storage-unavailable'

/** Refusals are expected and logged as such; failures with everything that is known of them. */
export function logRefusal(
  log: Log,
  { request, requestId }: { readonly request: AwsRequest; readonly requestId: string },
  refusal: AwsError,
): void {
  const fields = { requestId, code: refusal.code, sourceIp: request.sourceIp, reason: refusal.reason }
  if (refusal.status < 500 || refusal.status === 501) log.info(fields, 'AWS call refused')
  else log.error({ ...fields, error: describe(refusal.cause) }, 'AWS call failed')
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause]
  return [error.stack ?? error.message, ...inner.map(describe)].join('\ncaused by ')
}
