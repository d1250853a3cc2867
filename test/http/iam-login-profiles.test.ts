/** A user's password by API: told of, and taken away with all that was begun by it. Root's is out of reach. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { hashPassword, hashQueue, ownSource } from '../../src/credentials/password/hash-password.ts'
import { canaries } from '../support/canaries.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import {
  type Browser,
  newAccount,
  newBrowser,
  newUser,
  signInRoot,
  startTestServer,
  type TestAccount,
  type TestServer,
} from '../support/test-server.ts'
import {
  answerOf,
  type CallParameters,
  call,
  createDevice,
  element,
  enableDevice,
  givePassword,
  isoSeconds,
  refusal,
  refusalOf,
} from './aws-calls.ts'

const password = 'seven grey stones'
let server: TestServer
let account: TestAccount
let admin: SdkCredentials
let ada: SdkCredentials

beforeAll(async () => {
  server = await startTestServer()
  canaries.add(password, 'a password')
})
beforeEach(async () => {
  account = await newAccount(server)
  admin = await newUser(server, account.accountId, 'admin', true)
  ada = await newUser(server, account.accountId, 'ada')
})
afterAll(() => server.close())

const asAdmin = (name: string, parameters: CallParameters = {}) => call(server, admin, name, parameters)
const refused = async (name: string, parameters: CallParameters = {}) => refusalOf(await asAdmin(name, parameters))
const noProfile = (name: string) => refusal(404, 'NoSuchEntity', `Login Profile for User ${name} cannot be found.`)
const hashOf = (text: string) => hashQueue.run(ownSource('a test'), (place) => hashPassword(place, text))
const setPassword = async (text = password) =>
  givePassword(server, account.accountId as AccountId, 'ada', await hashOf(text))

/** The next step's name, or the error's code. */
async function signIn(browser: Browser, text = password): Promise<string | undefined> {
  const form = { account: account.accountId, userName: 'ada', password: text }
  const answer = await browser.post('/sign-in/iam-user', form)
  const { step, error } = answer.json<{ step?: { name: string }; error?: { code: string } }>()
  return error?.code ?? step?.name
}

const isSignedIn = async (browser: Browser) => (await browser.get('/console/session')).status === 200

describe('GetLoginProfile', () => {
  test('tells when the user was given the password that it has, or a first one of those', async () => {
    expect(await refused('GetLoginProfile', { UserName: 'ADA' })).toEqual(noProfile('ada'))
    const created = isoSeconds(server.clock.now())
    await setPassword()
    const answer = await asAdmin('GetLoginProfile', { UserName: 'ADA' })
    const profile = (date: string) =>
      `<LoginProfile><UserName>ada</UserName><CreateDate>${date}</CreateDate><PasswordResetRequired>false</PasswordResetRequired></LoginProfile>`
    expect(answer.text).toBe(answerOf('GetLoginProfile', profile(created), answer.requestId))

    server.clock.advance(3_600_000)
    await setPassword('another seven stones')
    const changed = await asAdmin('GetLoginProfile', { UserName: 'ada' })
    expect(changed.text).toBe(answerOf('GetLoginProfile', profile(created), changed.requestId))
    await asAdmin('DeleteLoginProfile', { UserName: 'ada' })
    await setPassword()
    const again = await asAdmin('GetLoginProfile', { UserName: 'ada' })
    expect(element(again.text, 'CreateDate')).toBe(isoSeconds(server.clock.now()))
    expect(again.text).not.toContain('argon2')
  })

  test('without a name is the caller', async () => {
    expect(await refused('GetLoginProfile')).toEqual(noProfile('admin'))
    await givePassword(server, account.accountId as AccountId, 'admin')
    expect(element((await asAdmin('GetLoginProfile')).text, 'UserName')).toBe('admin')
  })
})

test("root's own password is neither told of nor taken away by a call without a name", async () => {
  const browser = await signInRoot(server, account)
  const console = await browser.credentials()
  const made = await call(server, console, 'CreateAccessKey')
  const key = {
    accessKeyId: element(made.text, 'AccessKeyId'),
    secretAccessKey: element(made.text, 'SecretAccessKey'),
  }
  for (const by of [console, key])
    for (const name of ['GetLoginProfile', 'DeleteLoginProfile'])
      expect(refusalOf(await call(server, by, name))).toEqual(
        refusal(400, 'ValidationError', 'Must specify userName when calling with non-User credentials'),
      )
  expect(await isSignedIn(browser)).toBe(true)
  await signInRoot(server, account)
})

describe('DeleteLoginProfile', () => {
  test('ends what was begun by the password, at once, and takes nothing else', async () => {
    await setPassword()
    const [here, there] = [newBrowser(server), newBrowser(server)]
    expect([await signIn(here), await signIn(there)]).toEqual(['signed-in', 'signed-in'])
    const lastUsed = element((await asAdmin('GetUser', { UserName: 'ada' })).text, 'PasswordLastUsed')
    const credentials = await here.credentials()
    expect((await call(server, credentials, 'GetUser')).status).toBe(200)
    server.clock.advance(60_000)

    const deleted = await asAdmin('DeleteLoginProfile', { UserName: 'Ada' })
    expect(deleted.text).toBe(answerOf('DeleteLoginProfile', undefined, deleted.requestId))
    expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([false, false])
    expect(refusalOf(await call(server, credentials, 'GetUser'))).toMatchObject({ code: 'ExpiredToken' })
    expect(await signIn(newBrowser(server))).toBe('AuthenticationFailed')
    expect(await signIn(here)).toBe('AuthenticationFailed')
    expect(await refused('DeleteLoginProfile', { UserName: 'ada' })).toEqual(noProfile('ada'))
    expect(await refused('GetLoginProfile', { UserName: 'ada' })).toEqual(noProfile('ada'))
    // When a password was last used stays told, as on AWS; keys are no part of it.
    expect(element((await asAdmin('GetUser', { UserName: 'ada' })).text, 'PasswordLastUsed')).toBe(lastUsed)
    expect((await call(server, ada, 'GetUser')).status).toBe(200)
  })

  test('ends half-done sign-ins: neither a right code nor a new password revives one', async () => {
    await setPassword()
    const device = await createDevice(server, admin, 'phone')
    await enableDevice(server, admin, 'ada', device)
    const browser = newBrowser(server)
    expect(await signIn(browser)).toBe('mfa')
    const step = async () => (await browser.get('/sign-in/state')).json<{ step: { name: string } }>().step.name
    expect(await step()).toBe('mfa')
    await asAdmin('DeleteLoginProfile', { UserName: 'ada' })
    const enterCode = async () => {
      server.clock.advance(30_000)
      const code = device.app.codeAt(server.clock.now())
      return (await browser.post('/sign-in/mfa', { serial: device.serial, code })).status
    }
    expect([await step(), await enterCode()]).toEqual(['identify', 409])
    await setPassword()
    expect([await step(), await enterCode()]).toEqual(['identify', 409])
    expect(await isSignedIn(browser)).toBe(false)
    // The codes above were not spent, and the user signs in anew.
    expect(await signIn(browser)).toBe('mfa')
    expect([await enterCode(), await isSignedIn(browser)]).toEqual([200, true])
  })
})

test('a new password ends what was begun by the former one, and its attempts at codes', async () => {
  await setPassword()
  const device = await createDevice(server, admin, 'phone')
  const browser = newBrowser(server)
  expect(await signIn(browser)).toBe('signed-in')
  await setPassword('another seven stones')
  expect(await isSignedIn(browser)).toBe(false)
  expect(await signIn(browser)).toBe('AuthenticationFailed')

  await enableDevice(server, admin, 'ada', device)
  const stranger = newBrowser(server)
  expect(await signIn(stranger, 'another seven stones')).toBe('mfa')
  const tryCode = async (of: Browser) => {
    server.clock.advance(61_000)
    const answer = await of.post('/sign-in/mfa', { serial: device.serial, code: '12345x' })
    return answer.json<{ step: { mode: string } }>().step.mode
  }
  const modes: string[] = []
  for (let count = 0; count < 8; count++) modes.push(await tryCode(stranger))
  // A half-done sign-in lasts ten minutes.
  const next = newBrowser(server)
  expect(await signIn(next, 'another seven stones')).toBe('mfa')
  for (let count = 0; count < 2; count++) modes.push(await tryCode(next))
  expect([modes.at(0), modes.at(8), modes.at(9)]).toEqual(['single', 'single', 'two-codes'])
  await setPassword()
  const fresh = newBrowser(server)
  expect(await signIn(fresh)).toBe('mfa')
  expect(await tryCode(fresh)).toBe('single')
})
