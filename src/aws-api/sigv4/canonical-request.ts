/**
 * The canonical request of AWS Signature Version 4: what both sides hash. Path, query and header values are strings of one
 * character per byte received, so that what is hashed is what came over the wire.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export interface CanonicalParts {
  readonly method: string
  /** As received, up to `?`. */
  readonly path: string
  /** `.`, `..` and `//` are resolved before the path is encoded; S3 alone does not. */
  readonly normalizePath: boolean
  /** As received; of the query form without its `X-Amz-Signature`. */
  readonly queryPairs: readonly QueryPair[]
  readonly headers: ReadonlyMap<string, string>
  /** Lower case and sorted; each is among `headers`. */
  readonly signedHeaders: readonly string[]
  /** `signedHeaders` joined by `;`, as the client sent it. */
  readonly signedHeadersText: string
  /** Lower-case hexadecimal SHA-256 of the body. */
  readonly payloadHash: string
}

/** A parameter of the URL, decoded to bytes. */
export type QueryPair = readonly [name: string, value: string]

const unreserved = /^[A-Za-z0-9\-._~]*$/

/** `%XX` for every byte that RFC 3986 §2.3 does not call unreserved. */
export function encodeBytes(bytes: string, keepSlash = false): string {
  if (unreserved.test(bytes)) return bytes
  let text = ''
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes.charCodeAt(index)
    text += (keepSlash ? keptInPath[code] : keptInQuery[code]) ?? ''
  }
  return text
}

const encodedByte = (kept: RegExp): readonly string[] =>
  Array.from({ length: 256 }, (_, code) => {
    const character = String.fromCharCode(code)
    return kept.test(character) ? character : `%${code.toString(16).toUpperCase().padStart(2, '0')}`
  })
const keptInQuery = encodedByte(/[A-Za-z0-9\-._~]/)
const keptInPath = encodedByte(/[A-Za-z0-9\-._~/]/)

/** Percent-decodes to bytes, `+` being a space as in the body. A `%` that begins no byte stays: parsing refuses it later. */
export function decodeToBytes(text: string): string {
  if (unreserved.test(text)) return text
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The parameters of a query string in the order in which they came. */
export function parseQueryPairs(query: string): QueryPair[] {
  const pairs: QueryPair[] = []
  if (query === '') return pairs
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    if (equals < 0) pairs.push([decodeToBytes(part), ''])
    else pairs.push([decodeToBytes(part.slice(0, equals)), decodeToBytes(part.slice(equals + 1))])
  }
  return pairs
}

function canonicalQuery(pairs: readonly QueryPair[]): string {
  if (pairs.length === 0) return ''
  // By name and then by value, each encoded: `Param` goes before `Param-3`, though `Param-3=` goes before `Param=`.
  return pairs
    .map(([name, value]): QueryPair => [encodeBytes(name), encodeBytes(value)])
    .sort((one, other) => compare(one[0], other[0]) || compare(one[1], other[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

function canonicalPath(path: string, normalize: boolean): string {
  if (path === '/' || path === '') return '/'
  return encodeBytes(normalize ? resolveDots(path) : path, true)
}

function resolveDots(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`
}

const uneven = /^ | $| {2}|[\t\r\n\v\f]/

/** White space at both ends goes, inside it becomes one space. */
const canonicalValue = (value: string): string =>
  uneven.test(value) ? value.replace(/[ \t\r\n\v\f]+/g, ' ').replace(/^ | $/g, '') : value

export function canonicalRequest(parts: CanonicalParts): string {
  let text = `${parts.method}\n${canonicalPath(parts.path, parts.normalizePath)}\n${canonicalQuery(parts.queryPairs)}\n`
  for (const name of parts.signedHeaders) text += `${name}:${canonicalValue(parts.headers.get(name) ?? '')}\n`
  return `${text}\n${parts.signedHeadersText}\n${parts.payloadHash}`
}
