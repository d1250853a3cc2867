// AWS's query protocol answered as JSON: the result lies two levels deep, and an operation without result has one level.
import { type Answer, isRecord, type Refusal } from '../http/refusal.ts'

/** `{"XResponse":{"XResult":{…},"ResponseMetadata":{…}}}` to `{…}`; an operation without result gives `{}`. */
export function unwrapAnswer<T>(operation: string, status: number, body: unknown): Answer<T> {
  if (status >= 200 && status < 300 && isRecord(body)) {
    const response = body[`${operation}Response`]
    if (isRecord(response)) {
      const result = response[`${operation}Result`]
      return { ok: true, value: (isRecord(result) ? result : {}) as T } // the operation's declared output shape
    }
  }
  return { ok: false, refusal: toAwsRefusal(status, body) }
}

function toAwsRefusal(status: number, body: unknown): Refusal {
  const record = isRecord(body) ? body : {}
  const error = isRecord(record['Error']) ? record['Error'] : {}
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value ? value : otherwise)
  return {
    status,
    code: text(error['Code'], 'UnexpectedAnswer'),
    title: text(error['Code'], 'Something went wrong'),
    message: text(error['Message'], `The server answered with status ${status}. Try again in a moment.`),
    retryAfterSeconds: 0,
    body: record,
  }
}
