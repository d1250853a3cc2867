/** What can be said of a request before anybody is asked who sent it: is it for the AWS API at all, and can its body be read. */
import { AwsError } from './errors.ts'
import type { Headers } from './headers.ts'
import type { AwsRequest } from './operation.ts'

const signedQuery = /(?:^|&)(?:X-Amz-(?:Algorithm|Credential|Signature)|AWSAccessKeyId|Action)=/
/** RFC 9110 §5.6.6 and §8.3.1: a parameter may be quoted, and a list of them may end with a semicolon. */
const formType = /^application\/x-www-form-urlencoded *(?:; *charset=(?:utf-?8|"utf-?8") *)?;? *$/i

/** Signed in any way, or a form call to `/`: everything else is the browser's. */
export function isAwsRequest({
  method,
  path,
  query,
  headers,
}: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>): boolean {
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (lower === 'x-amz-target' || lower === 'x-amz-date') return true
    if (lower === 'authorization' && value.startsWith('AWS')) return true
    if (lower === 'content-type' && method === 'POST' && path === '/' && formType.test(value)) return true
  }
  return path === '/' && query !== '' && signedQuery.test(query)
}

/** The query protocol is `POST /` with a form or `GET /?…`, and nothing that would have to be guessed or unpacked. */
export function checkRoutable(request: AwsRequest, headers: Headers): void {
  const { method, path, body } = request
  if (request.bodyTooLarge)
    throw new AwsError('RequestEntityTooLarge', 413, 'The body has more bytes than this server reads.')
  // An endpoint that ends with a slash makes `//` of it.
  if (path !== '/' && path !== '' && path !== '//')
    throw new AwsError('UnknownOperationException', 404, 'The AWS API is served at the path / only.')
  if (method !== 'POST' && method !== 'GET')
    throw new AwsError('UnsupportedMethod', 405, 'The AWS API is called by POST or GET.')
  const encoding = headers.values.get('content-encoding')
  if (encoding !== undefined && encoding !== 'identity')
    throw new AwsError('UnsupportedMediaType', 415, 'The body must not be encoded.')
  if (body.length === 0) return
  if (method === 'GET') throw new AwsError('MalformedQueryString', 400, 'A GET request has no body.')
  // S-04: the type decides how the body is read, so another type is not read at all.
  const type = headers.values.get('content-type')
  if (type === undefined || !formType.test(type))
    throw new AwsError('UnsupportedMediaType', 415, 'The body must be application/x-www-form-urlencoded, in UTF-8.')
}
