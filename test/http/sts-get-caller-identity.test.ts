/** GetCallerIdentity (aws-behaviour §3.4): never denied, and tells each kind of caller who it is. */
import http from 'node:http'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { AwsV4Signer } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  call,
  consoleOf,
  eventsOf,
  type RawAnswer,
  refusal,
  refusalOf,
  sendRaw,
  signedCall,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
  account = await accountWithAdmin(server)
})
afterAll(() => server.close())

const sts = { service: 'sts' } as const
const identity = ({ accountId }: AccountOfTest, userId: string, arn: string) =>
  `<UserId>${userId}</UserId><Account>${accountId}</Account><Arn>${arn}</Arn>`

test('answers users, root by its key and root in the console', async () => {
  const user = await newUser(server, account.accountId, 'plain')
  const ask = (credentials: SdkCredentials) => call(server, credentials, 'GetCallerIdentity', {}, sts)
  const ofUser = await ask(user)
  const expected = answerOf('GetCallerIdentity', identity(account, user.userId, user.arn), ofUser.requestId, 'sts')
  expect(ofUser.text).toBe(expected)

  const session = await consoleOf(server, account.accountId)
  const { text } = await call(server, session, 'CreateAccessKey')
  const [, accessKeyId = '', secretAccessKey = ''] = /<AccessKeyId>(.*?)<.*<SecretAccessKey>(.*?)</.exec(text) ?? []
  const root = `arn:aws:iam::${account.accountId}:root`
  for (const credentials of [session, { accessKeyId, secretAccessKey }]) {
    const answer = await ask(credentials)
    const whole = answerOf('GetCallerIdentity', identity(account, account.accountId, root), answer.requestId, 'sts')
    expect(answer.text).toBe(whole)
    const { sts: client } = sdkClients(server.url, credentials, { now: server.clock.now })
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
      UserId: account.accountId,
      Account: account.accountId,
      Arn: root,
    })
  }
})

test('answers JSON to a client that asks for it', async () => {
  const headers = { Accept: 'application/json' }
  const { text, requestId } = await call(server, account.admin, 'GetCallerIdentity', {}, { ...sts, headers })
  expect(JSON.parse(text)).toEqual({
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: {
        UserId: account.admin.userId,
        Account: account.accountId,
        Arn: account.admin.arn,
      },
      ResponseMetadata: { RequestId: requestId },
    },
  })
})

test('is recorded as a read of STS', async () => {
  const { requestId } = await call(server, account.admin, 'GetCallerIdentity', {}, sts)
  const [event] = await eventsOf(server, account.accountId)
  expect(event).toMatchObject({
    eventSource: 'sts.amazonaws.com',
    eventName: 'GetCallerIdentity',
    readOnly: true,
    requestID: requestId,
    requestParameters: null,
    responseElements: null,
  })
})

test('answers a presigned call without X-Amz-Expires, as the SDK for Go makes them', async () => {
  const url = `${server.url}/?Action=GetCallerIdentity&Version=2011-06-15`
  const datetime = new Date(server.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const signer = new AwsV4Signer({ url, ...account.admin, ...sts, region: 'us-east-1', signQuery: true, datetime })
  const { search } = (await signer.sign()).url
  expect(search).not.toContain('Expires')
  const answer = await sendRaw({ method: 'GET', url: `${server.url}/${search}`, headers: [] })
  expect([answer.status, answer.text.includes(account.admin.arn)]).toEqual([200, true])
})

test('answers a target in absolute form, of the host that it is sent to and no other', async () => {
  const request = await signedCall(server, account.admin, { Action: 'GetCallerIdentity' }, sts)
  const { host, port } = new URL(server.url)
  const ask = (target: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = [...request.headers.flat(), 'Host', host, 'Connection', 'close']
      const asked = http.request({ host: '127.0.0.1', port, method: 'POST', path: target, headers }, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      asked.on('error', reject)
      asked.end(request.body)
    })
  for (const target of [`http://${host}/`, `HTTP://${host.toUpperCase()}/`, `http://${host}`])
    expect([target, (await ask(target)).status]).toEqual([target, 200])
  for (const target of [
    'http://evil.example/',
    `http://user@${host}/`,
    `http://${host}.evil.example/`,
    `ftp://${host}/`,
  ])
    expect([target, (await ask(target)).status]).toEqual([target, 404])
})

test('answers a presigned call, for 15 minutes, of the right address and no other', async () => {
  const presign = async (expires: string, host = server.url): Promise<string> => {
    const url = `${host}/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=${expires}`
    const datetime = new Date(server.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, '')
    const signer = new AwsV4Signer({ url, ...account.admin, ...sts, region: 'us-east-1', signQuery: true, datetime })
    return (await signer.sign()).url.search
  }
  const get = (search: string): Promise<RawAnswer> =>
    sendRaw({ method: 'GET', url: `${server.url}/${search}`, headers: [] })
  const search = await presign('60')
  const expected = identity(account, account.admin.userId, account.admin.arn)
  const answer = await get(search)
  expect(answer.text).toBe(answerOf('GetCallerIdentity', expected, answer.requestId, 'sts'))

  const doesNotMatch = { status: 403, code: 'SignatureDoesNotMatch' }
  expect(refusalOf(await get(await presign('60', 'http://127.0.0.1:1')))).toMatchObject(doesNotMatch)
  expect(refusalOf(await get(search.replace('Expires=60', 'Expires=61')))).toMatchObject(doesNotMatch)
  expect(refusalOf(await get(`${search}&UserName=x`))).toMatchObject(doesNotMatch)
  expect(refusalOf(await get(`${search}&Action=GetCallerIdentity`))).toMatchObject({ status: 403 })
  expect(refusalOf(await get(`${search}&X-Amz-Date=20260101T000000Z`))).toMatchObject({ code: 'IncompleteSignature' })
  expect(refusalOf(await sendRaw({ method: 'POST', url: `${server.url}/${search}`, headers: [] }))).toMatchObject(
    doesNotMatch,
  )
  server.clock.advance(15 * 60_000)
  expect((await get(search)).status).toBe(200)
  server.clock.advance(1000)
  expect(refusalOf(await get(search)).message).toMatch(/^Signature expired: /)
})

test('is an operation of STS alone, of its version alone, and the other operations of STS answer 501', async () => {
  const missing = (version: string) =>
    refusal(400, 'InvalidAction', `Could not find operation GetCallerIdentity for version ${version}`)
  const ask = (service: string, version: string) =>
    call(server, account.admin, 'GetCallerIdentity', {}, { service, version })
  expect(refusalOf(await ask('iam', '2011-06-15'))).toEqual(missing('2011-06-15'))
  expect(refusalOf(await ask('iam', '2010-05-08'))).toEqual(missing('2010-05-08'))
  expect(refusalOf(await ask('sts', '2010-05-08'))).toEqual(missing('2010-05-08'))
  expect(refusalOf(await ask('sts', ''))).toEqual(missing(''))
  const inIam = await call(server, account.admin, 'GetUser', {}, { service: 'sts' })
  expect(refusalOf(inIam)).toMatchObject({ status: 400, code: 'InvalidAction' })
  expect(inIam.text).toContain('xmlns="https://sts.amazonaws.com/doc/2011-06-15/"')
  for (const name of ['GetSessionToken', 'AssumeRole', 'AssumeRoot', 'GetFederationToken'])
    expect(refusalOf(await call(server, account.admin, name, {}, sts))).toMatchObject({
      status: 501,
      code: 'NotImplemented',
    })
})
