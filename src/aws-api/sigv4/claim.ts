/**
 * What a request says of its own signature, read from the `Authorization` header or from the query string, and refused wherever
 * it could be read in two ways. Nothing here is proven yet.
 */
import { AwsError } from '../errors.ts'
import type { Headers } from '../headers.ts'
import type { QueryPair } from './canonical-request.ts'
import { toAmzDateFromHeader } from './date.ts'
import type { Scope } from './signing-key.ts'

export interface SignatureClaim {
  readonly form: 'header' | 'query'
  readonly accessKeyId: string
  readonly scope: Scope
  /** `date/region/service/aws4_request`. */
  readonly scopeText: string
  /** `YYYYMMDDTHHMMSSZ`, not yet compared with the clock. */
  readonly signedAt: string
  /** Of the query form: how long it may be used. */
  readonly expiresSeconds?: number
  readonly signedHeaders: readonly string[]
  readonly signedHeadersText: string
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string
  readonly sessionToken: string | undefined
}

const algorithm = 'AWS4-HMAC-SHA256'
const signedHeadersMax = 200 // real clients sign 3 to 15; the listener's limit on headers lets few more through
const presignedSecondsMax = 604_800 // AWS: a signing key is good for seven days

/** 400: the signature cannot be read (aws-behaviour §3.7). */
export const incomplete = (message: string): AwsError => new AwsError('IncompleteSignature', 400, message)
/** 403: it can be read, and is refused. */
export const doesNotMatch = (message: string): AwsError => new AwsError('SignatureDoesNotMatch', 403, message)

/** What an unsigned request gets. */
export const missingToken = (): AwsError =>
  new AwsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token')

// Each of these decides who is asking or which bytes were signed: two of them would let two readers see two requests.
const singleHeaders = [
  'host',
  'authorization',
  'x-amz-date',
  'date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'content-type',
]

export function readClaim(headers: Headers, query: readonly QueryPair[]): SignatureClaim {
  for (const name of headers.repeated)
    if (singleHeaders.includes(name)) throw incomplete(`The request has more than one '${name}' header.`)
  const authorization = headers.values.get('authorization')
  const inQuery = query.length > 0 && query.some(([name]) => queryNames.has(name))
  if (authorization !== undefined && inQuery)
    throw incomplete('The request is signed in its Authorization header and in its query string. Only one may be used.')
  if (authorization !== undefined) return readAuthorization(authorization, headers.values)
  if (inQuery) return readQuery(query, headers.values)
  if (query.some(([name]) => name === 'AWSAccessKeyId' || name === 'SignatureVersion'))
    throw incomplete(`Only '${algorithm}' signatures are accepted.`)
  throw missingToken()
}

function readAuthorization(text: string, headers: ReadonlyMap<string, string>): SignatureClaim {
  const space = text.indexOf(' ')
  const scheme = space < 0 ? text : text.slice(0, space)
  if (scheme !== algorithm) {
    if (/^AWS4-[A-Z0-9-]{1,40}$/.test(scheme)) throw incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`)
    throw incomplete(missingParts(undefined, undefined, undefined, dateOf(headers)))
  }
  const { credential, signedHeaders, signature } = readParameters(text.slice(space + 1))
  const signedAt = dateOf(headers)
  if (!credential || !signedHeaders || !signature || signedAt === undefined)
    throw incomplete(missingParts(credential, signature, signedHeaders, signedAt))
  return {
    form: 'header',
    ...readCredential(credential),
    signedAt,
    ...readSignedHeaders(signedHeaders, headers),
    signature: readSignature(signature),
    sessionToken: headers.get('x-amz-security-token'),
  }
}

interface Parameters {
  credential?: string
  signedHeaders?: string
  signature?: string
}

// As every known client writes them; another order is read too, in twice the time.
const usualParameters = /^ *Credential=([^, ]*), *SignedHeaders=([^, ]*), *Signature=([^, ]*)$/

function readParameters(text: string): Parameters {
  const usual = usualParameters.exec(text)
  if (usual) return { credential: usual[1] ?? '', signedHeaders: usual[2] ?? '', signature: usual[3] ?? '' }
  const found: Parameters = {}
  for (const part of text.split(',', 5)) {
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(equals, 0)).trim()
    const value = part.slice(equals + 1).trim()
    if (name === 'Credential' && found.credential === undefined) found.credential = value
    else if (name === 'SignedHeaders' && found.signedHeaders === undefined) found.signedHeaders = value
    else if (name === 'Signature' && found.signature === undefined) found.signature = value
    else throw incomplete("Authorization header must have 'Credential', 'SignedHeaders' and 'Signature', each once.")
  }
  return found
}

/** AWS names everything that is missing in one message. */
function missingParts(credential?: string, signature?: string, signedHeaders?: string, signedAt?: string): string {
  const sentences: string[] = []
  if (!credential) sentences.push("Authorization header requires 'Credential' parameter.")
  if (!signature) sentences.push("Authorization header requires 'Signature' parameter.")
  if (!signedHeaders) sentences.push("Authorization header requires 'SignedHeaders' parameter.")
  if (!signedAt) sentences.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  return sentences.join(' ')
}

function dateOf(headers: ReadonlyMap<string, string>): string | undefined {
  const own = headers.get('x-amz-date')
  if (own !== undefined) return own
  const general = headers.get('date')
  return general === undefined ? undefined : toAmzDateFromHeader(general)
}

const queryNames = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
  'X-Amz-Security-Token',
])

function readQuery(query: readonly QueryPair[], headers: ReadonlyMap<string, string>): SignatureClaim {
  const found = new Map<string, string>()
  for (const [name, value] of query) {
    if (!queryNames.has(name)) continue
    if (found.has(name)) throw incomplete(`AWS query-string parameters must be given once, and '${name}' is repeated.`)
    found.set(name, value)
  }
  const get = (name: string): string => {
    const value = found.get(name)
    if (!value) throw incomplete(`AWS query-string parameters must include '${name}'.`)
    return value
  }
  if (get('X-Amz-Algorithm') !== algorithm) throw incomplete("Unsupported AWS 'algorithm'.")
  const credential = readCredential(get('X-Amz-Credential'))
  // The AWS SDK for Go leaves it out of presigned calls of STS, which are good for 15 minutes whatever they ask for.
  const expires = credential.scope.service === 'sts' ? (found.get('X-Amz-Expires') ?? '900') : get('X-Amz-Expires')
  const expiresSeconds = /^[0-9]{1,6}$/.test(expires) ? Number(expires) : 0
  if (expiresSeconds < 1 || expiresSeconds > presignedSecondsMax)
    throw incomplete(`'X-Amz-Expires' must be a whole number of seconds from 1 to ${presignedSecondsMax}.`)
  const tokenInQuery = found.get('X-Amz-Security-Token')
  const tokenInHeader = headers.get('x-amz-security-token')
  if (tokenInQuery !== undefined && tokenInHeader !== undefined)
    throw incomplete("'X-Amz-Security-Token' is in a header and in the query string. Only one may be used.")
  return {
    form: 'query',
    ...credential,
    signedAt: get('X-Amz-Date'),
    expiresSeconds,
    ...readSignedHeaders(get('X-Amz-SignedHeaders'), headers),
    signature: readSignature(get('X-Amz-Signature')),
    sessionToken: tokenInQuery ?? tokenInHeader,
  }
}

/** A client without a region signs with an empty one. */
const wellFormed = /^([\w-]{1,128})\/([\w-]{1,128})\/([\w-]{0,128})\/([\w-]{1,128})\/([\w-]{1,128})$/

function readCredential(text: string): Pick<SignatureClaim, 'accessKeyId' | 'scope' | 'scopeText'> {
  const [, accessKeyId, date, region, service, terminator] = wellFormed.exec(text) ?? []
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined)
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.')
  if (terminator !== 'aws4_request')
    throw doesNotMatch(`Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`)
  return { accessKeyId, scope: { date, region, service }, scopeText: text.slice(accessKeyId.length + 1) }
}

function readSignedHeaders(
  text: string,
  headers: ReadonlyMap<string, string>,
): Pick<SignatureClaim, 'signedHeaders' | 'signedHeadersText'> {
  const signedHeaders = text.split(';', signedHeadersMax + 1)
  if (signedHeaders.length > signedHeadersMax) throw incomplete(`More than ${signedHeadersMax} headers are signed.`)
  let before = ''
  for (const name of signedHeaders) {
    if (name <= before || /[A-Z]/.test(name))
      throw incomplete("'SignedHeaders' must be lower-case header names in order, each once.")
    if (!headers.has(name)) throw doesNotMatch("A header that 'SignedHeaders' names is not in the request.")
    before = name
  }
  // S-02, S-03: an unsigned Host could be aimed at another server, an unsigned x-amz-* header could change what is asked.
  if (!signedHeaders.includes('host'))
    throw doesNotMatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
  for (const name of headers.keys())
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name))
      throw doesNotMatch(
        'There were headers present in the request which were not signed: every x-amz-* header must be.',
      )
  return { signedHeaders, signedHeadersText: text }
}

function readSignature(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw doesNotMatch(signatureDoesNotMatchText)
  return text
}

export const signatureDoesNotMatchText =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
