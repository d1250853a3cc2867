/** What one server has taken away, the other refuses from the answer on: there is no window (design: decision 7; security: F-12). */
import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  EnableMFADeviceCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { createCanaries } from '../support/canaries.ts'
import { type SdkClients, sdkClients } from '../support/sdk.ts'
import { enterPassword, newBrowser, type TestServer } from '../support/test-server.ts'
import { pooledClient } from './pooled-client.ts'
import { newRacePrincipal, stepMs } from './race-principal.ts'
import { patience, rounds } from './rounds.ts'
import {
  insertTestAccount,
  insertTestUser,
  startTwoServers,
  type TestUser,
  type TwoServers,
  testPassword,
} from './two-servers.ts'

const email = 'root@example.com'
let two: TwoServers
let accountId: AccountId
/** The administrator at the first server. */
let administrator: SdkClients

beforeAll(async () => {
  two = await startTwoServers()
  accountId = await insertTestAccount(two.store, email)
  administrator = sdkClients(two.servers[0].url, await insertTestUser(two.store, accountId, 'administrator', true))
})
afterAll(() => two.stop())

const whoIs = ({ sts }: SdkClients) => sts.send(new GetCallerIdentityCommand({}))

/** The user at the second server, in use there already. */
async function userElsewhere(name: string): Promise<{ user: TestUser; elsewhere: SdkClients }> {
  const user = await insertTestUser(two.store, accountId, name)
  const elsewhere = sdkClients(two.servers[1].url, user, { canaries: createCanaries() })
  expect((await whoIs(elsewhere)).Account).toBe(accountId)
  return { user, elsewhere }
}

test('an access key that was switched off, and on, and deleted', patience, async () => {
  for (let round = 0; round < rounds(30); round++) {
    const { user, elsewhere } = await userElsewhere(`key-${round}`)
    const key = { UserName: user.userName, AccessKeyId: user.accessKeyId }
    const set = (Status: 'Active' | 'Inactive') =>
      administrator.iam.send(new UpdateAccessKeyCommand({ ...key, Status }))
    await set('Inactive')
    await expect(whoIs(elsewhere)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    await set('Active')
    expect((await whoIs(elsewhere)).Account).toBe(accountId)
    await administrator.iam.send(new DeleteAccessKeyCommand(key))
    await expect(whoIs(elsewhere)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    await administrator.iam.send(new DeleteUserCommand({ UserName: user.userName }))
  }
})

test('a session that was signed out, with its credentials', patience, async () => {
  for (let round = 0; round < rounds(5); round++) {
    const browser = newBrowser({ url: two.servers[0].url } as TestServer)
    expect((await enterPassword(browser, { accountId, email, password: testPassword })).status).toBe(200)
    const elsewhere = sdkClients(two.servers[1].url, await browser.credentials())
    expect((await whoIs(elsewhere)).Arn).toBe(`arn:aws:iam::${accountId}:root`)
    expect((await browser.post('/console/sign-out', {})).status).toBe(204)
    await expect(whoIs(elsewhere)).rejects.toMatchObject({ name: 'ExpiredToken' })
  }
})

test('a device: its codes open nothing from the moment it is taken away', patience, async () => {
  const second = pooledClient(two.servers[1].url)
  for (let round = 0; round < rounds(30); round++) {
    const principal = await newRacePrincipal(two.store, { signIns: 1, userOf: accountId })
    const device = { UserName: principal.userName, SerialNumber: principal.serial }
    await administrator.iam.send(new DeactivateMFADeviceCommand(device))
    const body = JSON.stringify({ serial: principal.serial, code: principal.codeAt(Date.now()) })
    const answer = await second.request('POST', '/sign-in/mfa', principal.browsers[0] ?? {}, body)
    expect(answer.status).toBe(401)
  }
  second.close()
})

test('a session without MFA, from the moment a device is enabled', patience, async () => {
  const email = 'other-root@example.com'
  const otherId = await insertTestAccount(two.store, email)
  const account = { accountId: otherId, email, password: testPassword }
  const [enabling, other] = two.servers.map(({ url }) => newBrowser({ url } as TestServer))
  if (enabling === undefined || other === undefined) throw new Error('two servers make two browsers')
  expect((await enterPassword(other, account)).status).toBe(200)
  expect((await enterPassword(enabling, account)).status).toBe(200)
  const elsewhere = sdkClients(two.servers[1].url, await other.credentials())
  expect((await whoIs(elsewhere)).Account).toBe(otherId)
  const device = await newRacePrincipal(two.store, { signIns: 0, userOf: otherId, assigned: false })
  const { iam } = sdkClients(two.servers[0].url, await enabling.credentials())
  const now = Date.now()
  const codes = { AuthenticationCode1: device.codeAt(now - stepMs), AuthenticationCode2: device.codeAt(now) }
  // Of everybody but the console the model demands a UserName.
  await iam.send(new EnableMFADeviceCommand({ SerialNumber: device.serial, ...codes } as never))
  await expect(whoIs(elsewhere)).rejects.toMatchObject({ name: 'ExpiredToken' })
  expect((await other.get('/console/session')).status).toBe(401)
  expect((await enabling.get('/console/session')).status).toBe(200)
})
