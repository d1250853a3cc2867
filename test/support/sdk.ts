import { Readable } from 'node:stream'
import { IAMClient } from '@aws-sdk/client-iam'
import { STSClient } from '@aws-sdk/client-sts'
import type { CheckOptions } from './answers.ts'
import { send } from './transport.ts'

export interface SdkCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface SdkClients {
  readonly iam: IAMClient
  readonly sts: STSClient
}

export interface SdkOptions extends CheckOptions {
  /** The server's clock, when it is not the machine's. */
  readonly now?: () => number
}

/** AWS's own clients against `endpoint` (`http://127.0.0.1:4100`). One try per call; every answer passes the hook. */
export function sdkClients(endpoint: string, credentials: SdkCredentials, options: SdkOptions = {}): SdkClients {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler: { handle: (request: SignedRequest) => handle(request, options) },
  }
  const clients = { iam: new IAMClient(settings), sts: new STSClient(settings) }
  const { now } = options
  if (now) for (const client of Object.values(clients)) followClock(client, now)
  return clients
}

interface Clocked {
  readonly config: { systemClockOffset: number }
  readonly middlewareStack: IAMClient['middlewareStack']
}

/** The SDK signs with the machine's time and an offset: set anew before each call, since a test moves its clock. */
function followClock(client: IAMClient | STSClient, now: () => number): void {
  const { config, middlewareStack } = client as unknown as Clocked
  middlewareStack.add(
    (next) => (args) => {
      config.systemClockOffset = now() - Date.now()
      return next(args)
    },
    { step: 'initialize' },
  )
}

/** What the SDK hands to its request handler (smithy's `HttpRequest`). */
interface SignedRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

async function handle(request: SignedRequest, options: CheckOptions) {
  const query = new URLSearchParams(request.query as Record<string, string> | undefined).toString()
  const sent = {
    method: request.method,
    url: `${request.protocol}//${request.hostname}${request.port ? `:${request.port}` : ''}${request.path}${query && `?${query}`}`,
    headers: Object.entries(request.headers),
    ...(request.body === undefined ? {} : { body: request.body }),
  }
  const answer = await send(sent, options)
  const headers = Object.fromEntries(answer.headers.map(([name, value]) => [name.toLowerCase(), value]))
  return { response: { statusCode: answer.status, headers, body: Readable.from([answer.body]) } }
}
