/** Access keys by API, and that what was deleted or switched off is refused at once (security: S-17 to S-20, A-47). */
import { randomBytes } from 'node:crypto'
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountIdOfAccessKey } from '../../src/credentials/access-key.ts'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  browserOf,
  type CallParameters,
  call,
  element,
  elements,
  isoSeconds,
  refusal,
  refusalOf,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
  account = await accountWithAdmin(server)
})
afterAll(() => server.close())

const asAdmin = (name: string, parameters: CallParameters = {}) => call(server, account.admin, name, parameters)
const refused = async (name: string, parameters: CallParameters = {}) => refusalOf(await asAdmin(name, parameters))
const whoAmI = (credentials: SdkCredentials) => call(server, credentials, 'GetCallerIdentity', {}, { service: 'sts' })
const invalidToken = refusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.')
const noSuchKey = (id: string) => refusal(404, 'NoSuchEntity', `The Access Key with id ${id} cannot be found.`)

async function newKey(userName: string): Promise<SdkCredentials> {
  const { text } = await asAdmin('CreateAccessKey', { UserName: userName })
  return { accessKeyId: element(text, 'AccessKeyId'), secretAccessKey: element(text, 'SecretAccessKey') }
}

test('a key is shown with its secret once, names its account, works, and comes in twos', async () => {
  await asAdmin('CreateUser', { UserName: 'Kim' })
  const created = await asAdmin('CreateAccessKey', { UserName: 'kim' })
  const accessKeyId = element(created.text, 'AccessKeyId')
  const secretAccessKey = element(created.text, 'SecretAccessKey')
  expect(accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
  expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/)
  expect(accountIdOfAccessKey(accessKeyId)).toBe(account.accountId)
  const date = isoSeconds(server.clock.now())
  const key = `<AccessKey><UserName>Kim</UserName><AccessKeyId>${accessKeyId}</AccessKeyId><Status>Active</Status><SecretAccessKey>${secretAccessKey}</SecretAccessKey><CreateDate>${date}</CreateDate></AccessKey>`
  expect(created.text).toBe(answerOf('CreateAccessKey', key, created.requestId))
  expect(element((await whoAmI({ accessKeyId, secretAccessKey })).text, 'Arn')).toMatch(/:user\/Kim$/)

  server.clock.advance(1000)
  const second = await newKey('Kim')
  expect(await refused('CreateAccessKey', { UserName: 'Kim' })).toEqual(
    refusal(409, 'LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2'),
  )
  const listed = await asAdmin('ListAccessKeys', { UserName: 'Kim' })
  const row = (id: string, created: string) =>
    `<member><UserName>Kim</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><CreateDate>${created}</CreateDate></member>`
  const rows = row(accessKeyId, date) + row(second.accessKeyId, isoSeconds(server.clock.now()))
  // The hook of every answer also looks for the two secrets: neither is in any but its first.
  expect(listed.text).toBe(
    answerOf(
      'ListAccessKeys',
      `<AccessKeyMetadata>${rows}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
      listed.requestId,
    ),
  )

  const first = await asAdmin('ListAccessKeys', { UserName: 'Kim', MaxItems: '1' })
  expect(elements(first.text, 'AccessKeyId')).toEqual([accessKeyId])
  const Marker = element(first.text, 'Marker')
  const last = await asAdmin('ListAccessKeys', { UserName: 'Kim', MaxItems: '1', Marker })
  expect(elements(last.text, 'AccessKeyId')).toEqual([second.accessKeyId])
  expect(element(last.text, 'IsTruncated')).toBe('false')
  const invalid = refusal(400, 'ValidationError', 'Invalid Marker.')
  expect(await refused('ListAccessKeys', { UserName: 'admin', Marker })).toEqual(invalid)
  expect(await refused('ListAccessKeys', { UserName: 'Kim', Marker: 'AKIA' })).toEqual(invalid)
})

test("AWS's own SDK reads the same: a user's keys, by itself and without naming itself", async () => {
  const user = await newUser(server, account.accountId, 'self')
  const { iam, sts } = sdkClients(server.url, user, { now: server.clock.now })
  const { AccessKey: created } = await iam.send(new CreateAccessKeyCommand({}))
  expect(created).toMatchObject({ UserName: 'self', Status: 'Active', CreateDate: new Date(server.clock.now()) })
  const AccessKeyId = created?.AccessKeyId ?? ''
  await iam.send(new UpdateAccessKeyCommand({ AccessKeyId, Status: 'Inactive' }))
  const { AccessKeyMetadata, IsTruncated } = await iam.send(new ListAccessKeysCommand({}))
  expect(AccessKeyMetadata?.map(({ Status }) => Status).sort()).toEqual(['Active', 'Inactive'])
  expect(IsTruncated).toBe(false)
  await iam.send(new DeleteAccessKeyCommand({ AccessKeyId }))
  await expect(iam.send(new DeleteAccessKeyCommand({ AccessKeyId }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    $metadata: { httpStatusCode: 404 },
    message: `The Access Key with id ${AccessKeyId} cannot be found.`,
  })
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ UserId: user.userId, Arn: user.arn })
  await expect(iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  })
})

describe('is refused with the very next request', () => {
  test('a key that was switched off, until it is switched on', async () => {
    const user = await newUser(server, account.accountId, 'switched')
    const set = (Status: string) =>
      asAdmin('UpdateAccessKey', { UserName: 'switched', AccessKeyId: user.accessKeyId, Status })
    for (let round = 0; round < 5; round++) {
      expect((await whoAmI(user)).status).toBe(200)
      const updated = await set('Inactive')
      expect(updated.text).toBe(answerOf('UpdateAccessKey', undefined, updated.requestId))
      expect(refusalOf(await whoAmI(user))).toEqual(invalidToken)
      await set('Active')
    }
    expect(refusalOf(await set('Expired'))).toMatchObject({ status: 400, code: 'InvalidInput' })
    expect(refusalOf(await set('active'))).toEqual(
      refusal(
        400,
        'ValidationError',
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
      ),
    )
    expect((await whoAmI(user)).status).toBe(200)
  })

  test('a key that was deleted, also by itself, and the key of a user that was deleted', async () => {
    const user = await newUser(server, account.accountId, 'gone')
    const own = await newKey('gone')
    await call(server, own, 'DeleteAccessKey', { AccessKeyId: own.accessKeyId })
    expect(refusalOf(await call(server, own, 'CreateAccessKey'))).toEqual(invalidToken)
    await asAdmin('DeleteAccessKey', { UserName: 'gone', AccessKeyId: user.accessKeyId })
    expect(refusalOf(await whoAmI(user))).toEqual(invalidToken)
    expect((await asAdmin('DeleteUser', { UserName: 'gone' })).status).toBe(200)
    await asAdmin('CreateUser', { UserName: 'gone' })
    expect(refusalOf(await whoAmI(user))).toEqual(invalidToken)
  })

  test("a console session's credentials once the session has ended, or with another token", async () => {
    const first = await browserOf(server, account.accountId)
    const second = await browserOf(server, account.accountId)
    const credentials = await first.credentials()
    const others = await second.credentials()
    expect((await whoAmI(credentials)).status).toBe(200)
    const { sessionToken = '' } = credentials
    for (const wrong of [others.sessionToken ?? '', sessionToken.slice(0, -4), `${sessionToken}AAAA`, 'x', ''])
      expect(refusalOf(await whoAmI({ ...credentials, sessionToken: wrong || ' ' }))).toMatchObject({ status: 403 })
    const { sessionToken: _, ...without } = credentials
    expect(refusalOf(await whoAmI(without))).toEqual(invalidToken)
    expect(refusalOf(await whoAmI({ ...account.admin, sessionToken }))).toEqual(invalidToken)
    await first.post('/console/sign-out', {})
    expect(refusalOf(await whoAmI(credentials))).toEqual(
      refusal(403, 'ExpiredToken', 'The security token included in the request is expired'),
    )
    expect((await whoAmI(others)).status).toBe(200)
    server.clock.advance(15 * 60_000)
    expect(refusalOf(await whoAmI(others))).toMatchObject({ code: 'ExpiredToken' })
  })

  test('an id that never was, and one of another secret: they differ by their text alone, as on AWS', async () => {
    const secretAccessKey = randomBytes(30).toString('base64')
    const unknown = `${account.admin.accessKeyId.slice(0, -4)}AAAA`
    for (const accessKeyId of [unknown, 'AKIAIOSFODNN7EXAMPLE', 'AKIA', 'x', '__proto__', 'constructor'])
      expect(refusalOf(await whoAmI({ accessKeyId, secretAccessKey }))).toEqual(invalidToken)
    expect(refusalOf(await whoAmI({ ...account.admin, secretAccessKey }))).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    })
  })
})

describe('GetAccessKeyLastUsed', () => {
  test('tells the time, the service and the region of the last use, to the minute', async () => {
    const user = await newUser(server, account.accountId, 'traveller')
    const lastUsed = async () => {
      const { text, requestId } = await asAdmin('GetAccessKeyLastUsed', { AccessKeyId: user.accessKeyId })
      const used = element(text, 'AccessKeyLastUsed')
      const whole = `<UserName>traveller</UserName><AccessKeyLastUsed>${used}</AccessKeyLastUsed>`
      expect(text).toBe(answerOf('GetAccessKeyLastUsed', whole, requestId))
      return used
    }
    const never = '<ServiceName>N/A</ServiceName><Region>N/A</Region>'
    expect(await lastUsed()).toBe(never)
    // A wrong signature is no use.
    await whoAmI({ ...user, secretAccessKey: 'wrong' })
    expect(await lastUsed()).toBe(never)
    await call(server, user, 'GetCallerIdentity', {}, { service: 'sts', region: 'eu-central-1' })
    const used = (ms: number, service: string, region: string) =>
      `<LastUsedDate>${isoSeconds(ms)}</LastUsedDate><ServiceName>${service}</ServiceName><Region>${region}</Region>`
    expect(await lastUsed()).toBe(used(server.clock.now(), 'sts', 'eu-central-1'))
    server.clock.advance(60_000)
    await call(server, user, 'GetUser')
    expect(await lastUsed()).toBe(used(server.clock.now(), 'iam', 'us-east-1'))
  })

  test("answers alike for another account's key and for none", async () => {
    const other = await accountWithAdmin(server)
    const denied = (id: string) =>
      refusal(
        403,
        'AccessDenied',
        `User: ${account.admin.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${id}`,
      )
    for (const id of [other.admin.accessKeyId, 'AKIAIOSFODNN7EXAMPLE'])
      expect(await refused('GetAccessKeyLastUsed', { AccessKeyId: id })).toEqual(denied(id))
  })
})

test("a key is found under its own user's name only", async () => {
  const { accessKeyId } = await newUser(server, account.accountId, 'owner')
  await newUser(server, account.accountId, 'stranger')
  for (const UserName of ['stranger', 'admin']) {
    expect(await refused('DeleteAccessKey', { UserName, AccessKeyId: accessKeyId })).toEqual(noSuchKey(accessKeyId))
    expect(await refused('UpdateAccessKey', { UserName, AccessKeyId: accessKeyId, Status: 'Inactive' })).toEqual(
      noSuchKey(accessKeyId),
    )
  }
  expect(await refused('DeleteAccessKey', { AccessKeyId: accessKeyId })).toEqual(noSuchKey(accessKeyId))
  for (const id of ['A'.repeat(15), 'A'.repeat(129), 'AKIA-OSFODNN7EXAMPLE', "AKIA'OSFODNN7EXAMPLE"])
    expect(await refused('DeleteAccessKey', { AccessKeyId: id })).toMatchObject({ code: 'ValidationError' })
})
