/** The query form of signatures (security S-10, S-12), with AWS's codes. */
import { describe, expect, it } from 'vitest'
import type { AwsRequest } from '../../src/aws-api/operation.ts'
import { anything, call, createWorld, errorOf, startOfTime } from './world.ts'

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
const sts = (): AwsRequest => call(getCallerIdentity, { service: 'sts' })

describe('a presigned call', () => {
  const presigned = (changes: { readonly [name: string]: string | undefined } = {}): AwsRequest => {
    const parameters = {
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/sts/aws4_request',
      'X-Amz-Date': '20260102T030405Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0'.repeat(64),
      ...changes,
    }
    const query = Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
      .join('&')
    return { ...call(''), method: 'GET', query, headers: [['Host', 'localhost:4100']], body: Buffer.alloc(0) }
  }

  it.each(['0', '-1', '604801', '1e3', '0x10', '1.5', ' 1', '', '１'])('with X-Amz-Expires %j', async (expires) => {
    const { status, code } = errorOf(await withSts().dispatch(presigned({ 'X-Amz-Expires': expires })))
    expect({ status, code }).toEqual({ status: 400, code: 'IncompleteSignature' })
  })

  it.each(['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Signature'])(
    'without %s',
    async (name) => {
      const { status, code, message } = errorOf(await withSts().dispatch(presigned({ [name]: undefined })))
      expect({ status, code }).toEqual({ status: 400, code: 'IncompleteSignature' })
      expect(message).toContain(name)
    },
  )

  it('without X-Amz-Expires, which STS does not need and IAM does', async () => {
    const scope = 'AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/iam/aws4_request'
    const iam = presigned({ 'X-Amz-Credential': scope, 'X-Amz-Expires': undefined })
    expect(errorOf(await withSts().dispatch(iam))).toMatchObject({ status: 400, code: 'IncompleteSignature' })
    const world = withSts()
    const life = async (seconds: number) => {
      world.now = startOfTime + seconds * 1000
      return errorOf(await world.dispatch(presigned({ 'X-Amz-Expires': undefined }))).message
    }
    expect(await life(900)).toContain('does not match')
    expect(await life(901)).toMatch(/^Signature expired/)
  })

  it('with a parameter of the signature twice', async () => {
    const request = presigned()
    const twice = { ...request, query: `${request.query}&X-Amz-Date=20260102T030405Z` }
    expect(errorOf(await withSts().dispatch(twice))).toMatchObject({ status: 400, code: 'IncompleteSignature' })
  })

  it('that is signed in its header too', async () => {
    const both = { ...sts(), query: presigned().query }
    expect(errorOf(await withSts().dispatch(both))).toMatchObject({ status: 400, code: 'IncompleteSignature' })
  })

  it('lives 15 minutes at STS and as long as it says at IAM', async () => {
    const world = withSts()
    const iam = presigned({ 'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/iam/aws4_request' })
    const life = async (request: AwsRequest, seconds: number): Promise<boolean> => {
      world.now = startOfTime + seconds * 1000
      return !errorOf(await world.dispatch(request)).message.startsWith('Signature expired')
    }
    expect([await life(presigned(), 900), await life(presigned(), 901)]).toEqual([true, false])
    expect([await life(iam, 60), await life(iam, 61)]).toEqual([true, false])
  })

  it('with version 2 parameters', async () => {
    const request = {
      ...presigned(),
      query: 'AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&SignatureVersion=2&Action=GetCallerIdentity',
    }
    expect(errorOf(await withSts().dispatch(request))).toMatchObject({ status: 400, code: 'IncompleteSignature' })
  })
})
