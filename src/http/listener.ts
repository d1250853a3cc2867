/**
 * The one listener: signed AWS calls go straight to the dispatcher, everything else is the browser's. Reads bodies of bounded
 * size in bounded time, sets the headers of every answer, and is the last resort for what nobody caught.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { AwsRequest, Dispatcher } from '../aws-api/operation.ts'
import { StorageUnavailable } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { SignInParts } from '../sign-in/parts.ts'
import { type WebAnswer, WebRefusal } from '../sign-in/web.ts'
import { toSetCookie } from './cookies.ts'
import { commonHeaderPairs, commonHeaders } from './headers.ts'
import type { createStaticFiles } from './static-files.ts'
import { answerWebRoute } from './web-routes.ts'

export const httpLimits = {
  /** IAM's largest documents are some 10 KB; nothing that is served today needs more. */
  bodyBytesMax: 256 * 1024,
  /** The largest form of the pages, set-up's, has five texts. */
  formBytesMax: 16 * 1024,
  headerBytesMax: 16 * 1024,
  /** Slow clients (security: F-10). */
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  /** How often connections are looked at for the two limits above. */
  checkMs: 1_000,
} as const

export interface HttpParts {
  readonly dispatcher: Dispatcher
  readonly signIn: SignInParts
  readonly files: ReturnType<typeof createStaticFiles>
  /** Whether the store answers: what `/readyz` says. */
  isReady(): Promise<boolean>
  /** Whether pages are served under this `Host`. */
  readonly isOwnHost: (host: string) => boolean
  /** Set when browsers come by https, through a proxy in front. */
  readonly publicUrl: URL | undefined
  readonly log: Log
}

export interface Listener {
  readonly server: Server
  /** Resolves when nothing that was begun is still at work, for clients that have gone too. */
  idle(): Promise<void>
}

export function createListener(parts: HttpParts): Listener {
  const atWork = new Set<Promise<void>>()
  const server = createServer(
    {
      maxHeaderSize: httpLimits.headerBytesMax,
      headersTimeout: httpLimits.headersMs,
      requestTimeout: httpLimits.requestMs,
      keepAliveTimeout: httpLimits.keepAliveMs,
      connectionsCheckingInterval: httpLimits.checkMs,
      // A request without a host gets our answer, with our headers, like one for a foreign host.
      requireHostHeader: false,
    },
    (message, response) => {
      const work = answer(parts, message, response)
        .catch((error: unknown) => {
          parts.log.error(
            { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) },
            'an answer could not be given',
          )
          response.destroy()
        })
        .finally(() => atWork.delete(work))
      atWork.add(work)
    },
  )
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return
    const headers = { ...commonHeaders(isSecure(parts)), connection: 'close', 'content-length': '0' }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n`)
  })
  return {
    server,
    async idle() {
      while (atWork.size > 0) await Promise.all(atWork)
    },
  }
}

/** Whether browsers come by https. */
const isSecure = ({ publicUrl }: HttpParts): boolean => publicUrl?.protocol === 'https:'

/**
 * The target without the scheme and host that a client of a proxy writes before it (RFC 9112 §3.2.2), where they are those of the Host
 * header. Any other absolute target is a path that nothing has.
 */
function originForm({ url = '/', headers: { host } }: IncomingMessage): string {
  if (url.startsWith('/')) return url
  const [absolute, authority] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? []
  if (absolute === undefined || authority?.toLowerCase() !== host?.toLowerCase()) return url
  const rest = url.slice(absolute.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

async function answer(parts: HttpParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = originForm(message)
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark + 1)
  const secure = isSecure(parts)
  const headers = pairsOf(message.rawHeaders)
  const candidate = { method: message.method ?? '', path, query, headers }
  // The hot path: its headers are written in one go.
  if (parts.dispatcher.isAwsRequest(candidate)) {
    const body = await readBody(message, httpLimits.bodyBytesMax)
    const read = body === undefined ? { body: Buffer.alloc(0), bodyTooLarge: true } : { body }
    const given = await parts.dispatcher.dispatch({ ...candidate, ...read, ...connectionFacts(message) })
    const pairs = [...commonHeaderPairs(secure), 'content-length', String(Buffer.byteLength(given.body))]
    for (const name in given.headers) pairs.push(name, given.headers[name] ?? '')
    if (body === undefined) pairs.push('connection', 'close')
    response.writeHead(given.status, pairs)
    response.end(given.body)
    return
  }
  const body = await readBody(message, httpLimits.formBytesMax)
  for (const [name, value] of Object.entries(commonHeaders(secure))) response.setHeader(name, value)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    parts.signIn.refusals.note(anyPath, 'RequestEntityTooLarge')
    return send(
      response,
      errorAnswer(
        new WebRefusal(
          413,
          'RequestEntityTooLarge',
          'Request too large',
          `A request of a page may have ${httpLimits.formBytesMax} bytes.`,
        ),
      ),
      secure,
    )
  }
  if (path === '/healthz' || path === '/readyz') return sendHealth(parts, path, response)
  return answerBrowser(parts, message, response, path, body, secure)
}

/** What a proxy in front may read in another way than this server is refused, not repaired (security: A-28). */
const ambiguousPath = /^[^/]|\/\/|[\\;]|%(?:00|25|2e|2f|3b|5c)|\/\.\.?(?:\/|$)/i

async function answerBrowser(
  parts: HttpParts,
  message: IncomingMessage,
  response: ServerResponse,
  path: string,
  body: Buffer,
  secure: boolean,
): Promise<void> {
  const facts = connectionFacts(message)
  try {
    if (!parts.isOwnHost(facts.host)) {
      parts.signIn.refusals.note(anyPath, 'MisdirectedRequest')
      throw new WebRefusal(
        421,
        'MisdirectedRequest',
        'Unknown address',
        'This server does not serve pages under this name. Start it with --public-url to add one.',
      )
    }
    if (ambiguousPath.test(path)) {
      throw new WebRefusal(400, 'InvalidAddress', 'Invalid address', 'This address can be read in more than one way.')
    }
    const origin = secure && parts.publicUrl !== undefined ? parts.publicUrl.origin : `http://${facts.host}`
    const connection = { key: message.socket, closed: closedSignal(response) }
    const request = { origin, userAgent: message.headers['user-agent'] ?? '', connection, ...facts }
    const found = await answerWebRoute(parts.signIn, { message, path, body, secure, request })
    if (found !== undefined) return send(response, found, secure)
    return sendFile(parts, message, response, path)
  } catch (error) {
    if (!(error instanceof WebRefusal)) logFailure(parts.log, error)
    else if (error.cause !== undefined) logFailure(parts.log, error.cause)
    return send(response, errorAnswer(error), secure)
  }
}

/** Where what was asked for does not matter, or could be anything. */
const anyPath = '*'

/** Aborted when the other side hangs up before it has its answer. */
function closedSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}

/** Addresses of the console's page; what it shows there is its own affair. */
const isPage = (path: string): boolean =>
  path === '/setup' || path === '/sign-in' || path === '/console' || path.startsWith('/console/')

function sendFile(parts: HttpParts, message: IncomingMessage, response: ServerResponse, path: string): void {
  if (message.method !== 'GET' && message.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    throw new WebRefusal(405, 'MethodNotAllowed', 'Method not allowed', 'This address is only for reading.')
  }
  if (path === '/') {
    response.writeHead(302, { location: '/console/home' })
    response.end()
    return
  }
  const accepted = String(message.headers['accept-encoding'] ?? '')
  const file = isPage(path) ? parts.files.page(accepted) : parts.files.asset(path, accepted)
  if (file === undefined || (!isPage(path) && !path.startsWith('/assets/'))) {
    throw new WebRefusal(
      404,
      'NotFound',
      'Not found',
      'There is nothing at this address. The console is at /console/home.',
    )
  }
  response.writeHead(200, { ...file.headers, 'content-length': file.body.length })
  response.end(message.method === 'HEAD' ? undefined : file.body)
}

async function sendHealth(parts: HttpParts, path: string, response: ServerResponse): Promise<void> {
  const ready = path === '/healthz' || (await parts.isReady())
  response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify({ status: ready ? 'ok' : 'unavailable' }))
}

function send(response: ServerResponse, { status, body, cookies, headers }: WebAnswer, secure: boolean): void {
  if (cookies !== undefined && cookies.length > 0)
    response.setHeader(
      'set-cookie',
      cookies.map((cookie) => toSetCookie(cookie, secure)),
    )
  if (body === undefined) {
    response.writeHead(status, headers)
    response.end()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

function errorAnswer(error: unknown): WebAnswer {
  const { status, code, title, message, retryAfterSeconds, details, cookies } = toWebRefusal(error)
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  return {
    status,
    body: { error: { code, title, message, ...retry }, ...details },
    cookies,
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  }
}

function toWebRefusal(error: unknown): WebRefusal {
  if (error instanceof WebRefusal) return error
  if (error instanceof StorageUnavailable) {
    const outcome = error.outcomeUnknown ? 'It is not known whether your change was made.' : 'Nothing was changed.'
    return new WebRefusal(
      503,
      'ServiceUnavailable',
      'The server cannot store data now',
      `${outcome} Try again in a moment; if it stays so, tell the operator of this server.`,
      { retryAfterSeconds: 1 },
    )
  }
  return new WebRefusal(
    500,
    'InternalFailure',
    'Something went wrong',
    'The server could not answer this request. Try again; its log has the reason.',
  )
}

function logFailure(log: Log, error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  log.error({ reason }, 'a request of the browser failed')
}

function connectionFacts(message: IncomingMessage): Pick<AwsRequest, 'sourceIp' | 'host' | 'tls'> {
  const socket = message.socket as Partial<TLSSocket>
  const cipher = socket.encrypted === true ? socket.getCipher?.() : undefined
  return {
    // The peer's own address: what headers say of another one is not believed (security: A-06).
    sourceIp: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    host: message.headers.host ?? '',
    ...(cipher === undefined
      ? {}
      : { tls: { version: socket.getProtocol?.() ?? '', cipherSuite: cipher.standardName } }),
  }
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return pairs
}

/** Undefined: it is larger than allowed. The rest is not read. */
function readBody(message: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    message.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > bytesMax) {
        message.pause()
        resolve(undefined)
      } else chunks.push(chunk)
    })
    message.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    message.on('error', reject)
  })
}
