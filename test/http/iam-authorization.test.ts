/** Who may call what, on whom: users without administrator (aws-behaviour §5.4, §5.6), and two accounts side by side (V8.2, V8.4.1). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { iamHandlers } from '../../src/iam/handlers.ts'
import type { Schema } from '../../src/storage/schema.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type AccountOfTest,
  accountWithAdmin,
  type CallParameters,
  call,
  createDevice,
  element,
  enableDevice,
  givePassword,
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

const operations = () => Object.keys(iamHandlers(server.store.sealer, async () => server.clock.now()).operations).sort()
const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' }

/** Every operation with what it is called with; `name` and `serial` are of whom it is called on. */
const callsOn = (name: string, serial: string, accessKeyId: string): Record<string, CallParameters> => {
  const UserName = name
  const SerialNumber = serial
  const tag = { 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }
  return {
    CreateAccessKey: { UserName },
    CreateAccountAlias: { AccountAlias: 'an-alias' },
    CreateUser: { UserName },
    CreateVirtualMFADevice: { VirtualMFADeviceName: serial.split('/').at(-1) ?? '' },
    DeactivateMFADevice: { UserName, SerialNumber },
    DeleteAccessKey: { UserName, AccessKeyId: accessKeyId },
    DeleteAccountAlias: { AccountAlias: 'an-alias' },
    DeleteLoginProfile: { UserName },
    DeleteUser: { UserName },
    DeleteVirtualMFADevice: { SerialNumber },
    EnableMFADevice: { UserName, SerialNumber, ...codes },
    GetAccessKeyLastUsed: { AccessKeyId: accessKeyId },
    GetAccountSummary: {},
    GetLoginProfile: { UserName },
    GetMFADevice: { UserName, SerialNumber },
    GetUser: { UserName },
    ListAccessKeys: { UserName },
    ListAccountAliases: {},
    ListAttachedUserPolicies: { UserName },
    ListGroupsForUser: { UserName },
    ListMFADeviceTags: { SerialNumber },
    ListMFADevices: { UserName },
    ListSSHPublicKeys: { UserName },
    ListServiceSpecificCredentials: { UserName },
    ListSigningCertificates: { UserName },
    ListUserPolicies: { UserName },
    ListUserTags: { UserName },
    ListUsers: {},
    ListVirtualMFADevices: {},
    ResyncMFADevice: { UserName, SerialNumber, ...codes },
    TagMFADevice: { SerialNumber, ...tag },
    TagUser: { UserName, ...tag },
    UntagMFADevice: { SerialNumber, 'TagKeys.member.1': 'k' },
    UntagUser: { UserName, 'TagKeys.member.1': 'k' },
    UpdateAccessKey: { UserName, AccessKeyId: accessKeyId, Status: 'Active' },
    UpdateUser: { UserName, NewPath: '/x/' },
  }
}

test('the table below has every operation that is implemented', () => {
  expect(Object.keys(callsOn('x', 'y', 'z')).sort()).toEqual(operations())
})

describe('a user without administrator', () => {
  const own = [
    'CreateAccessKey',
    'DeactivateMFADevice',
    'DeleteAccessKey',
    'EnableMFADevice',
    'GetMFADevice',
    'GetUser',
    'ListAccessKeys',
    'ListMFADevices',
    'ResyncMFADevice',
    'UpdateAccessKey',
  ]
  const anybody = ['CreateVirtualMFADevice', 'ListVirtualMFADevices']

  /** What the denial names: §5.4. */
  const resourceOf = (name: string, { accountId }: AccountOfTest, userName: string, serial: string): string => {
    if (name === 'ListUsers') return `arn:aws:iam::${accountId}:user/`
    if (name === 'GetAccessKeyLastUsed') return `access key ${'A'.repeat(20)}`
    if (/AccountAlias|AccountSummary/.test(name)) return '*'
    return /DeviceTags|agMFADevice|DeleteVirtual/.test(name) ? serial : `arn:aws:iam::${accountId}:user/${userName}`
  }

  test.each([
    ['itself', 'plain', own],
    ['itself, in another case', 'PLAIN', own],
    ['another user', 'other', []],
    ['the administrator', 'admin', []],
    ['a user that does not exist', 'nobody', []],
    ['a user whose name begins alike', 'plainer', []],
  ])('may do on %s what concerns itself, and is told in AWS’s words what not', async (_, on, allowed) => {
    const of = await accountWithAdmin(server)
    const user = await newUser(server, of.accountId, 'plain')
    await newUser(server, of.accountId, 'other')
    const before = await rows()
    for (const [name, parameters] of Object.entries(
      callsOn(on, `arn:aws:iam::${of.accountId}:mfa/x`, 'A'.repeat(20)),
    )) {
      // Allowed or not is what is asked here; a new device or key would show in the comparison below.
      if ([...allowed, ...anybody].includes(name)) {
        if (name.startsWith('Create')) continue
        const { status, text } = await call(server, user, name, parameters)
        expect([name, status, text.includes('AccessDenied')]).toEqual([name, expect.any(Number), false])
        continue
      }
      const resource = resourceOf(
        name,
        of,
        name === 'CreateUser' || on !== 'PLAIN' ? on : 'plain',
        parameters['SerialNumber'] ?? '',
      )
      expect([name, refusalOf(await call(server, user, name, parameters))]).toEqual([
        name,
        refusal(
          403,
          'AccessDenied',
          `User: ${user.arn} is not authorized to perform: iam:${name} on resource: ${resource} because no identity-based policy allows the iam:${name} action`,
        ),
      ])
    }
    expect(await rows()).toEqual(before)
  })

  test('may not ask for what all users have where it may leave the name out', async () => {
    const user = await newUser(server, account.accountId, 'curious')
    const ask = (parameters: CallParameters) => call(server, user, 'ListServiceSpecificCredentials', parameters)
    expect(refusalOf(await ask({ AllUsers: 'true' })).message).toContain(
      `on resource: arn:aws:iam::${account.accountId}:user/* because`,
    )
    expect(refusalOf(await ask({ AllUsers: 'false' })).message).toContain(`on resource: ${user.arn} because`)
  })

  test('may leave its name out, and so means itself', async () => {
    const user = await newUser(server, account.accountId, 'nameless')
    for (const name of ['GetUser', 'ListAccessKeys', 'ListMFADevices', 'CreateAccessKey', 'CreateVirtualMFADevice']) {
      const parameters: CallParameters = name === 'CreateVirtualMFADevice' ? { VirtualMFADeviceName: 'nameless' } : {}
      expect([name, (await call(server, user, name, parameters)).status]).toEqual([name, 200])
    }
  })

  test('who has a path is itself under its name, and in its own ARN', async () => {
    const made = await call(server, account.admin, 'CreateUser', { UserName: 'deep', Path: '/a/b/' })
    const { text } = await call(server, account.admin, 'CreateAccessKey', { UserName: 'deep' })
    const user = { accessKeyId: element(text, 'AccessKeyId'), secretAccessKey: element(text, 'SecretAccessKey') }
    expect((await call(server, user, 'GetUser', { UserName: 'deep' })).status).toBe(200)
    expect(refusalOf(await call(server, user, 'DeleteUser', { UserName: 'deep' })).message).toContain(
      `User: ${element(made.text, 'Arn')} is not authorized to perform: iam:DeleteUser on resource: ${element(made.text, 'Arn')} because`,
    )
  })

  test('is told of what the store has, not of what was typed: paths, spelling, and whose a key is', async () => {
    const of = await accountWithAdmin(server)
    const user = await newUser(server, of.accountId, 'curious')
    await call(server, of.admin, 'CreateUser', { UserName: 'Deep', Path: '/eng/' })
    const key = element((await call(server, of.admin, 'CreateAccessKey', { UserName: 'Deep' })).text, 'AccessKeyId')
    for (const [name, parameters] of Object.entries(callsOn('dEEP', 'x'.repeat(9), key))) {
      if (name === 'CreateUser' || !('UserName' in parameters || name === 'GetAccessKeyLastUsed')) continue
      const { message } = refusalOf(await call(server, user, name, parameters))
      expect([name, message]).toEqual([
        name,
        `User: ${user.arn} is not authorized to perform: iam:${name} on resource: arn:aws:iam::${of.accountId}:user/eng/Deep because no identity-based policy allows the iam:${name} action`,
      ])
    }
  })
})

test("an administrator finds nothing of another account's, changes nothing there, and cannot tell it from nothing", async () => {
  const [ours, theirs] = [await accountWithAdmin(server), await accountWithAdmin(server)]
  const victim = await newUser(server, theirs.accountId, 'victim')
  await givePassword(server, theirs.accountId, 'victim')
  const device = await createDevice(server, theirs.admin, 'phone')
  await enableDevice(server, theirs.admin, 'victim', device)
  await call(server, theirs.admin, 'CreateAccountAlias', { AccountAlias: 'an-alias' })
  const free = await createDevice(server, theirs.admin, 'free')
  const before = await rows(theirs.accountId)

  const nothing = {
    name: 'nothing',
    serial: `arn:aws:iam::${theirs.accountId}:mfa/nothing`,
    key: `${victim.accessKeyId.slice(0, -4)}ZZZZ`,
  }
  for (const { serial } of [device, free]) {
    const onTheirs = callsOn('victim', serial, victim.accessKeyId)
    const onNothing = callsOn(nothing.name, nothing.serial, nothing.key)
    for (const name of operations()) {
      // These name what is ours to make; the alias is asked for below.
      if (
        /^(CreateUser|CreateVirtual|CreateAccountAlias|ListUsers|ListVirtual|GetAccountSummary|ListAccountAliases)/.test(
          name,
        )
      )
        continue
      const answers = []
      for (const parameters of [onTheirs[name], onNothing[name]]) {
        const refused = refusalOf(await call(server, ours.admin, name, parameters))
        const message = refused.message
          .replaceAll(serial, nothing.serial)
          .replaceAll(victim.accessKeyId, nothing.key)
          .replaceAll('victim', nothing.name)
        answers.push({ ...refused, message })
        server.clock.advance(1000)
      }
      expect([name, answers[0]]).toEqual([name, answers[1]])
      expect([404, 403]).toContain(answers[0]?.status)
    }
  }
  for (const name of ['ListUsers', 'ListVirtualMFADevices', 'ListAccountAliases', 'GetAccountSummary']) {
    const { text } = await call(server, ours.admin, name)
    expect(text).not.toMatch(new RegExp(`victim|${theirs.accountId}|phone|an-alias|<key>Users</key><value>[^1]`))
  }
  expect(await rows(theirs.accountId)).toEqual(before)
})

const tables: readonly (keyof Schema)[] = ['account_aliases', 'users', 'tags', 'mfa_devices', 'sessions', 'attempts']

/** What the accounts have, but for their record and the last use of their keys. */
async function rows(accountId?: string): Promise<Record<string, string[]>> {
  const { reader } = server.store.storage
  const found: Record<string, string[]> = {}
  const isOf = (row: object) => accountId === undefined || ('account_id' in row && row.account_id === accountId)
  for (const table of tables) {
    const all = await reader.selectFrom(table).selectAll().execute()
    found[table] = all
      .filter(isOf)
      .map((row) => JSON.stringify(row))
      .sort()
  }
  const keys = await reader.selectFrom('access_keys').select(['account_id', 'access_key_id', 'status']).execute()
  found['access_keys'] = keys
    .filter(isOf)
    .map((row) => JSON.stringify(row))
    .sort()
  return found
}
