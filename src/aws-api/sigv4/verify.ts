/**
 * Verifies AWS Signature Version 4, header and query form. Reading (claim.ts), time and scope come first, so that the work done for
 * a stranger is bounded and small; then the credential is looked up, and one HMAC decides.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { FoundCredential } from '../operation.ts'
import { canonicalRequest, type QueryPair } from './canonical-request.ts'
import { doesNotMatch, incomplete, type SignatureClaim } from './claim.ts'
import { parseAmzDate, toAmzDate } from './date.ts'
import { deriveSigningKey, type SigningKeyCache } from './signing-key.ts'

/** The bytes that a signature covers. */
export interface SignedBytes {
  readonly method: string
  readonly path: string
  readonly query: readonly QueryPair[]
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** False for S3 alone. */
  readonly normalizePath: boolean
}

// AWS: IAM and STS allow 15 minutes either way (aws-behaviour §3.7).
const skewMinutes = 15
const skewMilliseconds = skewMinutes * 60_000

/**
 * The claim's time and scope against ours. `presignedSecondsFixed` is how long a presigned request lives whatever its
 * `X-Amz-Expires` says: STS takes 15 minutes, and callers of GetCallerIdentity by presigned URL count on it.
 */
export function checkTimeAndScope(claim: SignatureClaim, now: number, presignedSecondsFixed: number | undefined): void {
  const signedAt = parseAmzDate(claim.signedAt)
  if (signedAt === undefined) throw incomplete("Date must be in ISO-8601 'basic format', e.g. 20150830T123600Z.")
  const { date } = claim.scope
  if (!claim.signedAt.startsWith(`${date}T`))
    throw doesNotMatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${claim.signedAt.slice(0, 8)}', from '${claim.signedAt}'.`,
    )
  if (signedAt - now > skewMilliseconds)
    throw doesNotMatch(
      `Signature not yet current: ${claim.signedAt} is still later than ${toAmzDate(now + skewMilliseconds)} (${toAmzDate(now)} + ${skewMinutes} min.)`,
    )
  const lifeMilliseconds =
    claim.expiresSeconds === undefined ? skewMilliseconds : (presignedSecondsFixed ?? claim.expiresSeconds) * 1000
  if (now - signedAt > lifeMilliseconds) {
    const life =
      lifeMilliseconds % 60_000 === 0 ? `${lifeMilliseconds / 60_000} min.` : `${lifeMilliseconds / 1000} sec.`
    throw doesNotMatch(
      `Signature expired: ${claim.signedAt} is now earlier than ${toAmzDate(now - lifeMilliseconds)} (${toAmzDate(now)} - ${life})`,
    )
  }
}

const emptyPayloadHash = hash('sha256', '', 'hex')

/** The body's hash, which `x-amz-content-sha256` may repeat but not replace. */
export function payloadHash(body: Uint8Array, headers: ReadonlyMap<string, string>): string {
  const computed = body.length === 0 ? emptyPayloadHash : hash('sha256', body, 'hex')
  const declared = headers.get('x-amz-content-sha256')
  if (declared === undefined || declared === computed) return computed
  // Without the body in it a signature would allow any body.
  if (declared === 'UNSIGNED-PAYLOAD' || declared.startsWith('STREAMING-'))
    throw doesNotMatch('The payload must be signed: UNSIGNED-PAYLOAD and streaming signatures are not accepted.')
  throw doesNotMatch("The provided 'x-amz-content-sha256' header does not match what was computed.")
}

const nonAscii = /[^\0-\x7f]/

export function stringToSign(claim: SignatureClaim, signed: SignedBytes): string {
  const canonical = canonicalRequest({
    method: signed.method,
    path: signed.path,
    normalizePath: signed.normalizePath,
    queryPairs: claim.form === 'query' ? signed.query.filter(([name]) => name !== 'X-Amz-Signature') : signed.query,
    headers: signed.headers,
    signedHeaders: claim.signedHeaders,
    signedHeadersText: claim.signedHeadersText,
    payloadHash: payloadHash(signed.body, signed.headers),
  })
  // One character is one byte received. Hashing the string itself means UTF-8, which is the same for ASCII alone, and faster.
  const hashed = hash('sha256', nonAscii.test(canonical) ? Buffer.from(canonical, 'latin1') : canonical, 'hex')
  return `AWS4-HMAC-SHA256\n${claim.signedAt}\n${claim.scopeText}\n${hashed}`
}

// Unknown keys are answered after the same work as known ones (S-19).
const noSecret = 'no secret: the access key id is unknown'

/** Whether the credential was found and its secret made the signature. */
export function isSignatureRight(
  claim: SignatureClaim,
  signed: SignedBytes,
  credential: FoundCredential,
  cache: SigningKeyCache,
): boolean {
  const text = stringToSign(claim, signed)
  const { date, region, service } = claim.scope
  const version = credential.found ? credential.secretVersion : ''
  const cacheId = `${claim.accessKeyId}/${version}/${date}/${region}/${service}`
  const cached = credential.found ? cache.find(cacheId) : undefined
  const key = cached ?? deriveSigningKey(credential.found ? credential.secretAccessKey.reveal() : noSecret, claim.scope)
  const expected = createHmac('sha256', key).update(text).digest()
  const right = timingSafeEqual(expected, Buffer.from(claim.signature, 'hex')) && credential.found
  if (right && cached === undefined) cache.keep(cacheId, key)
  return right
}
