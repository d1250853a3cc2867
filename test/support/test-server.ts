/**
 * A whole server in this process, on a store of its own (SALLYPORT_TEST_STORE says which engine) and with a clock that the test
 * moves. Everything goes through HTTP; only what has no HTTP yet (an administrator, an account beside the first) is made by the
 * functions that the command line uses.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createAccount } from '../../src/accounts/create-account.ts'
import { type AccountId, parseAccountId } from '../../src/core/account-id.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Log } from '../../src/core/log.ts'
import { systemRandom } from '../../src/core/random.ts'
import { insertAccessKey } from '../../src/iam/access-keys/access-key-store.ts'
import { insertUser } from '../../src/iam/users/user-store.ts'
import { startServer } from '../../src/main.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { type AuthenticatorApp, authenticatorApp } from './authenticator-app.ts'
import { canaries } from './canaries.ts'
import { type ClientAnswer, createHttpClient, type HttpClient } from './http-client.ts'
import { createDatabase } from './postgres.ts'
import { type SdkCredentials, sdkClients } from './sdk.ts'

export interface MovedClock extends Clock {
  /** Moves on (or back, with a negative number). */
  advance(ms: number): void
  set(ms: number): void
}

/** The same moment in every run: a Tuesday, in the middle of a time step. */
const startMs = Date.UTC(2026, 10, 24, 9, 0, 10)

export function movedClock(now = startMs): MovedClock {
  let current = now
  return {
    now: () => current,
    advance: (ms) => {
      current += ms
    },
    set: (ms) => {
      current = ms
    },
  }
}

export interface TestServer {
  readonly url: string
  readonly clock: MovedClock
  readonly store: Store
  /** What the server logged, as JSON lines. */
  log(): string
  /** A second server on the same store's database: its own connections and memory. PostgreSQL only. */
  close(): Promise<void>
}

export async function startTestServer(options: { clock?: MovedClock; publicUrl?: URL } = {}): Promise<TestServer> {
  const clock = options.clock ?? movedClock()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-'))
  const onPostgres = process.env['SALLYPORT_TEST_STORE'] === 'postgres'
  const database = onPostgres ? await createDatabase() : undefined
  const store = await openStore(
    { dataFolder: folder, ...(database ? { databaseUrl: database.url } : {}) },
    systemRandom,
  )
  const lines: string[] = []
  const keep = (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message }))
  const log: Log = { info: keep, warn: keep, error: keep }
  const publicUrl = options.publicUrl ? { publicUrl: options.publicUrl } : {}
  const server = await startServer(
    store,
    { host: '127.0.0.1', port: 0, ...publicUrl },
    { clock, random: systemRandom, log, sharedTime: async () => clock.now() },
  )
  return {
    url: server.url,
    clock,
    store,
    log: () => lines.join('\n'),
    close: async () => {
      await server.close()
      canaries.scan(lines.join('\n'), 'the log of the server')
      await database?.drop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const rootPassword = 'four small boats at the quay'

export interface TestAccount {
  readonly accountId: AccountId
  readonly email: string
  readonly password: string
}

let accountsMade = 0

/** An account with its root user, as `sallyport account create` makes it. */
export async function newAccount({ store, clock }: TestServer, password = rootPassword): Promise<TestAccount> {
  canaries.add(password, 'a password')
  const email = `root-${++accountsMade}@example.com`
  const form = { name: `Account ${accountsMade}`, email, phone: '+43 1 2345678', password }
  const created = await createAccount({ ...store, random: systemRandom }, form, clock.now())
  if (!created.created) throw new Error(JSON.stringify(created.faults))
  return { accountId: created.accountId, email, password }
}

/** A user with an access key, as `sallyport user create` makes it. */
export async function newUser(
  { store, clock }: TestServer,
  accountId: string,
  userName: string,
  administrator = false,
): Promise<SdkCredentials & { readonly userName: string; readonly arn: string; readonly userId: string }> {
  return store.storage.transaction(async (tx) => {
    const account = parseAccountId(accountId)
    const user = await insertUser(
      tx,
      systemRandom,
      { accountId: account, userName, path: '/', administrator },
      clock.now(),
    )
    if (typeof user === 'string') throw new Error(`the user ${userName}: ${user}`)
    const key = await insertAccessKey(tx, store.sealer, systemRandom, user.principal, clock.now())
    if (!key) throw new Error(`the user ${userName} has two keys`)
    const secretAccessKey = key.secretAccessKey.reveal()
    canaries.add(secretAccessKey, 'a secret access key')
    return {
      userName,
      arn: user.principal.arn,
      userId: user.principal.id,
      accessKeyId: key.accessKeyId,
      secretAccessKey,
    }
  })
}

/** A browser on the sign-in pages and in the console. Sends what the console sends, anti-forgery token included. */
export interface Browser {
  readonly client: HttpClient
  /** Opens the page (and gets a token), then posts. */
  post(path: string, body: object): Promise<ClientAnswer>
  get(path: string): Promise<ClientAnswer>
  /** The console's credentials, for AWS calls as the console makes them. */
  credentials(): Promise<SdkCredentials>
}

export function newBrowser({ url }: TestServer): Browser {
  const client = createHttpClient(url)
  const statePathOf = (path: string) =>
    path.startsWith('/console/') && client.cookies.has('sallyport-session') ? '/console/session' : '/sign-in/state'
  async function post(path: string, body: object): Promise<ClientAnswer> {
    const state = await client.get(statePathOf(path))
    const { antiForgery = '' } = state.json<{ antiForgery?: string }>()
    return client.post(path, body, { headers: { 'X-Anti-Forgery': antiForgery, 'Content-Type': 'application/json' } })
  }
  return {
    client,
    post: (path, body) => post(path, JSON.parse(JSON.stringify(body)) as object),
    get: (path) => client.get(path),
    async credentials() {
      const answer = await post('/console/credentials', {})
      if (answer.status !== 200) throw new Error(`no credentials: ${answer.text}`)
      const { accessKeyId, secretAccessKey, sessionToken } = answer.json<Required<SdkCredentials>>()
      return { accessKeyId, secretAccessKey, sessionToken }
    },
  }
}

/** Email and password; what follows is the answer's `step`. */
export async function enterPassword(browser: Browser, account: TestAccount): Promise<ClientAnswer> {
  await browser.post('/sign-in/root-email', { email: account.email })
  return browser.post('/sign-in/password', { password: account.password })
}

/** A signed-in browser of a root user without a device. */
export async function signInRoot(server: TestServer, account: TestAccount): Promise<Browser> {
  const browser = newBrowser(server)
  const answer = await enterPassword(browser, account)
  if (answer.json<{ step?: { name: string } }>().step?.name !== 'signed-in') throw new Error(answer.text)
  return browser
}

export interface EnrolledDevice {
  readonly serial: string
  readonly app: AuthenticatorApp
}

/** Root assigns a virtual device through the console's own AWS calls; the clock moves on by one step. */
export async function enrolRootDevice(server: TestServer, browser: Browser, name: string): Promise<EnrolledDevice> {
  const { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand } = await import('@aws-sdk/client-iam')
  const { iam } = sdkClients(server.url, await browser.credentials(), { now: server.clock.now })
  const { VirtualMFADevice: device } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }))
  const serial = device?.SerialNumber ?? ''
  const app = authenticatorApp(Buffer.from(device?.Base32StringSeed ?? []).toString())
  const codes = nextCodes(server.clock, app)
  // The model demands UserName of everybody but the console, which leaves it out.
  await iam.send(new EnableMFADeviceCommand({ SerialNumber: serial, ...codes } as never))
  return { serial, app }
}

/** This step's code and the next one's, at the time of the next one. */
export function nextCodes(
  clock: MovedClock,
  app: AuthenticatorApp,
): { AuthenticationCode1: string; AuthenticationCode2: string } {
  const AuthenticationCode1 = app.codeAt(clock.now())
  clock.advance(30_000)
  return { AuthenticationCode1, AuthenticationCode2: app.codeAt(clock.now()) }
}
