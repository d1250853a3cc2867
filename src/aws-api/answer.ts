/** Responses: content types, request id, XML or JSON. */
import type { AwsError } from './errors.ts'
import type { AwsResponse } from './operation.ts'
import { jsonError } from './protocol/json.ts'
import { xmlError } from './protocol/xml.ts'

export type AnswerFormat = 'xml' | 'json'

/** JSON for a client that asks for it and does not take XML too; AWS's own clients ask for neither. */
export function answerFormat(accept: string | undefined): AnswerFormat {
  if (accept === undefined || accept === '*/*') return 'xml'
  return accept.includes('application/json') && !accept.includes('xml') ? 'json' : 'xml'
}

export const success = (format: AnswerFormat, body: string, requestId: string): AwsResponse => ({
  status: 200,
  headers: headersOf(format, requestId),
  body,
})

export function failure(format: AnswerFormat, error: AwsError, requestId: string, xmlNamespace: string): AwsResponse {
  const shown = { type: error.status >= 500 ? 'Receiver' : 'Sender', code: error.code, message: error.message }
  const headers = headersOf(format, requestId)
  // The store is back soon or not at all; clients wait at least this long.
  if (error.status === 503) headers['retry-after'] = '1'
  const body = format === 'json' ? jsonError(shown, requestId) : xmlError(xmlNamespace, shown, requestId)
  return { status: error.status, headers, body }
}

const headersOf = (format: AnswerFormat, requestId: string): Record<string, string> => ({
  'content-type': format === 'json' ? 'application/json' : 'text/xml',
  'x-amzn-requestid': requestId,
})
