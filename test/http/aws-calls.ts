/** Signed calls as text, for what AWS's SDK hides or would not send: exact answers, bad requests. The signer is not ours. */
import { AwsV4Signer } from 'aws4fetch'
import { insertAccount } from '../../src/accounts/account-store.ts'
import { listRecords } from '../../src/cloudtrail/event-store.ts'
import { type AccountId, parseAccountId } from '../../src/core/account-id.ts'
import { systemRandom } from '../../src/core/random.ts'
import type { PasswordHash } from '../../src/credentials/password/hash-password.ts'
import { putPassword } from '../../src/iam/login-profiles/login-profile-store.ts'
import { findUserByName, lockPrincipal } from '../../src/iam/principals/find-principal.ts'
import { startSession } from '../../src/iam/sessions/session-store.ts'
import type { CheckOptions } from '../support/answers.ts'
import { type AuthenticatorApp, authenticatorApp } from '../support/authenticator-app.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { type Browser, type MovedClock, newBrowser, newUser, type TestServer } from '../support/test-server.ts'
import { type HeaderPairs, type Sent, send } from '../support/transport.ts'

export type CallParameters = { readonly [name: string]: string }

export interface CallOptions extends CheckOptions {
  readonly service?: string
  readonly region?: string
  readonly version?: string
  /** Ahead of the server's clock. */
  readonly skewMs?: number
  readonly headers?: { readonly [name: string]: string }
  /** In the place of the form that the parameters make. */
  readonly body?: string | Buffer
}

export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly headers: HeaderPairs
  readonly requestId: string
}

const versions: CallParameters = { iam: '2010-05-08', sts: '2011-06-15' }
const formType = 'application/x-www-form-urlencoded; charset=utf-8'

/** A signed request, ready to be sent or spoilt. */
export async function signedCall(
  server: Pick<TestServer, 'url' | 'clock'>,
  credentials: SdkCredentials,
  parameters: CallParameters,
  options: CallOptions = {},
): Promise<Sent> {
  const service = options.service ?? 'iam'
  const form = new URLSearchParams({ Version: options.version ?? versions[service] ?? '', ...parameters })
  const body = options.body ?? form.toString()
  const signer = new AwsV4Signer({
    method: 'POST',
    url: `${server.url}/`,
    headers: { 'Content-Type': formType, ...options.headers },
    // The types of DOM's BodyInit know no Buffer.
    body: body as string,
    ...credentials,
    service,
    region: options.region ?? 'us-east-1',
    datetime: new Date(server.clock.now() + (options.skewMs ?? 0)).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  })
  const signed = await signer.sign()
  return { method: 'POST', url: `${server.url}/`, headers: [...signed.headers], body }
}

/** Sends what was signed, spoilt or not. */
export async function sendRaw(request: Sent, options: CheckOptions = {}): Promise<RawAnswer> {
  const { status, headers, body } = await send(request, options)
  const requestId = headers.find(([name]) => name.toLowerCase() === 'x-amzn-requestid')?.[1] ?? ''
  return { status, headers, text: body.toString('utf8'), requestId }
}

/** One call; `name` is of IAM, or of STS with `service: 'sts'`. */
export async function call(
  server: Pick<TestServer, 'url' | 'clock'>,
  credentials: SdkCredentials,
  name: string,
  parameters: CallParameters = {},
  options: CallOptions = {},
): Promise<RawAnswer> {
  return sendRaw(await signedCall(server, credentials, { Action: name, ...parameters }, options), options)
}

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

const fromXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

/** The error of AWS's XML form; throws for an answer that has another form. */
export function refusalOf({ status, text, requestId }: RawAnswer): Refusal {
  const [, type, code = '', message = '', id] =
    /^<ErrorResponse xmlns="https:\/\/[a-z./0-9-]+"><Error><Type>(\w+)<\/Type><Code>(\w+)<\/Code><Message>([^<]*)<\/Message><\/Error><RequestId>([0-9a-f-]{36})<\/RequestId><\/ErrorResponse>$/.exec(
      text,
    ) ?? []
  if (type !== (status >= 500 ? 'Receiver' : 'Sender') || id !== requestId)
    throw new Error(`got ${status} ${text}, expected an error of AWS's form`)
  return { status, code, message: fromXml(message) }
}

export const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message })
export const noSuchUser = (name: string): Refusal =>
  refusal(404, 'NoSuchEntity', `The user with name ${name} cannot be found.`)
export const noSuchDevice = (serial: string): Refusal =>
  refusal(404, 'NoSuchEntity', `MFA Device with serial number ${serial} does not exist.`)

/** What stands between the tags of each element of that name. */
export const elements = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, inner = '']) => fromXml(inner))

export const element = (text: string, name: string): string => {
  const [first] = elements(text, name)
  if (first === undefined) throw new Error(`got ${text}, expected an element ${name}`)
  return first
}

/** The whole answer of an operation, as AWS writes it; `result` is absent where the operation gives nothing. */
export function answerOf(name: string, result: string | undefined, requestId: string, service = 'iam'): string {
  const xmlns = `https://${service}.amazonaws.com/doc/${versions[service]}/`
  const inner = result === undefined ? '' : `<${name}Result>${result}</${name}Result>`
  return `<${name}Response xmlns="${xmlns}">${inner}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`
}

export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

export interface AccountOfTest {
  readonly accountId: AccountId
  readonly admin: SdkCredentials & { readonly arn: string; readonly userId: string; readonly userName: string }
}

let accountsMade = 0

/** An account with an administrator named `admin`, who has an access key. Nobody signs in to it by password. */
export async function accountWithAdmin(server: TestServer): Promise<AccountOfTest> {
  const { store, clock } = server
  const accountId = parseAccountId(String(300_000_000_000 + ++accountsMade))
  const email = `owner-${accountsMade}@example.com`
  const form = { accountId, name: 'Owner', email, phone: '+43 1 2345678', passwordHash: 'none' as PasswordHash }
  await insertAccount(store.storage.reader, store.sealer, form, clock.now())
  return { accountId, admin: await newUser(server, accountId, 'admin', true) }
}

/** A browser with a session, as the end of a sign-in makes it. Root's, unless a user's id is given. */
export async function browserOf(
  server: TestServer,
  accountId: AccountId,
  { mfaSerial = null, userId = accountId }: { mfaSerial?: string | null; userId?: string } = {},
): Promise<Browser> {
  const session = { accountId, principalId: userId, mfaSerial }
  const token = await startSession(server.store.storage.reader, systemRandom, session, server.clock.now())
  const browser = newBrowser(server)
  browser.client.cookies.set('sallyport-session', token)
  return browser
}

/** The credentials with which the console of such a session signs. */
export const consoleOf: (...of: Parameters<typeof browserOf>) => Promise<SdkCredentials> = async (...of) =>
  (await browserOf(...of)).credentials()

/** As `sallyport user set-password` does; nobody signs in by this one. */
export async function givePassword(
  { store, clock }: TestServer,
  accountId: AccountId,
  userName: string,
  passwordHash = 'none' as PasswordHash,
): Promise<void> {
  await store.storage.transaction(async (tx) => {
    const principal = (await findUserByName(tx, accountId, userName))?.principal
    if (principal === undefined || !(await lockPrincipal(tx, principal)))
      throw new Error(`there is no user ${userName}`)
    await putPassword(tx, principal, passwordHash, clock.now())
  })
}

export interface CreatedDevice {
  readonly serial: string
  readonly app: AuthenticatorApp
}

/** A device that is nobody's yet. */
export async function createDevice(
  server: Pick<TestServer, 'url' | 'clock'>,
  credentials: SdkCredentials,
  name: string,
): Promise<CreatedDevice> {
  const { text } = await call(server, credentials, 'CreateVirtualMFADevice', { VirtualMFADeviceName: name })
  const seed = Buffer.from(element(text, 'Base32StringSeed'), 'base64').toString('latin1')
  return { serial: element(text, 'SerialNumber'), app: authenticatorApp(seed) }
}

/** The codes of the steps `first` and `second` from now. */
export const codesAt = (clock: MovedClock, { app }: CreatedDevice, first: number, second: number): CallParameters => ({
  AuthenticationCode1: app.codeAt(clock.now() + first * 30_000),
  AuthenticationCode2: app.codeAt(clock.now() + second * 30_000),
})

/** The code of this step and, 30 seconds later, the next one's. */
export function twoCodes(clock: MovedClock, device: CreatedDevice): CallParameters {
  clock.advance(30_000)
  return codesAt(clock, device, -1, 0)
}

/** Gives the device to the user, or, where the console calls without a name, to its own principal. */
export async function enableDevice(
  server: TestServer,
  credentials: SdkCredentials,
  userName: string | undefined,
  device: CreatedDevice,
): Promise<void> {
  const name: CallParameters = userName === undefined ? {} : { UserName: userName }
  const parameters = { ...name, SerialNumber: device.serial, ...twoCodes(server.clock, device) }
  const answer = await call(server, credentials, 'EnableMFADevice', parameters)
  if (answer.status !== 200) throw new Error(answer.text)
}

/** Root assigns itself a device in the console; a further one in a session that was begun with `mfaSerial`. */
export async function giveRootDevice(
  server: TestServer,
  accountId: AccountId,
  name: string,
  mfaSerial: string | null = null,
): Promise<CreatedDevice> {
  const credentials = await consoleOf(server, accountId, { mfaSerial })
  const device = await createDevice(server, credentials, name)
  await enableDevice(server, credentials, undefined, device)
  return device
}

export interface RecordedEvent {
  readonly eventName: string
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly requestParameters: Readonly<Record<string, unknown>> | null
  readonly responseElements: Readonly<Record<string, unknown>> | null
  readonly userIdentity: Readonly<Record<string, unknown>>
  readonly [name: string]: unknown
}

/** An account's record, newest first. */
export async function eventsOf({ store }: TestServer, accountId: string): Promise<RecordedEvent[]> {
  const records = await listRecords(store.storage.reader, accountId, 10_000)
  return records.map((record) => JSON.parse(record) as RecordedEvent)
}
