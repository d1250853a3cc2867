/** A call of a service that is not served is refused in its own protocol, before anybody asks who sent it. */
import { describe, expect, it } from 'vitest'
import type { AwsRequest } from '../../src/aws-api/operation.ts'
import { call, createWorld } from './world.ts'

type Headers = readonly (readonly [string, string])[]

const signed = (service: string): Headers => [
  [
    'Authorization',
    `AWS4-HMAC-SHA256 Credential=AKIA1/20260102/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  ],
]
const plain = call({ Action: 'GetUser' })
const request = (service: string, more: Partial<AwsRequest>, headers: Headers = []): AwsRequest => ({
  ...plain,
  ...more,
  headers: [['Host', 'localhost'], ...signed(service), ...headers],
})
const json11: Headers = [
  ['Content-Type', 'application/x-amz-json-1.1'],
  ['X-Amz-Target', 'AWSOrganizationsV20161128.DescribeOrganization'],
]
const form: Headers = [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']]

describe('refused in its own protocol', () => {
  it.each<[service: string, AwsRequest, type: string, body: RegExp]>([
    [
      'organizations',
      request('organizations', { body: Buffer.from('{}') }, json11),
      'application/x-amz-json-1.1',
      /^\{"__type":"NotImplemented","message":"/,
    ],
    [
      'kms',
      request('kms', {}, [
        ['Content-Type', 'application/x-amz-json-1.0'],
        ['X-Amz-Target', 'TrentService.ListKeys'],
      ]),
      'application/x-amz-json-1.0',
      /^\{"__type":"NotImplemented"/,
    ],
    [
      's3',
      request('s3', { method: 'GET', path: '/bucket/key', body: Buffer.alloc(0) }),
      'text/xml',
      /<Error><Code>NotImplemented<\/Code><Message>/,
    ],
    [
      'sns',
      request('sns', {}, form),
      'text/xml',
      /<ErrorResponse xmlns=""><Error><Type>Sender<\/Type><Code>NotImplemented<\/Code>/,
    ],
    [
      'lambda',
      request('lambda', { method: 'GET', path: '/2015-03-31/functions', body: Buffer.alloc(0) }),
      'application/json',
      /^\{"message":"/,
    ],
  ])('%s', async (service, asked, type, body) => {
    const world = createWorld()
    const response = await world.dispatch(asked)
    expect([response.status, response.headers['content-type']]).toEqual([501, type])
    expect(response.body).toMatch(body)
    expect(response.body).toContain(`Sallyport does not serve ${service}: it serves iam, sts.`)
    expect(response.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(world.used).toEqual([])
    expect([...world.reads, ...world.tx.events]).toEqual([])
  })

  it('by a presigned URL too', async () => {
    const query = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA1%2F20260102%2Fus-east-1%2Fs3%2Faws4_request'
    const asked = { ...plain, method: 'GET', path: '/bucket/key', query, headers: [], body: Buffer.alloc(0) }
    const response = await createWorld().dispatch(asked)
    expect(response.body).toContain('Sallyport does not serve s3: it serves iam, sts.')
  })
})

it('what is typed as a service reaches the answer as text', async () => {
  const response = await createWorld().dispatch(request('<b>', {}, form))
  expect(response.status).not.toBe(501)
  expect(response.body).not.toContain('<b>')
})
