/** Requests that no client of AWS's would send (security; §2.3): refused in AWS's form, and nothing happens. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { iamModel, stsModel } from '../../src/aws-api/model/service-model.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import type { Sent } from '../support/transport.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  type CallOptions,
  type CallParameters,
  call,
  element,
  elements,
  eventsOf,
  refusalOf,
  sendRaw,
  signedCall,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest
const prototypeBefore = JSON.stringify(Object.getOwnPropertyNames(Object.prototype))

beforeAll(async () => {
  server = await startTestServer()
  account = await accountWithAdmin(server)
})
afterEach(() => {
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(prototypeBefore)
})
afterAll(async () => {
  // None of all this was our own failure.
  expect(server.log()).not.toContain('AWS call failed')
  await server.close()
})

const signed = (parameters: CallParameters, options: CallOptions = {}) =>
  signedCall(server, account.admin, parameters, options)
const ask = async (parameters: CallParameters, options: CallOptions = {}) =>
  refusalOf(await sendRaw(await signed(parameters, options)))
/** Signed with exactly this body. */
const askBody = (body: string | Buffer, options: CallOptions = {}) => ask({}, { ...options, body })
const withHeader = (request: Sent, name: string, change: (value: string) => string | undefined): Sent => ({
  ...request,
  headers: request.headers.flatMap(([each, value]): [string, string][] => {
    if (each.toLowerCase() !== name) return [[each, value]]
    const changed = change(value)
    return changed === undefined ? [] : [[each, changed]]
  }),
})
const adding = (request: Sent, name: string, value: string): Sent => ({
  ...request,
  headers: [...request.headers, [name, value]],
})
const getUser = { Action: 'GetUser' }
const version = 'Version=2010-05-08'
const userNames = async () =>
  elements((await call(server, account.admin, 'ListUsers', { MaxItems: '1000' })).text, 'UserName')

describe('a signature', () => {
  const spoilt: [string, (request: Sent) => Sent, number, string][] = [
    ['over another body', (r) => ({ ...r, body: 'Action=ListUsers&Version=2010-05-08' }), 403, 'SignatureDoesNotMatch'],
    [
      'changed in one digit',
      (r) => withHeader(r, 'authorization', (v) => v.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
      403,
      'SignatureDoesNotMatch',
    ],
    ['that is cut off', (r) => withHeader(r, 'authorization', (v) => v.slice(0, -1)), 403, 'SignatureDoesNotMatch'],
    ['that is missing', (r) => withHeader(r, 'authorization', () => undefined), 403, 'MissingAuthenticationToken'],
    ['with an x-amz header beside it', (r) => adding(r, 'X-Amz-Meta', 'x'), 403, 'SignatureDoesNotMatch'],
    ['with a token beside it', (r) => adding(r, 'X-Amz-Security-Token', 'x'), 403, 'SignatureDoesNotMatch'],
    ['with a target beside it', (r) => adding(r, 'X-Amz-Target', 'IAM.GetUser'), 403, 'SignatureDoesNotMatch'],
    [
      'for another host',
      (r) =>
        adding(
          withHeader(r, 'host', () => undefined),
          'Host',
          'evil.example',
        ),
      403,
      'SignatureDoesNotMatch',
    ],
    ['sent to another path', (r) => ({ ...r, url: `${r.url}x` }), 404, 'UnknownOperationException'],
    ['sent with a query', (r) => ({ ...r, url: `${r.url}?x=1` }), 403, 'SignatureDoesNotMatch'],
    ['sent by another method', (r) => ({ ...r, method: 'PUT' }), 405, 'UnsupportedMethod'],
    ['of version 2', (r) => withHeader(r, 'authorization', () => 'AWS AKIA:c2ln'), 400, 'IncompleteSignature'],
    [
      'with the date of another day',
      (r) => withHeader(r, 'x-amz-date', (v) => v.replace(/^\d{8}/, '20261123')),
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'with mark-up in its scope',
      (r) => withHeader(r, 'authorization', (v) => v.replace('us-east-1', '<b>&amp;')),
      400,
      'IncompleteSignature',
    ],
  ]
  test.each(spoilt)('%s', async (_, spoil, status, code) => {
    const before = (await eventsOf(server, account.accountId)).length
    expect(refusalOf(await sendRaw(spoil(await signed(getUser))))).toMatchObject({ status, code })
    expect(await eventsOf(server, account.accountId)).toHaveLength(before)
  })

  test('is good for a quarter of an hour either way, and not a second longer', async () => {
    const minutes = 60_000
    for (const skewMs of [-15 * minutes, 15 * minutes])
      expect((await call(server, account.admin, 'GetUser', {}, { skewMs })).status).toBe(200)
    expect((await ask(getUser, { skewMs: -15 * minutes - 1000 })).message).toBe(
      'Signature expired: 20261124T084509Z is now earlier than 20261124T084510Z (20261124T090010Z - 15 min.)',
    )
    expect((await ask(getUser, { skewMs: 15 * minutes + 1000 })).message).toBe(
      'Signature not yet current: 20261124T091511Z is still later than 20261124T091510Z (20261124T090010Z + 15 min.)',
    )
  })

  test('does not make a key without characters, or with strange ones, mean anything', async () => {
    for (const accessKeyId of ['', '__proto__', 'AKIA/../x', 'AKIA<', "'; --", 'ASIA', 'Ä'.repeat(4)]) {
      const { status } = refusalOf(
        await sendRaw(
          withHeader(await signed(getUser), 'authorization', (value) =>
            value.replace(account.admin.accessKeyId, Buffer.from(accessKeyId).toString('latin1')),
          ),
        ),
      )
      expect([400, 403]).toContain(status)
    }
  })
})

describe('parameters', () => {
  const twice = 'A parameter is given more than once.'
  const badIndex = 'The members of Tags must be numbered from 1 without a gap.'
  const tag = (index: string) =>
    `Action=CreateUser&${version}&UserName=bad&Tags.member.${index}.Key=k&Tags.member.${index}.Value=v`

  test.each<[string, string | Buffer, string, string | RegExp]>([
    ['Action twice', `Action=GetUser&${version}&Action=DeleteUser`, 'MalformedQueryString', twice],
    ['Action twice alike', `Action=GetUser&${version}&Action=GetUser`, 'MalformedQueryString', twice],
    ['a name in two cases', `Action=GetUser&${version}&UserName=a&username=b`, 'MalformedQueryString', twice],
    ['a name twice, encoded', `Action=GetUser&${version}&UserName=a&User%4eame=b`, 'MalformedQueryString', twice],
    [
      'an action in small letters only',
      `action=GetUser&${version}`,
      'MissingAction',
      /must contain the parameter Action/,
    ],
    ['no action', version, 'MissingAction', /must contain/],
    ['an empty action', `Action=&${version}`, 'MissingAction', /must contain/],
    ['no body', '', 'MissingAction', /must contain/],
    [
      'no version',
      'Action=GetUser',
      'InvalidAction',
      'Could not find operation GetUser for version NO_VERSION_SPECIFIED',
    ],
    ['a list of actions', `Action.member.1=GetUser&${version}`, 'MissingAction', /must contain/],
    ['an index beyond all', tag('999999999'), 'MalformedInput', badIndex],
    ['an index of 0', tag('0'), 'MalformedInput', badIndex],
    ['an index of -1', tag('-1'), 'MalformedInput', badIndex],
    ['an index of 1e9', tag('1e9'), 'MalformedInput', badIndex],
    ['an index of 01', tag('01'), 'MalformedInput', badIndex],
    ['an index of 2 alone', tag('2'), 'MalformedInput', badIndex],
    ['an index of __proto__', tag('__proto__'), 'MalformedInput', badIndex],
    ['an index of constructor', tag('constructor'), 'MalformedInput', badIndex],
    ['no index', tag(''), 'MalformedInput', badIndex],
    ['a full-width index', tag(encodeURIComponent('１')), 'MalformedInput', badIndex],
    [
      'a list without members',
      `Action=CreateUser&${version}&UserName=bad&Tags.1.Key=k`,
      'MalformedInput',
      /^Tags must be a list/,
    ],
    [
      'a value that is a structure, too',
      `Action=CreateUser&${version}&UserName=bad&UserName.x=y`,
      'MalformedQueryString',
      /both a value and the beginning/,
    ],
    [
      'a structure as a value',
      `Action=CreateUser&${version}&UserName.member.1=bad`,
      'MalformedInput',
      'UserName must be a value.',
    ],
    [
      'a name of 20 steps',
      `Action=GetUser&${version}&a${'.a'.repeat(20)}=x`,
      'MalformedQueryString',
      /nested too deeply/,
    ],
    [
      'broken UTF-8',
      Buffer.from([...Buffer.from(`Action=GetUser&${version}&UserName=`), 0xc3, 0x28]),
      'MalformedQueryString',
      /UTF-8/,
    ],
    ['broken encoded UTF-8', `Action=GetUser&${version}&UserName=%C3%28`, 'MalformedQueryString', /UTF-8/],
    ['an overlong character', `Action=GetUser&${version}&UserName=%C0%AF`, 'MalformedQueryString', /UTF-8/],
    ['a lone surrogate', `Action=GetUser&${version}&UserName=%ED%A0%80`, 'MalformedQueryString', /UTF-8/],
    ['a broken escape', `Action=GetUser&${version}&UserName=%zz`, 'MalformedQueryString', /UTF-8/],
    ['NUL', `Action=GetUser&${version}&UserName=a%00b`, 'MalformedQueryString', /XML cannot carry/],
    ['a control character', `Action=GetUser&${version}&UserName=a%1Fb`, 'MalformedQueryString', /XML cannot carry/],
    ['NUL in a name', `Action=GetUser&${version}&a%00=b`, 'MalformedQueryString', /XML cannot carry/],
    [
      'a character that is none',
      `Action=GetUser&${version}&UserName=%EF%BF%BF`,
      'MalformedQueryString',
      /XML cannot carry/,
    ],
    [
      '10,001 of them',
      `Action=GetUser&${version}${'&x=1'.repeat(1)}${Array.from({ length: 9999 }, (_, i) => `&a${i}=`).join('')}`,
      'MalformedQueryString',
      /more than 10000 parameters/,
    ],
    [
      '1,001 members',
      `Action=CreateUser&${version}&UserName=bad${Array.from({ length: 1001 }, (_, i) => `&Tags.member.${i + 1}.Key=k${i}`).join('')}`,
      'MalformedInput',
      'Tags has more than 1000 members.',
    ],
  ])('with %s', async (_, body, code, message) => {
    const refused = await askBody(body)
    expect(refused).toMatchObject({ status: 400, code })
    expect(refused.message).toMatch(message)
  })

  test('in the query and in the body at once', async () => {
    const { AwsV4Signer } = await import('aws4fetch')
    const datetime = new Date(server.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, '')
    const send = async (query: string, body: string) => {
      const url = `${server.url}/?${query}`
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const signer = new AwsV4Signer({
        url,
        body,
        headers,
        ...account.admin,
        service: 'iam',
        region: 'us-east-1',
        datetime,
      })
      return sendRaw({ method: 'POST', url, headers: [...(await signer.sign()).headers], body })
    }
    expect(refusalOf(await send('UserName=admin', `Action=GetUser&${version}&UserName=admin`))).toMatchObject({
      code: 'MalformedQueryString',
    })
    expect(refusalOf(await send('Action=GetUser', `Action=DeleteUser&${version}&UserName=admin`))).toMatchObject({
      code: 'MalformedQueryString',
    })
    expect(element((await send('Action=GetUser', version)).text, 'UserName')).toBe('admin')
  })

  test('named like an object’s own are nothing, wherever they stand', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
    const more = names.flatMap((name) => [
      `${name}=x`,
      `Nested${name}.${name}=x`,
      `Tags.member.1.${name}=x`,
      `Tags.member.1.${name}2.prototype.polluted=x`,
    ])
    const body = `Action=CreateUser&${version}&UserName=plain-object&Tags.member.1.Key=k&Tags.member.1.Value=v&${more.join('&')}`
    const answer = await sendRaw(await signed({}, { body }))
    expect(element(answer.text, 'Tags')).toBe('<member><Key>k</Key><Value>v</Value></member>')
    for (const Action of names) expect(await ask({ Action })).toMatchObject({ status: 400, code: 'InvalidAction' })
  })

  test('with mark-up, quotes and escapes come back as they were, in XML that is whole', async () => {
    for (const name of [
      '<b>\'"&amp;',
      'a%41',
      'x&issuer=y',
      ']]>',
      "' or ''='",
      '\u2028',
      '😀',
      'a\r\nb\t',
      '\\u0000',
      '{{x}}',
    ]) {
      const { message } = await ask({ Action: name })
      // A carriage return is kept by a reference, which the reader of this test leaves as it is.
      expect(message.replaceAll('&#xD;', '\r')).toContain(`Could not find operation ${name} for version`)
    }
    const asJson = await sendRaw(await signed({ Action: '<"\n' }, { headers: { Accept: 'application/json' } }))
    expect(JSON.parse(asJson.text)).toMatchObject({
      Error: {
        Code: 'InvalidAction',
        Type: 'Sender',
        Message: expect.stringContaining('Could not find operation <"\n for version'),
      },
      RequestId: asJson.requestId,
    })
  })

  test('that the operation does not have are ignored, as on AWS; those of another case are not its own', async () => {
    expect((await call(server, account.admin, 'GetUser', { Nothing: 'x', 'a.b.c': 'y' })).status).toBe(200)
    expect(await ask({ Action: 'CreateUser', userName: 'lower' })).toMatchObject({ code: 'ValidationError' })
    expect(await userNames()).not.toContain('lower')
  })
})

describe('a body', () => {
  test('of more than the server reads is refused in AWS’s form, unread', async () => {
    const large = `Action=GetUser&${version}&UserName=${'a'.repeat(1024 * 1024)}`
    const request = await signed({}, { body: large })
    const answer = await sendRaw(request)
    expect(refusalOf(answer)).toEqual({
      status: 413,
      code: 'RequestEntityTooLarge',
      message: 'The body has more bytes than this server reads.',
    })
    const streamed = adding(
      withHeader(request, 'content-length', () => undefined),
      'Transfer-Encoding',
      'chunked',
    )
    expect(refusalOf(await sendRaw(streamed))).toMatchObject({ status: 413, code: 'RequestEntityTooLarge' })
    const asJson = await sendRaw(adding(request, 'Accept', 'application/json'))
    expect(JSON.parse(asJson.text)).toMatchObject({ Error: { Code: 'RequestEntityTooLarge', Type: 'Sender' } })
    // What is just small enough is read, and found wanting.
    const name = 'a'.repeat(256 * 1024 - `Action=GetUser&${version}&UserName=`.length)
    expect(await askBody(`Action=GetUser&${version}&UserName=${name}`)).toMatchObject({ code: 'ValidationError' })
  })

  test.each([
    ['text/plain', 415],
    ['application/json', 415],
    ['application/x-amz-json-1.1', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/x-www-form-urlencoded; charset=utf-16', 415],
    ['application/x-www-form-urlencoded, text/plain', 415],
  ])('of type %s is not read', async (type, status) => {
    const request = withHeader(await signed(getUser), 'content-type', () => type)
    expect(refusalOf(await sendRaw(request))).toMatchObject({ status, code: 'UnsupportedMediaType' })
  })

  test('that is encoded is not read', async () => {
    expect(await ask(getUser, { headers: { 'Content-Encoding': 'gzip' } })).toMatchObject({
      status: 415,
      code: 'UnsupportedMediaType',
    })
  })
})

test('an operation that AWS has answers 501, one that it does not have 400, whatever else is asked', async () => {
  const notImplemented = { status: 501, code: 'NotImplemented' }
  for (const name of [
    'CreateRole',
    'PutUserPolicy',
    'CreateLoginProfile',
    'ChangePassword',
    'GetAccountAuthorizationDetails',
  ])
    expect(await ask({ Action: name })).toMatchObject(notImplemented)
  expect(Object.keys(iamModel().operations)).toContain('CreateRole')
  expect(Object.keys(stsModel().operations)).toContain('AssumeRole')
  expect(await ask({ Action: 'CreateRole' })).toMatchObject({
    message: 'CreateRole is not implemented. docs/compatibility.md lists what is.',
  })
  for (const name of ['DropTables', 'getuser', 'GetUser ', 'GetUser\n', '<script>', 'x'.repeat(4000)]) {
    const refused = await ask({ Action: name })
    expect(refused).toMatchObject({ status: 400, code: 'InvalidAction' })
    expect(refused.message).toBe(`Could not find operation ${name.slice(0, 128)} for version 2010-05-08`)
  }
})

test('and nothing of all this has made a user', async () => {
  expect((await userNames()).sort()).toEqual(['admin', 'plain-object'])
})
