/**
 * What the attacks on the sign-in share: principals with cheap password hashes, devices with known seeds, browsers that stand at a
 * step without the steps before it. Made by the functions that the server itself uses; what is attacked goes through HTTP.
 */
import { hash } from '@node-rs/argon2'
import { insertAccount } from '../../src/accounts/account-store.ts'
import { listRecords } from '../../src/cloudtrail/event-store.ts'
import { type AccountId, parseAccountId } from '../../src/core/account-id.ts'
import { randomToken, systemRandom } from '../../src/core/random.ts'
import type { PasswordHash } from '../../src/credentials/password/hash-password.ts'
import { newSeed } from '../../src/credentials/totp/new-seed.ts'
import { antiForgeryToken } from '../../src/http/anti-forgery.ts'
import { assignDevice, findDevice, insertDevice } from '../../src/iam/mfa-devices/device-store.ts'
import { startSession } from '../../src/iam/sessions/session-store.ts'
import { replaceSignIn, type SignInState } from '../../src/sign-in/state.ts'
import type { Schema } from '../../src/storage/schema.ts'
import { authenticatorApp } from '../support/authenticator-app.ts'
import { type CanaryRegistry, canaries } from '../support/canaries.ts'
import { type ClientAnswer, createHttpClient, type HttpClient } from '../support/http-client.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { type EnrolledDevice, newUser, rootPassword, type TestServer } from '../support/test-server.ts'
import { givePassword } from './aws-calls.ts'

export interface Attacked {
  readonly accountId: AccountId
  /** The account id for root. */
  readonly principalId: string
  readonly passwordVersion: number
  readonly email: string
  readonly userName: string
  readonly password: string
}

/** A hash of the same kind that costs next to nothing to verify: what is tested here is not its cost. */
const cheapHash = hash(Buffer.from(rootPassword), { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 })

let made = 0

/** A root user, in an account of its own. */
export async function attackedRoot({ store, clock }: TestServer): Promise<Attacked> {
  canaries.add(rootPassword, 'a password')
  made += 1
  const email = `attacked-${made}@example.com`
  const accountId = parseAccountId(String(200_000_000_000 + made))
  const passwordHash = (await cheapHash) as PasswordHash
  const account = { accountId, name: `Attacked ${made}`, email, phone: '+43 1 2345678', passwordHash }
  await insertAccount(store.storage.reader, store.sealer, account, clock.now())
  return { accountId, principalId: accountId, passwordVersion: 1, email, userName: '', password: rootPassword }
}

/** An IAM user with a password, in the account of `root`. */
export async function attackedUser(server: TestServer, root: Attacked, userName: string): Promise<Attacked> {
  const { userId } = await newUser(server, root.accountId, userName)
  await givePassword(server, root.accountId, userName, (await cheapHash) as PasswordHash)
  return { ...root, principalId: userId, passwordVersion: 1, userName }
}

/** An active device; no code of it has been used. */
export async function giveDevice(
  { store, clock }: TestServer,
  { accountId, principalId }: Attacked,
  name: string,
): Promise<EnrolledDevice> {
  const { storage, sealer } = store
  const serial = `arn:aws:iam::${accountId}:mfa/${name}`
  const seed = newSeed(systemRandom)
  await insertDevice(
    storage.reader,
    sealer,
    { accountId, serial, name, path: '/', seed, wizardSession: null },
    clock.now(),
  )
  const device = await findDevice(storage.reader, accountId, serial)
  if (device === undefined) throw new Error('the device is not there')
  await assignDevice(storage.reader, device, { principalId, firstStep: 0, step: 0, drift: 0 }, clock.now())
  return { serial, app: authenticatorApp(toBase32(seed)) }
}

export async function attackedRootWithDevice(
  server: TestServer,
): Promise<Attacked & { readonly device: EnrolledDevice }> {
  const root = await attackedRoot(server)
  return { ...root, device: await giveDevice(server, root, 'phone') }
}

/** A browser that knows its anti-forgery token without asking: one request for each post, where many are sent. */
export interface SwiftBrowser {
  readonly client: HttpClient
  post(path: string, body: object): Promise<ClientAnswer>
  /** The body as it is. */
  postRaw(path: string, body: string): Promise<ClientAnswer>
  get(path: string): Promise<ClientAnswer>
  /** The console's credentials, for AWS calls as the console makes them. */
  credentials(): Promise<Required<SdkCredentials>>
}

export function swiftBrowser({ url, store }: TestServer, registry: CanaryRegistry = canaries): SwiftBrowser {
  const form = randomToken(systemRandom)
  const client = createHttpClient(url, [['sallyport-form', form]])
  function postRaw(path: string, body: string): Promise<ClientAnswer> {
    const token = antiForgeryToken(store.sealer, form, client.cookies.get('sallyport-session'))
    const headers = { 'X-Anti-Forgery': token, 'Content-Type': 'application/json' }
    return client.request(path, { headers, body, canaries: registry })
  }
  const post = (path: string, body: object) => postRaw(path, JSON.stringify(body))
  return {
    client,
    post,
    postRaw,
    get: (path) => client.get(path, { canaries: registry }),
    async credentials() {
      const answer = await post('/console/credentials', {})
      if (answer.status !== 200) throw new Error(`no credentials: ${answer.text}`)
      const { accessKeyId, secretAccessKey, sessionToken } = answer.json<Required<SdkCredentials>>()
      return { accessKeyId, secretAccessKey, sessionToken }
    },
  }
}

/** A browser whose sign-in stands at `state`. */
export async function browserAt(server: TestServer, state: SignInState): Promise<SwiftBrowser> {
  const browser = swiftBrowser(server)
  await putAt(server, browser, state)
  return browser
}

export async function putAt({ store, clock }: TestServer, browser: SwiftBrowser, state: SignInState): Promise<void> {
  const nothing = { state: { name: 'identify' }, hash: '', version: 0 } as const
  const cookie = await replaceSignIn(store.storage.reader, systemRandom, nothing, state, clock.now())
  if (cookie !== false) browser.client.cookies.set('sallyport-sign-in', cookie.value)
}

export const mfaState = ({ accountId, principalId, passwordVersion }: Attacked): SignInState => ({
  name: 'mfa',
  accountId,
  principalId,
  passwordVersion,
})

/** A browser that has shown the right password and owes the code. */
export const browserAtMfa = (server: TestServer, of: Attacked): Promise<SwiftBrowser> => browserAt(server, mfaState(of))

/** A browser with a session, as the end of a sign-in makes it. */
export async function browserWithSession(
  server: TestServer,
  { accountId, principalId }: Attacked,
  mfaSerial: string | null = null,
): Promise<SwiftBrowser> {
  const { store, clock } = server
  const session = { accountId, principalId, mfaSerial }
  const browser = swiftBrowser(server)
  const token = await startSession(store.storage.reader, systemRandom, session, clock.now())
  browser.client.cookies.set('sallyport-session', token)
  return browser
}

/** The code of a step that nobody has used yet: the clock moves on by one step. */
export function freshCode({ clock }: TestServer, { app }: EnrolledDevice): string {
  clock.advance(30_000)
  return app.codeAt(clock.now())
}

/** A code that is none of the device's, within a quarter of an hour of now. */
export function wrongCode({ clock }: TestServer, { app }: EnrolledDevice): string {
  const right = new Set(Array.from({ length: 61 }, (_, step) => app.codeAt(clock.now() + (step - 30) * 30_000)))
  for (let code = 0; ; code++) {
    const digits = String(code).padStart(6, '0')
    if (!right.has(digits)) return digits
  }
}

/** Root's password by its two pages. */
export async function enterRootPassword(
  browser: Pick<SwiftBrowser, 'post'>,
  { email, password }: Attacked,
): Promise<ClientAnswer> {
  await browser.post('/sign-in/root-email', { email })
  return browser.post('/sign-in/password', { password })
}

export const stepOf = (answer: ClientAnswer) =>
  answer.json<{ step?: { name: string; mode?: string; retryAfterSeconds?: number } }>().step

export const errorCodeOf = (answer: ClientAnswer) => answer.json<{ error?: { code: string } }>().error?.code

export const isSignedIn = async (browser: Pick<SwiftBrowser, 'get'>): Promise<boolean> =>
  (await browser.get('/console/session')).status === 200

const tables: readonly (keyof Schema)[] = [
  'accounts',
  'account_aliases',
  'users',
  'access_keys',
  'mfa_devices',
  'sessions',
  'sign_ins',
  'trusted_browsers',
  'attempts',
  'spent_proofs',
  'events',
  'setup_links',
]

/** Every row of every table, for "and nothing has changed". */
export async function snapshot({ store }: TestServer): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {}
  for (const table of tables) {
    const all = await store.storage.reader.selectFrom(table).selectAll().execute()
    rows[table] = all.map((row) => JSON.stringify(row)).sort()
  }
  return rows
}

export interface EventRecord {
  readonly eventName: string
  readonly errorMessage?: string
  readonly userIdentity: Readonly<Record<string, unknown>>
  readonly responseElements: Readonly<Record<string, unknown>> | null
  readonly additionalEventData?: Readonly<Record<string, unknown>>
  readonly [name: string]: unknown
}

/** An account's record, oldest first. */
export async function recordsOf({ store }: TestServer, accountId: string): Promise<EventRecord[]> {
  const records = await listRecords(store.storage.reader, accountId, 1000)
  return records.map((record) => JSON.parse(record) as EventRecord).reverse()
}

/** A token of the right form that the server has never given. */
export const foreignToken = (): string => randomToken(systemRandom)

// The product's own base32 must not vouch for itself.
function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)])
    .join('')
}
