import { type CheckOptions, headerOf } from './answers.ts'
import { type HeaderPairs, send } from './transport.ts'

export interface ClientRequest extends CheckOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>> | HeaderPairs
  /** An object is sent as JSON; text and bytes as they are, with the content type that `headers` name. */
  readonly body?: object | string | Uint8Array
}

export interface ClientAnswer {
  readonly status: number
  /** As received: duplicates are kept. */
  readonly headers: HeaderPairs
  /** The first one of that name, in lower case. */
  header(name: string): string | undefined
  readonly body: Buffer
  readonly text: string
  /** Throws for what is not JSON. */
  json<T = Record<string, unknown>>(): T
}

export interface HttpClient {
  readonly baseUrl: string
  /** What the server set and has not taken back: name → value. Write to it to forge. */
  readonly cookies: Map<string, string>
  /** `path` begins with `/` and goes out as it stands. Redirects are not followed. */
  request(path: string, request?: ClientRequest): Promise<ClientAnswer>
  get(path: string, request?: ClientRequest): Promise<ClientAnswer>
  post(path: string, body: object | string, request?: ClientRequest): Promise<ClientAnswer>
  /** Another browser that begins with the same cookies. */
  clone(): HttpClient
}

/** A browser without a page: a cookie jar for one origin. Every answer passes the hook of answers.ts. */
export function createHttpClient(baseUrl: string, cookies: Iterable<readonly [string, string]> = []): HttpClient {
  const origin = baseUrl.replace(/\/$/, '')
  const jar = new Map(cookies)

  async function request(path: string, { method, headers = {}, body, ...options }: ClientRequest = {}) {
    const pairs: [string, string][] = isPairs(headers) ? headers.map(([n, v]) => [n, v]) : Object.entries(headers)
    const has = (name: string) => pairs.some(([candidate]) => candidate.toLowerCase() === name)
    const isJson = typeof body === 'object' && !(body instanceof Uint8Array)
    if (isJson && !has('content-type')) pairs.push(['Content-Type', 'application/json'])
    if (jar.size > 0 && !has('cookie')) pairs.push(['Cookie', [...jar].map(([n, v]) => `${n}=${v}`).join('; ')])
    const content = isJson ? JSON.stringify(body) : body
    const sent = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      url: `${origin}${path}`,
      headers: pairs,
      ...(content === undefined ? {} : { body: content }),
    }
    const answer = await send(sent, options)
    for (const [name, value] of answer.headers) if (name.toLowerCase() === 'set-cookie') keepCookie(jar, value)
    const text = answer.body.toString('utf8')
    return {
      ...answer,
      text,
      header: (name: string) => headerOf(answer, name),
      json: <T>() => JSON.parse(text) as T,
    }
  }

  return {
    baseUrl: origin,
    cookies: jar,
    request,
    get: (path, options) => request(path, options),
    post: (path, body, options) => request(path, { method: 'POST', ...options, body }),
    clone: () => createHttpClient(origin, jar),
  }
}

function isPairs(headers: Readonly<Record<string, string>> | HeaderPairs): headers is HeaderPairs {
  return Array.isArray(headers)
}

/** Cookies end by `Max-Age=0` or an `Expires` in the past; the jar needs no other clock, as sessions end on the server. */
function keepCookie(jar: Map<string, string>, setCookie: string): void {
  const [pair = '', ...attributes] = setCookie.split(';').map((part) => part.trim())
  const name = pair.slice(0, pair.indexOf('='))
  const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length)
  const isOver =
    attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute)) ||
    (expires !== undefined && Date.parse(expires) <= Date.now())
  if (isOver) jar.delete(name)
  else jar.set(name, pair.slice(name.length + 1))
}
