/** Who signed a request: the claim is read, its time and scope are checked, the credential is looked up, the signature decides. */
import type { Caller } from '../core/caller.ts'
import { AwsError } from './errors.ts'
import type { Headers } from './headers.ts'
import type { ServiceModel } from './model/service-model.ts'
import type { AwsRequest, CredentialReader, FoundCredential } from './operation.ts'
import { parseQueryPairs } from './sigv4/canonical-request.ts'
import { doesNotMatch, readClaim, type SignatureClaim, signatureDoesNotMatchText } from './sigv4/claim.ts'
import type { SigningKeyCache } from './sigv4/signing-key.ts'
import { checkTimeAndScope, isSignatureRight } from './sigv4/verify.ts'

/** Of IAM, and of STS without a region. */
const globalRegion = 'us-east-1'

export interface Authenticated<S> {
  readonly caller: Caller
  /** The service that the signature is scoped to. */
  readonly service: S
  readonly region: string
}

export interface AuthenticateParts<S> {
  /** By signing name. */
  readonly services: ReadonlyMap<string, S>
  readonly credentials: Pick<CredentialReader, 'find'>
  readonly keys: SigningKeyCache
  /** Milliseconds. */
  readonly now: number
}

export async function authenticate<S extends { readonly model: ServiceModel }>(
  request: AwsRequest,
  headers: Headers,
  parts: AuthenticateParts<S>,
): Promise<Authenticated<S>> {
  const query = parseQueryPairs(request.query)
  const claim = readClaim(headers, query)
  const service = parts.services.get(claim.scope.service)
  if (service === undefined)
    throw doesNotMatch(
      `Credential should be scoped to correct service: ${[...parts.services.keys()].map((name) => `'${name}'`).join(' or ')}.`,
    )
  // STS gives presigned calls 15 minutes whatever they ask for (security S-10).
  checkTimeAndScope(claim, parts.now, service.model.signingName === 'sts' ? 900 : undefined)
  const credential = await findCredential(claim, parts.credentials)
  const { method, path, body } = request
  const signed = { method, path, query, headers: headers.values, body, normalizePath: true }
  const right = isSignatureRight(claim, signed, credential, parts.keys)
  if (!credential.found) throw credentialRefusal(credential.reason)
  if (!right) throw doesNotMatch(signatureDoesNotMatchText)
  return { caller: credential.caller, service, region: claim.scope.region || globalRegion }
}

async function findCredential(
  claim: SignatureClaim,
  credentials: AuthenticateParts<unknown>['credentials'],
): Promise<FoundCredential> {
  const { accessKeyId, sessionToken } = claim
  const temporary = accessKeyId.startsWith('ASIA')
  if (temporary && sessionToken === undefined) return { found: false, reason: 'token-missing' }
  if (!temporary && sessionToken !== undefined) return { found: false, reason: 'token-invalid' }
  return credentials.find(accessKeyId, sessionToken)
}

function credentialRefusal(reason: Exclude<FoundCredential, { found: true }>['reason']): AwsError {
  if (reason === 'token-expired')
    return new AwsError('ExpiredToken', 403, 'The security token included in the request is expired', { reason })
  return new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.', { reason })
}
