/**
 * A call of a service that is not served. Nobody could know its caller or its operation; it gets one clear refusal in its own
 * protocol, so that the client shows the sentence and not that it cannot read the answer.
 */
import type { Headers } from './headers.ts'
import type { AwsRequest, AwsResponse } from './operation.ts'
import { escapeXml, xmlError } from './protocol/xml.ts'
import { parseQueryPairs } from './sigv4/canonical-request.ts'

const code = 'NotImplemented'
/** `Credential=AKIA…/20260102/us-east-1/kms/aws4_request`, in the header or, percent-encoded there, in the query. */
const scope = /Credential=[^/,\s]+\/\d{8}\/[^/,]*\/([\w.-]{1,64})\/aws4_request/
/** Services whose errors are XML without a query protocol (botocore's models: protocol rest-xml). */
const restXml = new Set(['s3', 's3express', 's3-object-lambda', 's3-outposts', 'cloudfront', 'route53'])

/** Asked once a call has been refused without its service being known. Undefined: the service is served, or the call names none. */
export function refuseUnserved(
  request: AwsRequest,
  headers: Headers,
  served: readonly string[],
  requestId: string,
): AwsResponse | undefined {
  const service = serviceOf(request, headers)
  if (service === undefined || served.includes(service)) return undefined
  const message = `Sallyport does not serve ${service}: it serves ${served.join(', ')}.`
  const type = headers.values.get('content-type') ?? ''
  const requestIdHeader = { 'x-amzn-requestid': requestId }
  const xml = (body: string): AwsResponse => ({
    status: 501,
    headers: { 'content-type': 'text/xml', ...requestIdHeader },
    body,
  })
  if (headers.values.has('x-amz-target')) {
    return {
      status: 501,
      headers: {
        'content-type': /^application\/x-amz-json-1\.[01]/.exec(type)?.[0] ?? 'application/x-amz-json-1.1',
        ...requestIdHeader,
      },
      body: JSON.stringify({ __type: code, message }),
    }
  }
  if (restXml.has(service)) {
    const error = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`
    return xml(`<Error>${error}<RequestId>${requestId}</RequestId></Error>`)
  }
  if (/^application\/x-www-form-urlencoded/i.test(type) || /(?:^|&)Action=/.test(request.query)) {
    // Of ec2 too: its clients read either form.
    return xml(xmlError('', { type: 'Sender', code, message }, requestId))
  }
  return {
    status: 501,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, ...requestIdHeader },
    body: JSON.stringify({ message }),
  }
}

/** As the signature claims it; whether the signature is right is not asked. */
function serviceOf(request: AwsRequest, headers: Headers): string | undefined {
  const authorization = headers.values.get('authorization')
  if (authorization !== undefined) return scope.exec(authorization)?.[1]
  const credential = parseQueryPairs(request.query).find(([name]) => name === 'X-Amz-Credential')?.[1]
  return credential === undefined ? undefined : scope.exec(`Credential=${credential}`)?.[1]
}
