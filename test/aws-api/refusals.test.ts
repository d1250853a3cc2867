/** What is refused before anybody is known: AWS's codes and words (aws-behaviour §3.7; security §2.3 S-02 to S-23). */
import { describe, expect, it } from 'vitest'
import type { AwsRequest, FoundCredential } from '../../src/aws-api/operation.ts'
import { anything, call, createWorld, errorOf, type Signing, startOfTime, token } from './world.ts'

const getCallerIdentity = { Action: 'GetCallerIdentity' }
const withSts = () =>
  createWorld({
    sts: {
      GetCallerIdentity: {
        target: anything,
        handle: async (_, { caller }) => ({ Arn: caller.principal.arn }),
      },
    },
  })
const sts = (signing: Signing = {}): AwsRequest => call(getCallerIdentity, { service: 'sts', ...signing })

const doesNotMatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const invalidToken = 'The security token included in the request is invalid.'
const edit = (request: AwsRequest, name: string, change: (value: string) => string): AwsRequest => ({
  ...request,
  headers: request.headers.map(([each, value]) => [each, each.toLowerCase() === name ? change(value) : value] as const),
})
const without = (request: AwsRequest, name: string): AwsRequest => ({
  ...request,
  headers: request.headers.filter(([each]) => each.toLowerCase() !== name),
})
const withHeader = (request: AwsRequest, name: string, value: string): AwsRequest => ({
  ...request,
  headers: [...request.headers, [name, value]],
})
const signedBy = (authorization: string): AwsRequest => edit(sts(), 'authorization', () => authorization)
const minutes = 60_000

describe('a signed call', () => {
  it('is answered when nothing is wrong with it', async () => {
    const world = withSts()
    const response = await world.dispatch(sts())
    expect(response.status).toBe(200)
    expect(world.used).toEqual([{ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', service: 'sts', region: 'us-east-1' }])
    expect(response.body).toContain('<Arn>arn:aws:iam::123456789012:user/ada</Arn>')
  })

  it.each<[string, AwsRequest]>([
    ['an endpoint that ends with a slash', { ...sts(), path: '//' }],
    ['an empty region', sts({ scope: '20260102//sts/aws4_request' })],
    ...[
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset="utf-8"',
      'application/x-www-form-urlencoded;charset=utf8',
      'application/x-www-form-urlencoded; charset="UTF8" ;',
      'application/x-www-form-urlencoded;',
    ].map((type): [string, AwsRequest] => [
      type,
      edit(sts({ unsigned: ['content-type'] }), 'content-type', () => type),
    ]),
  ])('is answered with %s', async (_, request) => {
    const world = withSts()
    expect((await world.dispatch(request)).status).toBe(200)
    expect(world.used).toMatchObject([{ region: 'us-east-1' }])
  })

  it.each<[string, AwsRequest, number, string, string]>([
    [
      'no signature',
      without(sts(), 'authorization'),
      403,
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
    ],
    ['another secret', sts({ secretAccessKey: 'other' }), 403, 'SignatureDoesNotMatch', doesNotMatch],
    [
      'another body',
      { ...sts(), body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-16') },
      403,
      'SignatureDoesNotMatch',
      doesNotMatch,
    ],
    ['an unknown key', sts({ accessKeyId: 'AKIAUNKNOWN' }), 403, 'InvalidClientTokenId', invalidToken],
    [
      '15 minutes and a second ago',
      sts({ signedAt: startOfTime - 15 * minutes - 1000 }),
      403,
      'SignatureDoesNotMatch',
      'Signature expired: 20260102T024904Z is now earlier than 20260102T024905Z (20260102T030405Z - 15 min.)',
    ],
    [
      '15 minutes and a second ahead',
      sts({ signedAt: startOfTime + 15 * minutes + 1000 }),
      403,
      'SignatureDoesNotMatch',
      'Signature not yet current: 20260102T031906Z is still later than 20260102T031905Z (20260102T030405Z + 15 min.)',
    ],
    [
      'a scope of another day',
      sts({ scope: '20260101/us-east-1/sts/aws4_request' }),
      403,
      'SignatureDoesNotMatch',
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260101' != '20260102', from '20260102T030405Z'.",
    ],
    [
      'a scope with another end',
      sts({ scope: '20260102/us-east-1/sts/aws4_requests' }),
      403,
      'SignatureDoesNotMatch',
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4_requests'.",
    ],
    [
      'a scope of four parts',
      sts({ scope: '20260102/us-east-1/sts' }),
      400,
      'IncompleteSignature',
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    ],
    [
      'a scope of six parts',
      sts({ scope: '20260102/us-east-1/sts/aws4_request/x' }),
      400,
      'IncompleteSignature',
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    ],
    [
      'a scope with mark-up',
      sts({ scope: '20260102/<b>/sts/aws4_request' }),
      400,
      'IncompleteSignature',
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    ],
    [
      'Host unsigned',
      sts({ unsigned: ['host'] }),
      403,
      'SignatureDoesNotMatch',
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      'X-Amz-Date unsigned',
      sts({ unsigned: ['x-amz-date'] }),
      403,
      'SignatureDoesNotMatch',
      'There were headers present in the request which were not signed: every x-amz-* header must be.',
    ],
    [
      'one more x-amz-* header, unsigned',
      withHeader(sts(), 'X-Amz-Target', 'x'),
      403,
      'SignatureDoesNotMatch',
      'There were headers present in the request which were not signed: every x-amz-* header must be.',
    ],
    [
      'a signed header that is not there',
      without(sts({ headers: [['My-Header', 'x']] }), 'my-header'),
      403,
      'SignatureDoesNotMatch',
      "A header that 'SignedHeaders' names is not in the request.",
    ],
    [
      'no date',
      without(sts({ unsigned: ['x-amz-date'] }), 'x-amz-date'),
      400,
      'IncompleteSignature',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    ],
    [
      'a date in another form',
      edit(sts(), 'x-amz-date', () => '2026-01-02T03:04:05Z'),
      400,
      'IncompleteSignature',
      "Date must be in ISO-8601 'basic format', e.g. 20150830T123600Z.",
    ],
    [
      'a date that is none',
      edit(sts(), 'x-amz-date', () => '20260102T250405Z'),
      400,
      'IncompleteSignature',
      "Date must be in ISO-8601 'basic format', e.g. 20150830T123600Z.",
    ],
    ['a long-term key with a token', sts({ sessionToken: token }), 403, 'InvalidClientTokenId', invalidToken],
    ['a long-term key with an empty token', sts({ sessionToken: '' }), 403, 'InvalidClientTokenId', invalidToken],
    [
      'a temporary key without a token',
      sts({ accessKeyId: 'ASIAIOSFODNN7CONSOLE' }),
      403,
      'InvalidClientTokenId',
      invalidToken,
    ],
    [
      'a temporary key with another token',
      sts({ accessKeyId: 'ASIAIOSFODNN7CONSOLE', sessionToken: 'other' }),
      403,
      'InvalidClientTokenId',
      invalidToken,
    ],
    [
      'signature version 2',
      signedBy('AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg='),
      400,
      'IncompleteSignature',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    ],
    [
      'SigV4A',
      signedBy(
        'AWS4-ECDSA-P256-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/sts/aws4_request, SignedHeaders=host, Signature=30',
      ),
      400,
      'IncompleteSignature',
      "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
    ],
    [
      'Basic',
      signedBy('Basic YWRhOnNlY3JldA=='),
      400,
      'IncompleteSignature',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    ],
    [
      'Bearer',
      signedBy('Bearer abc'),
      400,
      'IncompleteSignature',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    ],
    [
      'a parameter twice',
      edit(sts(), 'authorization', (value) => `${value}, Signature=00`),
      400,
      'IncompleteSignature',
      "Authorization header must have 'Credential', 'SignedHeaders' and 'Signature', each once.",
    ],
    [
      'no parameters',
      signedBy('AWS4-HMAC-SHA256'),
      400,
      'IncompleteSignature',
      "Authorization header must have 'Credential', 'SignedHeaders' and 'Signature', each once.",
    ],
  ])('%s', async (_, request, status, code, message) => {
    expect(errorOf(await withSts().dispatch(request))).toEqual({ status, code, message })
  })

  it.each(['host', 'authorization', 'x-amz-date', 'x-amz-security-token'])('two %s headers', async (name) => {
    const request = sts({ sessionToken: token, accessKeyId: 'ASIAIOSFODNN7CONSOLE' })
    const value = request.headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? ''
    const { code, status } = errorOf(await withSts().dispatch(withHeader(request, name.toUpperCase(), value)))
    expect({ code, status }).toEqual({ code: 'IncompleteSignature', status: 400 })
  })

  it.each([
    ['63 digits', (signature: string) => signature.slice(1)],
    ['65 digits', (signature: string) => `${signature}0`],
    ['capital letters', (signature: string) => signature.toUpperCase()],
  ])('a signature of %s', async (_, change) => {
    const request = edit(sts(), 'authorization', (value) => value.replace(/[0-9a-f]{64}$/, change))
    expect(errorOf(await withSts().dispatch(request))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
  })

  it.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', '0'.repeat(64)])(
    'x-amz-content-sha256 %s',
    async (value) => {
      const request = sts({ headers: [['X-Amz-Content-Sha256', value]], unsigned: [] })
      expect(errorOf(await withSts().dispatch(request))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
    },
  )

  it.each<[Extract<FoundCredential, { found: false }>['reason'], string, string]>([
    ['inactive', 'InvalidClientTokenId', invalidToken],
    ['token-expired', 'ExpiredToken', 'The security token included in the request is expired'],
  ])('a credential that is %s', async (reason, code, message) => {
    const world = withSts()
    world.credential = { found: false, reason }
    const response = await world.dispatch(sts({ accessKeyId: 'ASIAOTHER', sessionToken: 'x' }))
    expect(errorOf(response)).toEqual({ status: 403, code, message })
    expect(world.log).toMatchObject([{ level: 'info', fields: { code, reason } }])
  })

  it('is not remembered by its signing key once the secret is another', async () => {
    const world = withSts()
    const found = (secretAccessKey: string, secretVersion: string): FoundCredential => ({
      found: true,
      caller: { ...world.credential } as never,
      secretAccessKey: { reveal: () => secretAccessKey } as never,
      secretVersion,
    })
    const request = call({ Action: 'Nothing' }, { accessKeyId: 'AKIAOTHER', secretAccessKey: 'first' })
    world.credential = found('first', '1')
    expect(errorOf(await world.dispatch(request)).code).toBe('InvalidAction')
    world.credential = found('second', '2')
    expect(errorOf(await world.dispatch(request)).code).toBe('SignatureDoesNotMatch')
  })

  it('may have its parameters in another order', async () => {
    const reordered = edit(sts(), 'authorization', (value) =>
      value.replace(/(Credential=.*), (SignedHeaders=.*), (Signature=.*)/, '$3,$2 , $1'),
    )
    expect((await withSts().dispatch(reordered)).status).toBe(200)
  })

  it('may sign 100 headers and carry 10,000 parameters, and no more than 200 headers', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => [`My-${index}`, 'x'] as const)
    const parameters = Array.from({ length: 9_998 }, (_, index) => `A${index}=1`).join('&')
    const body = `Action=GetCallerIdentity&Version=2011-06-15&${parameters}`
    const answer = await withSts().dispatch(call(body, { service: 'sts', headers: many(100) }))
    expect(answer.status).toBe(200)
    expect(errorOf(await withSts().dispatch(sts({ headers: many(200) }))).message).toBe(
      'More than 200 headers are signed.',
    )
  })

  it('by a stranger is logged and recorded nowhere', async () => {
    const world = withSts()
    await world.dispatch(sts({ secretAccessKey: 'other' }))
    expect(world.log.map(({ level }) => level)).toEqual(['info'])
    expect([world.tx.events, world.reads, world.asked, world.used]).toEqual([[], [], [], []])
  })
})

describe('a request that cannot be routed', () => {
  it.each<[string, AwsRequest, number, string]>([
    ['another path', { ...sts(), path: '/x' }, 404, 'UnknownOperationException'],
    ['a path that would be normalised to /', { ...sts(), path: '/./' }, 404, 'UnknownOperationException'],
    ['more slashes than one too many', { ...sts(), path: '///' }, 404, 'UnknownOperationException'],
    ['another method', { ...sts(), method: 'PUT' }, 405, 'UnsupportedMethod'],
    ['another body type', edit(sts(), 'content-type', () => 'text/plain'), 415, 'UnsupportedMediaType'],
    ['no body type', without(sts(), 'content-type'), 415, 'UnsupportedMediaType'],
    [
      'another character set',
      edit(sts(), 'content-type', () => 'application/x-www-form-urlencoded; charset=utf-16'),
      415,
      'UnsupportedMediaType',
    ],
    ['an encoded body', withHeader(sts(), 'Content-Encoding', 'gzip'), 415, 'UnsupportedMediaType'],
    ['GET with a body', { ...sts(), method: 'GET' }, 400, 'MalformedQueryString'],
  ])('%s', async (_, request, status, code) => {
    expect(errorOf(await withSts().dispatch(request))).toMatchObject({ status, code })
  })
})
