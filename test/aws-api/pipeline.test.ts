/** What becomes of a call whose signature is right: answered, refused, recorded. */

import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { createDispatcher } from '../../src/aws-api/dispatcher.ts'
import { iamModel } from '../../src/aws-api/model/service-model.ts'
import type { DispatcherParts } from '../../src/aws-api/operation.ts'
import { StorageUnavailable } from '../../src/core/errors.ts'
import { createUser, withUsers } from './user-handlers.ts'
import { anything, call, consoleCall, createWorld, errorOf, startOfTime, type Tx } from './world.ts'

describe('a change', () => {
  it('is answered in XML with the id under which it is recorded', async () => {
    const world = withUsers()
    const response = await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob', Path: '/x/' }))
    const requestId = response.headers['x-amzn-requestid']
    expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(response).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body:
        '<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateUserResult><User><Path>/x/</Path><UserName>bob</UserName>' +
        '<UserId>AIDANEW</UserId><Arn>arn:aws:iam::123456789012:user/x/bob</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate></User>' +
        `</CreateUserResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></CreateUserResponse>`,
    })
    expect(world.tx.events).toEqual([
      {
        accountId: '123456789012',
        time: startOfTime,
        identity: { type: 'caller', caller: expect.objectContaining({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }) },
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateUser',
        eventType: 'AwsApiCall',
        readOnly: false,
        sourceIpAddress: '192.0.2.7',
        userAgent: 'aws-cli/2.36.7',
        requestParameters: { userName: 'bob', path: '/x/' },
        responseElements: {
          user: {
            userName: 'bob',
            path: '/x/',
            userId: 'AIDANEW',
            arn: 'arn:aws:iam::123456789012:user/x/bob',
            createDate: 'Jan 2, 2026, 3:04:05 AM',
          },
        },
        requestId,
        host: 'localhost:4100',
      },
    ])
    expect(world.reads).toEqual([])
  })

  it('is answered in JSON when the client asks for it', async () => {
    const request = call({ Action: 'CreateUser', UserName: 'bob' }, { accept: 'application/json' })
    const response = await withUsers().dispatch(request)
    expect(response.headers['content-type']).toBe('application/json')
    expect(JSON.parse(String(response.body))).toMatchObject({
      CreateUserResponse: {
        CreateUserResult: { User: { UserName: 'bob', CreateDate: startOfTime / 1000, Tags: null } },
        ResponseMetadata: { RequestId: response.headers['x-amzn-requestid'] },
      },
    })
  })

  it('and its event are both gone when it is refused; the refusal is recorded', async () => {
    const world = withUsers({
      CreateUser: {
        ...createUser,
        async handle(input, call) {
          await createUser.handle(input, call, undefined)
          return call.refuse('LimitExceeded', 'Cannot exceed quota for UsersPerAccount: 1')
        },
      },
    })
    const response = await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    expect(errorOf(response)).toEqual({
      status: 409,
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for UsersPerAccount: 1',
    })
    expect(world.tx.users.size).toBe(0)
    expect(world.tx.events).toMatchObject([
      {
        eventName: 'CreateUser',
        errorCode: 'LimitExceededException',
        errorMessage: 'Cannot exceed quota for UsersPerAccount: 1',
        requestParameters: { userName: 'bob' },
        responseElements: null,
      },
    ])
  })

  it('does not happen when its event cannot be written', async () => {
    const world = withUsers()
    world.recordBroken = new StorageUnavailable('disk full')
    const response = await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    expect(errorOf(response)).toMatchObject({ status: 503, code: 'ServiceUnavailable' })
    expect(response.headers['retry-after']).toBe('1')
    expect(response.body).toContain('<Type>Receiver</Type>')
    expect(world.tx.users.size).toBe(0)
    expect(world.log).toMatchObject([{ level: 'error', fields: { error: expect.stringContaining('disk full') } }])
  })

  it('is preceded, outside of its transaction, by what must outlive a refusal', async () => {
    let attempted = 0
    const world = withUsers({
      CreateUser: {
        ...createUser,
        async before(_, { tx }) {
          expect(tx).toBe(world.tx)
          attempted++
        },
        async handle(_, call) {
          return call.refuse('AccessDenied', 'no')
        },
      },
    })
    await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    world.deny = 'not authorized'
    await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    expect(attempted).toBe(1)
  })
})

describe('a read', () => {
  it('is recorded as one, without what it answered', async () => {
    const world = withUsers()
    world.tx.users.set('bob', { path: '/' })
    const response = await world.dispatch(call({ Action: 'GetUser', UserName: 'bob' }))
    expect(response.status).toBe(200)
    expect(world.reads).toMatchObject([
      { eventName: 'GetUser', readOnly: true, requestParameters: { userName: 'bob' }, responseElements: null },
    ])
    expect(world.tx.events).toEqual([])
  })

  it('by GET is the same call', async () => {
    const world = withUsers()
    world.tx.users.set('bob', { path: '/' })
    const request = call('', { method: 'GET', query: 'Action=GetUser&UserName=bob&Version=2010-05-08' })
    expect((await world.dispatch(request)).status).toBe(200)
  })

  it('that is refused is recorded as a refusal', async () => {
    const world = withUsers()
    const response = await world.dispatch(call({ Action: 'GetUser', UserName: 'bob' }))
    expect(errorOf(response)).toEqual({
      status: 404,
      code: 'NoSuchEntity',
      message: 'The user with name bob cannot be found.',
    })
    expect(world.tx.events).toMatchObject([{ errorCode: 'NoSuchEntityException', readOnly: true }])
    expect(world.reads).toEqual([])
  })
})

describe('authorisation', () => {
  it('is asked about the action, the resource and the request', async () => {
    const world = withUsers()
    await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    expect(world.asked).toEqual([
      {
        action: 'iam:CreateUser',
        resource: 'arn:aws:iam::123456789012:user/bob',
        facts: {
          sourceIp: '192.0.2.7',
          userAgent: 'aws-cli/2.36.7',
          secureTransport: false,
          now: startOfTime,
          region: 'us-east-1',
        },
      },
    ])
  })

  it('denies before anything is done, in its own words, and the denial is recorded', async () => {
    const world = withUsers()
    world.deny = 'User: ada is not authorized to perform: iam:CreateUser on resource: bob'
    const response = await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    expect(errorOf(response)).toEqual({ status: 403, code: 'AccessDenied', message: world.deny })
    expect(world.tx.users.size).toBe(0)
    expect(world.tx.events).toMatchObject([
      { errorCode: 'AccessDenied', errorMessage: world.deny, requestParameters: { userName: 'bob' } },
    ])
  })
})

describe('an operation', () => {
  it.each([
    [
      'that AWS does not have',
      { Action: 'CreateUsers' },
      400,
      'InvalidAction',
      'Could not find operation CreateUsers for version 2010-05-08',
    ],
    [
      'in another case',
      { Action: 'createUser' },
      400,
      'InvalidAction',
      'Could not find operation createUser for version 2010-05-08',
    ],
    [
      'named like a member of Object',
      { Action: 'constructor' },
      400,
      'InvalidAction',
      'Could not find operation constructor for version 2010-05-08',
    ],
    [
      'of another version',
      { Action: 'GetUser', Version: '2011-06-15' },
      400,
      'InvalidAction',
      'Could not find operation GetUser for version 2011-06-15',
    ],
    [
      'with mark-up in its name',
      { Action: '<b>' },
      400,
      'InvalidAction',
      'Could not find operation <b> for version 2010-05-08',
    ],
    ['with no name', { Action: '' }, 400, 'MissingAction', 'The request must contain the parameter Action.'],
    [
      'that is known and not implemented',
      { Action: 'CreateRole' },
      501,
      'NotImplemented',
      'CreateRole is not implemented. docs/compatibility.md lists what is.',
    ],
  ])('%s', async (_, parameters, status, code, message) => {
    expect(errorOf(await withUsers().dispatch(call(parameters)))).toEqual({ status, code, message })
  })

  it('without a version', async () => {
    const response = await withUsers().dispatch(call('Action=GetUser'))
    expect(errorOf(response).message).toBe('Could not find operation GetUser for version NO_VERSION_SPECIFIED')
  })

  it('that is not implemented is recorded, one that does not exist is not', async () => {
    const world = withUsers()
    await world.dispatch(call({ Action: 'CreateRole' }))
    await world.dispatch(call({ Action: 'Nonsense' }))
    expect(world.tx.events).toMatchObject([{ eventName: 'CreateRole', errorCode: 'NotImplemented' }])
  })

  it('that its model does not have stops the start', () => {
    const services = [{ model: iamModel(), operations: { CreateUsers: createUser } }]
    expect(() => createDispatcher({ services } as unknown as DispatcherParts<Tx>)).toThrow(
      'got a handler for CreateUsers, expected an operation of iam',
    )
  })
})

describe('input', () => {
  it('that breaks a constraint is refused and recorded', async () => {
    const world = withUsers()
    const response = await world.dispatch(call({ Action: 'CreateUser', UserName: 'a b' }))
    const message =
      'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-'
    expect(errorOf(response)).toEqual({ status: 400, code: 'ValidationError', message })
    expect(world.tx.events).toMatchObject([
      { errorCode: 'ValidationError', errorMessage: message, requestParameters: null },
    ])
    expect(world.asked).toEqual([])
  })

  it('that cannot be read is refused before anything else', async () => {
    const world = withUsers()
    const response = await world.dispatch(call('Action=CreateUser&Version=2010-05-08&UserName=a&UserName=b'))
    expect(errorOf(response)).toMatchObject({ status: 400, code: 'MalformedQueryString' })
  })

  it('reaches the answer and the error as text, whatever it holds', async () => {
    const world = createWorld({
      iam: {
        GetAccessKeyLastUsed: {
          target: anything,
          handle: async ({ AccessKeyId }) => ({
            UserName: AccessKeyId,
            AccessKeyLastUsed: { ServiceName: '</UserName><Admin/>', Region: 'a&b' },
          }),
        },
      },
    })
    const good = await world.dispatch(call({ Action: 'GetAccessKeyLastUsed', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }))
    const { GetAccessKeyLastUsedResult: result } = new XMLParser().parse(String(good.body)).GetAccessKeyLastUsedResponse
    expect(result.AccessKeyLastUsed).toEqual({ ServiceName: '</UserName><Admin/>', Region: 'a&b' })
    const bad = await world.dispatch(call({ Action: ']]></Message><x a="' }))
    expect(new XMLParser().parse(String(bad.body)).ErrorResponse.Error.Message).toContain(
      'Could not find operation ]]></Message><x a=" for version',
    )
  })
})

describe('root at the console', () => {
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' }
  const enable = { Action: 'EnableMFADevice', SerialNumber: 'arn:aws:iam::123456789012:mfa/phone', ...codes }
  const withMfa = () => createWorld({ iam: { EnableMFADevice: { target: anything, handle: async () => {} } } })

  it('may leave out UserName, which is recorded as AWS ROOT USER, and the codes are not recorded', async () => {
    const world = withMfa()
    const response = await world.dispatch(consoleCall(enable))
    expect(response.status).toBe(200)
    expect(response.body).not.toContain('EnableMFADeviceResult')
    expect(world.tx.events).toMatchObject([{ responseElements: null }])
    expect(world.tx.events[0]?.requestParameters).toEqual({
      userName: 'AWS ROOT USER',
      serialNumber: 'arn:aws:iam::123456789012:mfa/phone',
    })
  })

  it('alone may leave it out', async () => {
    const response = await withMfa().dispatch(call(enable))
    expect(errorOf(response).message).toBe(
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null",
    )
  })

  it('has malformed codes kept out of the record too', async () => {
    const world = withMfa()
    const response = await world.dispatch(consoleCall({ ...enable, AuthenticationCode1: '12345' }))
    expect(errorOf(response).message).toContain("Value at 'authenticationCode1'")
    expect(JSON.stringify([world.tx.events, world.log])).not.toContain('12345"')
    expect(world.tx.events[0]?.errorMessage).toContain("Value at 'authenticationCode1' failed")
  })
})

describe('a secret', () => {
  it('in an input or an output is never recorded', async () => {
    const seed = 'SEEDSEEDSEED'
    const world = createWorld({
      iam: {
        CreateVirtualMFADevice: {
          target: anything,
          handle: async () => ({
            VirtualMFADevice: { SerialNumber: 's', Base32StringSeed: Buffer.from(seed), QRCodePNG: Buffer.from(seed) },
          }),
        },
        CreateLoginProfile: {
          target: anything,
          handle: async (_, { refuse }) =>
            refuse('PasswordPolicyViolation', 'Password should have a minimum length of 14'),
        },
      },
    })
    const created = await world.dispatch(call({ Action: 'CreateVirtualMFADevice', VirtualMFADeviceName: 'phone' }))
    expect(created.body).toContain(Buffer.from(seed).toString('base64'))
    await world.dispatch(call({ Action: 'CreateLoginProfile', UserName: 'bob', Password: 'correct horse' }))
    expect(world.tx.events).toMatchObject([
      {
        requestParameters: { virtualMFADeviceName: 'phone' },
        responseElements: { virtualMFADevice: { serialNumber: 's' } },
      },
      { requestParameters: { userName: 'bob' }, errorCode: 'PasswordPolicyViolationException' },
    ])
    expect(JSON.stringify([world.tx.events, world.log])).not.toMatch(/SEED|U0VFRA|correct horse/)
  })
})
