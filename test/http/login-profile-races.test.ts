/** A password that is taken away or changed beside sign-ins with it, at two servers of one store: no session outlives it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dummyHash } from '../../src/credentials/password/hash-password.ts'
import type { RunningServer } from '../../src/main.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import { call, givePassword } from './aws-calls.ts'
import { startSecondServer } from './second-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedUser,
  freshCode,
  giveDevice,
  mfaState,
  putAt,
  type SwiftBrowser,
  swiftBrowser,
} from './sign-in-attacks.ts'

let server: TestServer
let second: RunningServer
let root: Attacked
let admin: SdkCredentials

beforeAll(async () => {
  server = await startTestServer()
  second = await startSecondServer(server)
  root = await attackedRoot(server)
  admin = await newUser(server, root.accountId, 'admin', true)
})
afterAll(async () => {
  await second.close()
  await server.close()
})

const browserOn = (index: number): SwiftBrowser =>
  swiftBrowser(index % 2 === 0 ? server : { ...server, url: second.url })
const browsers = Array.from({ length: 6 }, (_, index) => index)

const takeAway = ({ userName }: Attacked) =>
  call({ url: second.url, clock: server.clock }, admin, 'DeleteLoginProfile', { UserName: userName })
const change = ({ accountId, userName }: Attacked) => givePassword(server, accountId, userName, dummyHash)

async function aliveSessionsOf({ principalId }: Attacked): Promise<number> {
  const { reader } = server.store.storage
  const query = reader.selectFrom('sessions').select('session_hash').where('principal_id', '=', principalId)
  return (await query.where('ended_at', 'is', null).execute()).length
}

const kinds: [string, (user: Attacked) => Promise<unknown>][] = [
  ['taken away', takeAway],
  ['changed', change],
]

test.each(kinds)('%s beside sign-ins with the password', async (kind, end) => {
  for (let round = 0; round < 12; round++) {
    const user = await attackedUser(server, root, `password-${kind.slice(0, 5)}-${round}`.replace(' ', ''))
    const form = { account: user.accountId, userName: user.userName, password: user.password }
    const attempts = browsers.map((index) => browserOn(index).post('/sign-in/iam-user', form))
    // The later the rounds, the further the sign-ins have come.
    await Promise.all(attempts.slice(0, round % 4))
    const [answers] = await Promise.all([Promise.all(attempts), end(user)])
    for (const { status } of answers) expect([200, 401]).toContain(status)
    expect(await aliveSessionsOf(user)).toBe(0)
    expect((await browserOn(0).post('/sign-in/iam-user', form)).status).toBe(401)
  }
})

test.each(kinds)('%s beside right codes of half-done sign-ins', async (kind, end) => {
  for (let round = 0; round < 12; round++) {
    const user = await attackedUser(server, root, `code-${kind.slice(0, 5)}-${round}`.replace(' ', ''))
    const device = await giveDevice(server, user, user.userName)
    const half = browsers.map(browserOn)
    for (const browser of half) await putAt(server, browser, mfaState(user))
    const code = freshCode(server, device)
    const attempts = half.map((browser) => browser.post('/sign-in/mfa', { serial: device.serial, code }))
    await Promise.all(attempts.slice(0, round % 3))
    const [answers] = await Promise.all([Promise.all(attempts), end(user)])
    for (const { status } of answers) expect([200, 401, 409, 429]).toContain(status)
    expect(await aliveSessionsOf(user)).toBe(0)
  }
})
