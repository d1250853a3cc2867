/** A small service on the real models, with its store, record, clock and log in memory, and a signer for calls to it. */
import { createHmac } from 'node:crypto'
import { createDispatcher } from '../../src/aws-api/dispatcher.ts'
import { readHeaders } from '../../src/aws-api/headers.ts'
import { iamModel, stsModel } from '../../src/aws-api/model/service-model.ts'
import type {
  AwsRequest,
  AwsResponse,
  DispatcherParts,
  FoundCredential,
  Handler,
  RequestFacts,
} from '../../src/aws-api/operation.ts'
import { parseQueryPairs } from '../../src/aws-api/sigv4/canonical-request.ts'
import type { SignatureClaim } from '../../src/aws-api/sigv4/claim.ts'
import { toAmzDate } from '../../src/aws-api/sigv4/date.ts'
import { deriveSigningKey } from '../../src/aws-api/sigv4/signing-key.ts'
import { stringToSign } from '../../src/aws-api/sigv4/verify.ts'
import { parseAccountId } from '../../src/core/account-id.ts'
import { rootArn, userArn } from '../../src/core/arn.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { Caller } from '../../src/core/caller.ts'
import type { LogFields } from '../../src/core/log.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'

export const startOfTime = Date.UTC(2026, 0, 2, 3, 4, 5)
const accountId = parseAccountId('123456789012')
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

/** What the service keeps: user names, attempts that were reserved, and what was recorded of changes. */
export interface Tx {
  readonly users: Map<string, { readonly path: string }>
  readonly events: AuditEvent[]
}

const user: Caller = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  principal: {
    kind: 'user',
    accountId,
    id: 'AIDAIOSFODNN7EXAMPLE',
    arn: userArn(accountId, '/', 'ada'),
    userName: 'ada',
    path: '/',
    administrator: true,
  },
}
const consoleRoot: Caller = {
  accessKeyId: 'ASIAIOSFODNN7CONSOLE',
  principal: { kind: 'root', accountId, id: accountId, arn: rootArn(accountId) },
  session: { id: 's', console: true, createdAt: startOfTime, authenticatedAt: startOfTime },
}
export const token = 'console-session-token'

/** The target of an operation that no test asks about. */
export const anything = async () => ({ found: undefined, resources: ['*'] })

export type Handlers = {
  readonly iam?: NonNullable<Parameters<typeof iamHandlers>[0]>
  readonly sts?: NonNullable<Parameters<typeof stsHandlers>[0]>
}
const iamHandlers = (operations: { readonly [N in keyof IamHandlerMap]?: IamHandlerMap[N] }) => ({
  model: iamModel(),
  operations,
})
const stsHandlers = (operations: { GetCallerIdentity?: Handler<Tx, 'sts', 'GetCallerIdentity'> }) => ({
  model: stsModel(),
  operations,
})
interface IamHandlerMap {
  CreateUser: Handler<Tx, 'iam', 'CreateUser'>
  GetUser: Handler<Tx, 'iam', 'GetUser'>
  ListUsers: Handler<Tx, 'iam', 'ListUsers'>
  EnableMFADevice: Handler<Tx, 'iam', 'EnableMFADevice'>
  CreateVirtualMFADevice: Handler<Tx, 'iam', 'CreateVirtualMFADevice'>
  GetAccountSummary: Handler<Tx, 'iam', 'GetAccountSummary'>
  GetAccessKeyLastUsed: Handler<Tx, 'iam', 'GetAccessKeyLastUsed'>
  CreateLoginProfile: Handler<Tx, 'iam', 'CreateLoginProfile'>
}

export interface World {
  now: number
  readonly tx: Tx
  /** Reads and refusals, in the order in which they were recorded. */
  readonly reads: AuditEvent[]
  readonly log: { readonly level: string; readonly fields: LogFields; readonly message: string }[]
  /** What was told of credentials that signed rightly. */
  readonly used: { accessKeyId: string; service: string; region: string }[]
  readonly asked: { action: string; resource: string; facts: RequestFacts }[]
  deny: string | undefined
  /** Set to an error: the store fails with it. */
  broken: Error | undefined
  /** Set to an error: writing an event in a transaction fails with it. */
  recordBroken: Error | undefined
  /** What the credential reader answers for any other access key id. */
  credential: FoundCredential
  dispatch(request: AwsRequest): Promise<AwsResponse>
}

export function createWorld(handlers: Handlers = {}): World {
  const committed: Tx = { users: new Map(), events: [] }
  const store: DispatcherParts<Tx>['store'] = {
    reader: committed,
    async transaction(work) {
      if (world.broken) throw world.broken
      const draft: Tx = { users: new Map(committed.users), events: [...committed.events] }
      const result = await work(draft)
      for (const [name, value] of draft.users) committed.users.set(name, value)
      committed.events.splice(0, committed.events.length, ...draft.events)
      return result
    },
  }
  const logAt = (level: string) => (fields: LogFields, message: string) => {
    world.log.push({ level, fields, message })
  }
  const dispatcher = createDispatcher<Tx>({
    services: [iamHandlers(handlers.iam ?? {}), stsHandlers(handlers.sts ?? {})],
    credentials: {
      find: async (accessKeyId, sessionToken) => {
        const caller = [user, consoleRoot].find((each) => each.accessKeyId === accessKeyId)
        if (caller === undefined) return world.credential
        if (caller === consoleRoot && sessionToken !== token) return { found: false, reason: 'token-invalid' }
        return { found: true, caller, secretAccessKey: new Secret(secretAccessKey), secretVersion: '1' }
      },
      noteUse: async ({ accessKeyId }, { service, region }) => {
        world.used.push({ accessKeyId, service, region })
      },
    },
    authorize: async (_, action, resource, facts) => {
      world.asked.push({ action, resource, facts })
      return world.deny === undefined ? { ok: true } : { ok: false, message: world.deny }
    },
    store,
    audit: {
      record: async (tx, event) => {
        if (world.recordBroken) throw world.recordBroken
        tx.events.push(event)
      },
      recordRead: async (event) => {
        world.reads.push(event)
      },
    },
    clock: { now: () => world.now },
    random: systemRandom,
    log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
  })
  const world: World = {
    now: startOfTime,
    tx: committed,
    reads: [],
    log: [],
    asked: [],
    used: [],
    deny: undefined,
    broken: undefined,
    recordBroken: undefined,
    credential: { found: false, reason: 'unknown' },
    dispatch: dispatcher.dispatch,
  }
  return world
}

/** What a test may say of a call; all else is as the AWS CLI does it. */
export interface Signing {
  readonly service?: string
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly sessionToken?: string | undefined
  readonly signedAt?: number
  readonly scope?: string
  readonly accept?: string
  /** Sent and signed. */
  readonly headers?: readonly (readonly [string, string])[]
  /** Left out of the signed ones. */
  readonly unsigned?: readonly string[]
  readonly query?: string
  readonly method?: string
}

export const form = (parameters: { readonly [name: string]: string }): string =>
  new URLSearchParams(parameters).toString()

/** A signed call of `operation`, or of the form text given. */
export function call(parameters: { readonly [name: string]: string } | string, signing: Signing = {}): AwsRequest {
  const { service = 'iam', method = 'POST', query = '', accessKeyId = user.accessKeyId } = signing
  const version = service === 'sts' ? '2011-06-15' : '2010-05-08'
  const text = typeof parameters === 'string' ? parameters : form({ Version: version, ...parameters })
  const amzDate = toAmzDate(signing.signedAt ?? startOfTime)
  const scopeText = signing.scope ?? `${amzDate.slice(0, 8)}/us-east-1/${service}/aws4_request`
  const headers: (readonly [string, string])[] = [
    ['Host', 'localhost:4100'],
    ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
    ['X-Amz-Date', amzDate],
    ['User-Agent', 'aws-cli/2.36.7'],
    ...(signing.sessionToken === undefined ? [] : [['X-Amz-Security-Token', signing.sessionToken] as const]),
    ...(signing.accept === undefined ? [] : [['Accept', signing.accept] as const]),
    ...(signing.headers ?? []),
  ]
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()))]
    .filter((name) => name !== 'user-agent' && name !== 'accept' && !signing.unsigned?.includes(name))
    .sort()
  const body = Buffer.from(text)
  const [date = '', region = '', scopeService = ''] = scopeText.split('/')
  const claim = {
    form: 'header',
    signedAt: amzDate,
    scopeText,
    signedHeaders: names,
    signedHeadersText: names.join(';'),
  } as unknown as SignatureClaim // what the string to sign is made of
  const { values } = readHeaders(headers.filter(([name]) => name !== 'X-Amz-Content-Sha256'))
  const signed = { method, path: '/', query: parseQueryPairs(query), headers: values, body, normalizePath: true }
  const key = deriveSigningKey(signing.secretAccessKey ?? secretAccessKey, { date, region, service: scopeService })
  const signature = createHmac('sha256', key).update(stringToSign(claim, signed)).digest('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeText}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return {
    method,
    path: '/',
    query,
    headers: [...headers, ['Authorization', authorization]],
    body,
    sourceIp: '192.0.2.7',
    host: 'localhost:4100',
  }
}

/** The console's own call, of root. */
export const consoleCall = (parameters: { readonly [name: string]: string }): AwsRequest =>
  call(parameters, { accessKeyId: consoleRoot.accessKeyId, sessionToken: token })

/** `Code: Message` of an error in XML, with its status. */
export function errorOf(response: AwsResponse): { status: number; code: string; message: string } {
  const text = String(response.body)
  const [, code = '', message = ''] = /<Code>(.*?)<\/Code><Message>(.*?)<\/Message>/s.exec(text) ?? []
  const fromXml = (xml: string): string =>
    xml
      .replaceAll('&apos;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
  return { status: response.status, code, message: fromXml(message) }
}
