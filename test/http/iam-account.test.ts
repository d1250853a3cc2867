/** What concerns an account as a whole: its summary (aws-behaviour §4.1) and its alias. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { iamModel } from '../../src/aws-api/model/service-model.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  answerOf,
  type CallParameters,
  call,
  consoleOf,
  createDevice,
  element,
  elements,
  enableDevice,
  givePassword,
  giveRootDevice,
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

describe('GetAccountSummary', () => {
  const summaryOf = async (of: AccountOfTest): Promise<Record<string, number>> => {
    const { text } = await call(server, of.admin, 'GetAccountSummary')
    const keys = elements(text, 'key')
    return Object.fromEntries(elements(text, 'value').map((value, i) => [keys[i] ?? '', Number(value)]))
  }

  test("has every key of the model, with AWS's default quotas", async () => {
    const of = await accountWithAdmin(server)
    const summary = await summaryOf(of)
    expect(Object.keys(summary).sort()).toEqual([...(iamModel().shapes['summaryKeyType']?.enum ?? [])].sort())
    expect(summary).toEqual({
      ...{ Users: 1, UsersQuota: 5000, Groups: 0, GroupsQuota: 300, Roles: 0, RolesQuota: 1000 },
      ...{ InstanceProfiles: 0, InstanceProfilesQuota: 1000, ServerCertificates: 0, ServerCertificatesQuota: 20 },
      ...{ Providers: 0, MFADevices: 0, MFADevicesInUse: 0, AccountMFAEnabled: 0, AccountAccessKeysPresent: 0 },
      ...{ AccountSigningCertificatesPresent: 0, AccountPasswordPresent: 1, Policies: 0, PoliciesQuota: 1500 },
      ...{ PolicySizeQuota: 6144, PolicyVersionsInUse: 0, PolicyVersionsInUseQuota: 10000, VersionsPerPolicyQuota: 5 },
      ...{ AttachedPoliciesPerUserQuota: 10, AttachedPoliciesPerGroupQuota: 10, AttachedPoliciesPerRoleQuota: 10 },
      ...{ UserPolicySizeQuota: 2048, GroupPolicySizeQuota: 5120, RolePolicySizeQuota: 10240 },
      ...{ AssumeRolePolicySizeQuota: 2048, GroupsPerUserQuota: 10, AccessKeysPerUserQuota: 2 },
      ...{ SigningCertificatesPerUserQuota: 2, GlobalEndpointTokenVersion: 1 },
    })
    const { text, requestId } = await call(server, of.admin, 'GetAccountSummary')
    const entries = Object.entries(summary).map(
      ([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`,
    )
    expect(text).toBe(answerOf('GetAccountSummary', `<SummaryMap>${entries.join('')}</SummaryMap>`, requestId))
  })

  test('counts users, devices, those in use, and says whether root has one, or a key', async () => {
    const of = await accountWithAdmin(server)
    const other = await accountWithAdmin(server)
    await newUser(server, of.accountId, 'second')
    const device = await createDevice(server, of.admin, 'phone')
    expect(await summaryOf(of)).toMatchObject({ Users: 2, MFADevices: 1, MFADevicesInUse: 0, AccountMFAEnabled: 0 })
    await enableDevice(server, of.admin, 'second', device)
    expect(await summaryOf(of)).toMatchObject({ MFADevices: 1, MFADevicesInUse: 1, AccountMFAEnabled: 0 })
    const { serial } = await giveRootDevice(server, of.accountId, 'first')
    await giveRootDevice(server, of.accountId, 'further', serial)
    expect(await summaryOf(of)).toMatchObject({ MFADevices: 3, MFADevicesInUse: 3, AccountMFAEnabled: 1 })

    const root = await consoleOf(server, of.accountId, { mfaSerial: serial })
    const keys = [await call(server, root, 'CreateAccessKey'), await call(server, root, 'CreateAccessKey')]
    expect(keys.map(({ text }) => element(text, 'UserName'))).toEqual(['AWS ROOT USER', 'AWS ROOT USER'])
    expect(await summaryOf(of)).toMatchObject({ AccountAccessKeysPresent: 1 })
    for (const { text } of keys)
      await call(server, root, 'UpdateAccessKey', { AccessKeyId: element(text, 'AccessKeyId'), Status: 'Inactive' })
    expect(await summaryOf(of)).toMatchObject({ AccountAccessKeysPresent: 1 })
    for (const { text } of keys)
      await call(server, root, 'DeleteAccessKey', { AccessKeyId: element(text, 'AccessKeyId') })
    expect(await summaryOf(of)).toMatchObject({ AccountAccessKeysPresent: 0 })
    // A user's password is none of the account's.
    await givePassword(server, of.accountId, 'second')
    const before = await summaryOf(of)
    expect(before).toMatchObject({ AccountPasswordPresent: 1, Users: 2 })
    await call(server, of.admin, 'DeleteLoginProfile', { UserName: 'second' })
    expect(await summaryOf(of)).toEqual(before)
    expect(await summaryOf(other)).toMatchObject({ Users: 1, MFADevices: 0, AccountMFAEnabled: 0 })
  })
})

describe('the account alias', () => {
  const aliases = async () => elements(element((await asAdmin('ListAccountAliases')).text, 'AccountAliases'), 'member')

  test('is one: a new one takes the place of the old, which others may then have', async () => {
    const empty = await asAdmin('ListAccountAliases')
    expect(empty.text).toBe(
      answerOf(
        'ListAccountAliases',
        '<AccountAliases></AccountAliases><IsTruncated>false</IsTruncated>',
        empty.requestId,
      ),
    )
    const made = await asAdmin('CreateAccountAlias', { AccountAlias: 'first-one' })
    expect(made.text).toBe(answerOf('CreateAccountAlias', undefined, made.requestId))
    await asAdmin('CreateAccountAlias', { AccountAlias: 'second' })
    expect(await aliases()).toEqual(['second'])
    const other = await accountWithAdmin(server)
    const take = (AccountAlias: string) => call(server, other.admin, 'CreateAccountAlias', { AccountAlias })
    expect((await take('first-one')).status).toBe(200)
    expect(refusalOf(await take('second'))).toEqual(
      refusal(409, 'EntityAlreadyExists', 'The account alias second already exists.'),
    )
    // Refused as a whole: the other account still has its own.
    const theirs = await call(server, other.admin, 'ListAccountAliases')
    expect(elements(element(theirs.text, 'AccountAliases'), 'member')).toEqual(['first-one'])
    expect(await refused('ListAccountAliases', { Marker: 'x' })).toMatchObject({ code: 'ValidationError' })
  })

  test('is deleted under its name only, and by its own account only', async () => {
    const other = await accountWithAdmin(server)
    await asAdmin('CreateAccountAlias', { AccountAlias: 'mine' })
    const missing = (alias: string) => refusal(404, 'NoSuchEntity', `The account alias ${alias} cannot be found.`)
    const remove = (AccountAlias: string) => call(server, other.admin, 'DeleteAccountAlias', { AccountAlias })
    expect([refusalOf(await remove('mine')), refusalOf(await remove('nothing'))]).toEqual([
      missing('mine'),
      missing('nothing'),
    ])
    expect(await refused('DeleteAccountAlias', { AccountAlias: 'yours' })).toEqual(missing('yours'))
    const removed = await asAdmin('DeleteAccountAlias', { AccountAlias: 'mine' })
    expect(removed.text).toBe(answerOf('DeleteAccountAlias', undefined, removed.requestId))
    expect(await aliases()).toEqual([])
  })

  test('has 3 to 63 of its characters, and is no account id', async () => {
    for (const AccountAlias of [
      'ab',
      'a'.repeat(64),
      'Abc',
      'a--b',
      '-ab',
      'ab-',
      'a b',
      'a.b',
      'a_b',
      '123456789012',
      '',
    ])
      expect(await refused('CreateAccountAlias', { AccountAlias })).toMatchObject({ code: 'ValidationError' })
    for (const AccountAlias of ['a-b', 'a'.repeat(63), '12345678901'])
      expect((await asAdmin('CreateAccountAlias', { AccountAlias })).status).toBe(200)
  })
})
