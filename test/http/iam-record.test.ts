/** What the record has of API calls (aws-behaviour §6.1, §6.2, §6.6), and that no answer is given without it. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { iamHandlers } from '../../src/iam/handlers.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  type CallParameters,
  call,
  consoleOf,
  createDevice,
  element,
  elements,
  eventsOf,
  givePassword,
  isoSeconds,
  type RecordedEvent,
  refusalOf,
  twoCodes,
} from './aws-calls.ts'

let server: TestServer
let account: AccountOfTest

beforeAll(async () => {
  server = await startTestServer()
})
beforeEach(async () => {
  account = await accountWithAdmin(server)
})
afterAll(() => server.close())

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const lastEvent = async (accountId: string = account.accountId): Promise<RecordedEvent> => {
  const [event] = await eventsOf(server, accountId)
  if (event === undefined) throw new Error('the record is empty')
  return event
}

test('every operation leaves one event with what was asked and what came of it, without secrets', async () => {
  const { admin, accountId } = account
  const recorded = new Set<string>()
  let count = (await eventsOf(server, accountId)).length
  const english = `Nov 24, 2026, 9:00:10 AM`

  /** Calls, and expects exactly one event that is the call's. */
  async function step(
    name: string,
    parameters: CallParameters,
    requestParameters: object | null,
    responseElements: object | null,
    refused: { errorCode?: string; errorMessage?: unknown } = {},
  ): Promise<string> {
    const readOnly = /^(Get|List)/.test(name)
    const userAgent = 'a "user" agent/1.0 <b>'
    const { text, requestId } = await call(server, admin, name, parameters, { headers: { 'User-Agent': userAgent } })
    const events = await eventsOf(server, accountId)
    expect([name, events.length]).toEqual([name, ++count])
    const [event] = events
    expect(event).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: admin.userId,
        arn: admin.arn,
        accountId,
        accessKeyId: admin.accessKeyId,
        userName: 'admin',
      },
      eventTime: isoSeconds(server.clock.now()),
      eventSource: 'iam.amazonaws.com',
      eventName: name,
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      userAgent,
      ...refused,
      requestParameters,
      responseElements,
      requestID: requestId,
      eventID: expect.stringMatching(uuid),
      readOnly,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: accountId,
      eventCategory: 'Management',
    })
    recorded.add(name)
    return text
  }

  const tag = { 'Tags.member.1.Key': 'Owner', 'Tags.member.1.Value': 'Ada' }
  const tags = [{ key: 'Owner', value: 'Ada' }]
  const arn = `arn:aws:iam::${accountId}`
  const serialNumber = `${arn}:mfa/phone`
  const SerialNumber = serialNumber
  const ada = { UserName: 'ada', SerialNumber }
  const recordedAda = { userName: 'ada', serialNumber }

  const idOf = { userId: expect.stringMatching(/^AIDA/) }
  const user = { path: '/x/', userName: 'ada', ...idOf, arn: `${arn}:user/x/ada`, createDate: english, tags }
  await step('CreateUser', { UserName: 'ada', Path: '/x/', ...tag }, { userName: 'ada', path: '/x/', tags }, { user })
  await step('GetUser', { UserName: 'ada' }, { userName: 'ada' }, null)
  await step('GetUser', {}, null, null)
  await step('ListUsers', { MaxItems: '7', PathPrefix: '/x' }, { maxItems: 7, pathPrefix: '/x' }, null)
  await step('TagUser', { UserName: 'ada', ...tag }, { userName: 'ada', tags }, null)
  await step('UntagUser', { UserName: 'ada', 'TagKeys.member.1': 'Team' }, { userName: 'ada', tagKeys: ['Team'] }, null)
  await step('UpdateUser', { UserName: 'ada', NewPath: '/x/' }, { userName: 'ada', newPath: '/x/' }, null)
  await step('ListUserTags', { UserName: 'ada', MaxItems: '1' }, { userName: 'ada', maxItems: 1 }, null)
  for (const name of ['ListGroupsForUser', 'ListUserPolicies', 'ListSSHPublicKeys', 'ListSigningCertificates'])
    await step(name, { UserName: 'ada' }, { userName: 'ada' }, null)
  const attached = { userName: 'ada', pathPrefix: '/x/' }
  await step('ListAttachedUserPolicies', { UserName: 'ada', PathPrefix: '/x/' }, attached, null)
  const ofService = { serviceName: 'codecommit.amazonaws.com', allUsers: true }
  const service = { ServiceName: ofService.serviceName, AllUsers: 'true' }
  await step('ListServiceSpecificCredentials', service, ofService, null)
  await givePassword(server, accountId, 'ada')
  await step('GetLoginProfile', { UserName: 'ada' }, { userName: 'ada' }, null)
  await step('DeleteLoginProfile', { UserName: 'ada' }, { userName: 'ada' }, null)
  const accessKeyId = expect.stringMatching(/^AKIA[A-Z2-7]{16}$/)
  const accessKey = { userName: 'ada', accessKeyId, status: 'Active', createDate: english }
  const key = await step('CreateAccessKey', { UserName: 'ada' }, { userName: 'ada' }, { accessKey })
  const AccessKeyId = element(key, 'AccessKeyId')
  const ofKey = { userName: 'ada', accessKeyId: AccessKeyId }
  await step('ListAccessKeys', { UserName: 'ada' }, { userName: 'ada' }, null)
  await step(
    'UpdateAccessKey',
    { UserName: 'ada', AccessKeyId, Status: 'Inactive' },
    { ...ofKey, status: 'Inactive' },
    null,
  )
  await step('GetAccessKeyLastUsed', { AccessKeyId }, { accessKeyId: AccessKeyId }, null)
  await step('DeleteAccessKey', { UserName: 'ada', AccessKeyId }, ofKey, null)

  const made = await step(
    'CreateVirtualMFADevice',
    { VirtualMFADeviceName: 'phone', Path: '/', ...tag },
    { virtualMFADeviceName: 'phone', path: '/', tags },
    { virtualMFADevice: { serialNumber, tags } },
  )
  const { authenticatorApp } = await import('../support/authenticator-app.ts')
  const seed = Buffer.from(element(made, 'Base32StringSeed'), 'base64').toString('latin1')
  const device = { serial: serialNumber, app: authenticatorApp(seed) }
  const codes = twoCodes({ ...server.clock, advance: () => {} }, device)
  await step('EnableMFADevice', { ...ada, ...codes }, recordedAda, null)
  await step('ListMFADevices', { UserName: 'ada' }, { userName: 'ada' }, null)
  await step('ListVirtualMFADevices', { AssignmentStatus: 'Any' }, { assignmentStatus: 'Any' }, null)
  const unsupported = { errorCode: 'ValidationError', errorMessage: expect.stringMatching(/^The MFA device serial/) }
  await step('GetMFADevice', ada, recordedAda, null, unsupported)
  await step('TagMFADevice', { SerialNumber, ...tag }, { serialNumber, tags }, null)
  await step('ListMFADeviceTags', { SerialNumber }, { serialNumber }, null)
  const untag = { SerialNumber, 'TagKeys.member.1': 'Owner' }
  await step('UntagMFADevice', untag, { serialNumber, tagKeys: ['Owner'] }, null)
  const now = server.clock.now()
  const resync = {
    AuthenticationCode1: device.app.codeAt(now + 30_000),
    AuthenticationCode2: device.app.codeAt(now + 60_000),
  }
  await step('ResyncMFADevice', { ...ada, ...resync }, recordedAda, null)
  await step('DeactivateMFADevice', ada, recordedAda, null)
  await step('DeleteVirtualMFADevice', { SerialNumber }, { serialNumber }, null)
  await step('DeleteUser', { UserName: 'ada' }, { userName: 'ada' }, null)
  await step('CreateAccountAlias', { AccountAlias: 'recorded' }, { accountAlias: 'recorded' }, null)
  await step('ListAccountAliases', {}, null, null)
  await step('GetAccountSummary', {}, null, null)
  await step('DeleteAccountAlias', { AccountAlias: 'recorded' }, { accountAlias: 'recorded' }, null)
  expect([...recorded].sort()).toEqual(
    Object.keys(iamHandlers(server.store.sealer, async () => server.clock.now()).operations).sort(),
  )

  const whole = JSON.stringify(await eventsOf(server, accountId))
  const secrets = [element(key, 'SecretAccessKey'), seed, element(made, 'Base32StringSeed'), element(made, 'QRCodePNG')]
  for (const secret of [...secrets, ...Object.values(codes), ...Object.values(resync)])
    expect(whole.includes(`"${secret}"`) || (secret.length > 6 && whole.includes(secret))).toBe(false)
})

/** Each of them is a violation of its own in AWS's message. */
const manyBadKeys = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`TagKeys.member.${n + 2}`, '<'] as const))

describe('a refused call is recorded with its code and message, and without codes', () => {
  test.each<[string, CallParameters, string, RegExp, object | null]>([
    ['GetUser', { UserName: 'nobody' }, 'NoSuchEntityException', /^The user with name nobody/, { userName: 'nobody' }],
    [
      'CreateUser',
      { UserName: 'admin' },
      'EntityAlreadyExistsException',
      /^User with name admin/,
      { userName: 'admin' },
    ],
    ['GetUser', { UserName: 'a b' }, 'ValidationError', /^The specified value for userName is invalid/, null],
    ['ListUsers', { MaxItems: 'x' }, 'MalformedInput', /^MaxItems must be a whole number/, null],
    ['CreateGroup', { GroupName: 'g' }, 'NotImplemented', /^CreateGroup is not implemented/, null],
    [
      'EnableMFADevice',
      { UserName: 'admin', SerialNumber: 'GAKT12345678', AuthenticationCode1: '271828', AuthenticationCode2: '1828' },
      'ValidationError',
      /^1 validation error detected: Value at 'authenticationCode2' failed/,
      null,
    ],
  ])('%s %j', async (name, parameters, errorCode, message, requestParameters) => {
    const before = (await eventsOf(server, account.accountId)).length
    const { requestId } = await call(server, account.admin, name, parameters)
    const events = await eventsOf(server, account.accountId)
    expect(events).toHaveLength(before + 1)
    const [event] = events
    expect(event).toMatchObject({ eventName: name, errorCode, requestID: requestId, responseElements: null })
    expect(event?.errorMessage).toMatch(message)
    expect(event?.requestParameters).toEqual(requestParameters)
    expect(JSON.stringify(event)).not.toMatch(/271828|"1828"|'1828'/)
  })

  test('also a wrong code, a denial, and what only AWS’s message repeats of it, in 1 KB', async () => {
    const { admin, accountId } = account
    const device = await createDevice(server, admin, 'phone')
    const wrong = { AuthenticationCode1: '314159', AuthenticationCode2: '265358' }
    await call(server, admin, 'EnableMFADevice', { UserName: 'admin', SerialNumber: device.serial, ...wrong })
    const event = await lastEvent()
    expect(event).toMatchObject({
      errorCode: 'InvalidAuthenticationCodeException',
      errorMessage: 'Authentication code for device is not valid.',
      requestParameters: { userName: 'admin', serialNumber: device.serial },
    })
    expect(JSON.stringify(event)).not.toMatch(/314159|265358/)
    const user = await newUser(server, accountId, 'plain')
    await call(server, user, 'CreateUser', { UserName: 'x' })
    expect(await lastEvent()).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringMatching(/^User: .*:user\/plain is not authorized to perform: iam:CreateUser/),
      userIdentity: { userName: 'plain' },
      requestParameters: { userName: 'x' },
    })
    await call(server, admin, 'UntagUser', { UserName: 'x', 'TagKeys.member.1': '<', ...manyBadKeys })
    expect((await lastEvent()).errorMessage).toHaveLength(1024)
  })

  test('but not in anybody’s account where the caller is not known', async () => {
    const before = await eventsOf(server, account.accountId)
    await call(server, { ...account.admin, secretAccessKey: 'wrong' }, 'GetUser')
    await call(server, account.admin, 'GetUser', {}, { skewMs: 16 * 60_000 })
    expect(await eventsOf(server, account.accountId)).toEqual(before)
  })
})

test("a call of the console is marked as one, with its session's facts", async () => {
  const { accountId } = account
  const arn = `arn:aws:iam::${accountId}:root`
  for (const mfaSerial of [null, `arn:aws:iam::${accountId}:mfa/x`]) {
    const began = server.clock.now()
    const session = await consoleOf(server, accountId, { mfaSerial })
    server.clock.advance(1000)
    await call(server, session, 'GetAccountSummary')
    expect(await lastEvent()).toMatchObject({
      userIdentity: {
        type: 'Root',
        principalId: accountId,
        arn,
        accountId,
        accessKeyId: session.accessKeyId,
        sessionContext: {
          sessionIssuer: {},
          webIdFederationData: {},
          attributes: { creationDate: isoSeconds(began), mfaAuthenticated: mfaSerial === null ? 'false' : 'true' },
        },
      },
      sessionCredentialFromConsole: 'true',
    })
  }
  const { userIdentity } = await lastEvent()
  expect(userIdentity).not.toHaveProperty('userName')
  const session = await consoleOf(server, accountId)
  await call(server, session, 'CreateAccountAlias', { AccountAlias: 'shown' })
  await call(server, session, 'GetAccountSummary')
  expect((await lastEvent()).userIdentity).toMatchObject({ userName: 'shown' })
})

test('what cannot be recorded is not done and not answered', async () => {
  const own = await startTestServer()
  try {
    const { accountId, admin } = await accountWithAdmin(own)
    const device = await createDevice(own, admin, 'phone')
    const codes = twoCodes(own.clock, device)
    const enabling = { UserName: 'admin', SerialNumber: device.serial, ...codes }
    const { reader } = own.store.storage
    const before = (await eventsOf(own, accountId)).length
    await sql`alter table events rename to events_elsewhere`.execute(reader)
    const calls: [string, CallParameters][] = [
      ['CreateUser', { UserName: 'unrecorded' }],
      ['CreateAccessKey', {}],
      ['EnableMFADevice', enabling],
      ['DeleteVirtualMFADevice', { SerialNumber: device.serial }],
      ['CreateAccountAlias', { AccountAlias: 'unrecorded' }],
      ['GetUser', {}],
      ['ListUsers', {}],
      ['GetUser', { UserName: 'nobody' }],
    ]
    for (const [name, parameters] of calls) {
      const refused = refusalOf(await call(own, admin, name, parameters))
      expect([name, refused.status, refused.message]).toEqual([
        name,
        500,
        'The request processing has failed because of an unknown error, exception or failure.',
      ])
    }
    await sql`alter table events_elsewhere rename to events`.execute(reader)
    expect(await eventsOf(own, accountId)).toHaveLength(before)
    const ask = (name: string, parameters: CallParameters = {}) => call(own, admin, name, parameters)
    expect(elements((await ask('ListUsers')).text, 'UserName')).toEqual(['admin'])
    expect(elements((await ask('ListAccessKeys')).text, 'AccessKeyId')).toEqual([admin.accessKeyId])
    expect(elements((await ask('ListMFADevices')).text, 'SerialNumber')).toEqual([])
    expect(element((await ask('ListAccountAliases')).text, 'AccountAliases')).toBe('')
    // The codes were not used up: what was not recorded has not happened.
    expect((await ask('EnableMFADevice', enabling)).status).toBe(200)
  } finally {
    await own.close()
  }
})
