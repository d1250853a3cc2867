/**
 * The hook that every answer of every test passes, whoever asked: the HTTP client, the SDK, the browser, the CLI's proxy.
 * It knows what must hold for all answers (security.md V3.2.1, V3.3, V3.4, V14.3, leaks), so that no test has to remember.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { type CanaryRegistry, canaries as canariesOfThisFile } from './canaries.ts'

export interface AskedRequest {
  readonly method: string
  /** Absolute. */
  readonly url: string
}

export interface Answer {
  readonly status: number
  /** As received: duplicates are kept. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Decoded (no content encoding). Undefined where nobody could read it: what stands in it is then not checked. */
  readonly body: Buffer | undefined
}

export interface CheckOptions {
  /** The secrets that this one answer is due to hold, although they are known. */
  readonly expectSecret?: readonly (string | Uint8Array)[]
  readonly canaries?: CanaryRegistry
}

/** Throws one error that names every fault of the answer. Learns the secrets that the answer hands out. */
export function checkAnswer(request: AskedRequest, answer: Answer, options: CheckOptions = {}): void {
  const faults = findFaults(request, answer, options)
  if (faults.length === 0) return
  const excerpt = answer.body?.toString('utf8').slice(0, 500) ?? ''
  throw new Error(`${request.method} ${request.url} → ${answer.status}: ${faults.join('; ')}\n${excerpt}`)
}

/** The same, as a list. */
export function findFaults(request: AskedRequest, answer: Answer, options: CheckOptions = {}): readonly string[] {
  const canaries = options.canaries ?? canariesOfThisFile
  const faults = [
    ...headerFaults(request, answer),
    ...cookieFaults(request, answer),
    ...contentFaults(request, answer),
    ...leakFaults(request, answer),
    ...canaryFaults(answer, canaries, [...(options.expectSecret ?? []), ...dueSecrets(request, answer)]),
  ]
  for (const [name, secret] of handedOut(answer)) canaries.add(secret, name)
  return faults
}

export function headerOf(answer: Answer, name: string): string | undefined {
  return answer.headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1]
}

const contentTypes: { readonly [type: string]: 'html' | 'json' | 'xml' | 'other' } = {
  'text/html; charset=utf-8': 'html',
  'application/json; charset=utf-8': 'json',
  'application/json': 'json',
  'application/x-amz-json-1.0': 'json',
  'application/x-amz-json-1.1': 'json',
  'text/xml': 'xml',
  'text/xml; charset=utf-8': 'xml',
  'text/plain; charset=utf-8': 'other',
  'text/css; charset=utf-8': 'other',
  'text/javascript; charset=utf-8': 'other',
  'image/svg+xml': 'other',
  'image/png': 'other',
  'image/x-icon': 'other',
  'font/woff2': 'other',
  'text/csv; charset=utf-8': 'other',
}

/** Files whose name holds the hash of their content: the only answers that may be kept. */
function isHashedAsset(request: AskedRequest): boolean {
  return new URL(request.url).pathname.startsWith('/assets/')
}

function headerFaults(request: AskedRequest, answer: Answer): string[] {
  const faults: string[] = []
  const expectHeader = (name: string, isRight: (value: string) => boolean, expected: string) => {
    const values = answer.headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value)
    if (values.length !== 1 || !isRight(values[0] ?? ''))
      faults.push(`got ${name} ${quote(values)}, expected ${expected}`)
  }
  expectHeader('x-content-type-options', (value) => value === 'nosniff', 'nosniff')
  if (isHashedAsset(request) && answer.status === 200) {
    expectHeader('cache-control', (value) => value.includes('immutable'), 'immutable for a hashed file')
  } else {
    expectHeader('cache-control', (value) => /(^|,\s*)no-store(,|$)/.test(value), 'no-store')
  }
  if (new URL(request.url).protocol === 'https:') {
    const isLong = (value: string) => Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0) >= 31_536_000
    expectHeader('strict-transport-security', (value) => isLong(value) && value.includes('includeSubDomains'), 'a year')
  }
  if (headerOf(answer, 'content-type')?.startsWith('text/html')) {
    expectHeader('content-security-policy', (value) => policyFaults(value).length === 0, 'a strict policy')
    expectHeader('referrer-policy', (value) => value === 'no-referrer', 'no-referrer')
    expectHeader('cross-origin-opener-policy', (value) => value === 'same-origin', 'same-origin')
  }
  for (const name of ['x-powered-by', 'server', 'access-control-allow-origin']) {
    if (headerOf(answer, name) !== undefined) faults.push(`got ${name} ${quote(headerOf(answer, name))}, expected none`)
  }
  return faults
}

/** What a page's Content-Security-Policy must say, and must not. */
function policyFaults(policy: string): string[] {
  const directives = new Map(
    policy.split(';').map((directive): [string, string] => {
      const [name = '', ...sources] = directive.trim().split(/\s+/)
      return [name, sources.join(' ')]
    }),
  )
  const required = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
    'script-src': "'self'",
  }
  const faults = Object.entries(required)
    .filter(([name, sources]) => directives.get(name) !== sources)
    .map(([name, sources]) => `${name} is not ${sources}`)
  if (!directives.has('form-action')) faults.push('no form-action')
  if (/unsafe-|\*|https?:/.test(policy)) faults.push('a source that lets anything in')
  return faults
}

function cookieFaults(request: AskedRequest, answer: Answer): string[] {
  const faults: string[] = []
  for (const [name, value] of answer.headers) {
    if (name.toLowerCase() !== 'set-cookie') continue
    const [pair = '', ...attributes] = value.split(';').map((part) => part.trim())
    const cookie = pair.slice(0, pair.indexOf('='))
    const has = (pattern: RegExp) => attributes.some((attribute) => pattern.test(attribute))
    const expectAttribute = (pattern: RegExp, what: string) => {
      if (!has(pattern)) faults.push(`cookie ${cookie} has no ${what}`)
    }
    expectAttribute(/^HttpOnly$/i, 'HttpOnly')
    expectAttribute(/^SameSite=(Lax|Strict)$/i, 'SameSite')
    expectAttribute(/^Path=\/$/i, 'Path=/')
    if (has(/^Domain=/i)) faults.push(`cookie ${cookie} has a Domain`)
    if (new URL(request.url).protocol === 'https:') {
      expectAttribute(/^Secure$/i, 'Secure')
      if (!cookie.startsWith('__Host-')) faults.push(`cookie ${cookie} is not a __Host- cookie`)
    }
  }
  return faults
}

function contentFaults(request: AskedRequest, answer: Answer): string[] {
  const type = headerOf(answer, 'content-type')
  if (type === undefined) {
    return answer.body?.length ? ['a body without a content type'] : []
  }
  const kind = contentTypes[type]
  if (kind === undefined) return [`got content-type ${quote(type)}, expected one of the exact ones`]
  if (answer.body === undefined || request.method === 'HEAD' || answer.status === 304) return []
  const text = answer.body.toString('utf8')
  if (kind !== 'other' && !answer.body.equals(Buffer.from(text, 'utf8'))) return ['the body is not UTF-8']
  if (kind === 'json') return parses(() => JSON.parse(text)) ? [] : ['the body is not JSON']
  if (kind === 'xml') return isStrictXml(text) ? [] : ['the body is not well-formed XML']
  if (kind === 'html' && !/^<!doctype html>/i.test(text)) return ['the page has no doctype']
  return []
}

function parses(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

/** XML 1.0: one root element, no entity but the five and numbers, no control character. The validator sees the rest. */
function isStrictXml(text: string): boolean {
  if (XMLValidator.validate(text) !== true) return false
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/.test(text)) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML does not allow
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text)) return false
  const roots = Object.keys(new XMLParser().parse(text)).filter((name) => !name.startsWith('?'))
  return roots.length === 1
}

/** What only the operator's log may hold. */
const leaks: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a stack trace', /(?:^|\n|\\n)\s+at (?:\S+ )?\(?(?:file:|node:|\/)\S+:\d+:\d+\)?/],
  [
    'a file of ours',
    /(?:file:\/\/|node_modules\/|\/(?:home|root|usr|var|tmp|opt|work|Users)\/[\w./-]+\.(?:[cm]?[jt]s|node|db|sqlite|key|sock)\b)/,
  ],
  [
    'SQL',
    /\b(?:select|insert into|delete from|update) (?:\\?["`]|&quot;)\w+|\bSQLITE_[A-Z]+|UNIQUE constraint failed|duplicate key value violates|relation "\w+" does not exist|syntax error at or near/i,
  ],
  ['an error of the system', /\b(?:ECONNREFUSED|ECONNRESET|ENOENT|EACCES|ENOSPC|ERR_[A-Z_]{4,})\b/],
]

function leakFaults(request: AskedRequest, answer: Answer): string[] {
  // A built bundle holds whatever its libraries say; it is the same for everybody and knows nothing of this server.
  if (answer.body === undefined || isHashedAsset(request)) return []
  const text = answer.body.toString('utf8')
  return leaks.filter(([, pattern]) => pattern.test(text)).map(([what]) => `the body shows ${what}`)
}

function canaryFaults(answer: Answer, canaries: CanaryRegistry, allowed: readonly (string | Uint8Array)[]): string[] {
  const faults: string[] = []
  const scan = (content: string | Uint8Array, where: string) => {
    try {
      canaries.scan(content, where, allowed)
    } catch (error) {
      faults.push((error as Error).message)
    }
  }
  if (answer.body) scan(answer.body, 'the body')
  for (const [name, value] of answer.headers) {
    // A cookie is handed to its owner here, and may be handed again.
    if (name.toLowerCase() !== 'set-cookie') scan(value, `the header ${name}`)
  }
  return faults
}

/** Secrets of AWS's answers by member name, in JSON of either case and in XML. Seeds come base64 encoded. */
const secretMember =
  /(?:"|<)(SecretAccessKey|secretAccessKey|SessionToken|sessionToken|Base32StringSeed)(?:"\s*:\s*"|>)([^"<]+)/g

/** What an answer hands out for the first time: the secrets to guard from then on. */
function handedOut(answer: Answer): readonly (readonly [name: string, secret: string])[] {
  const secrets: (readonly [string, string])[] = []
  for (const [, name = '', value = ''] of answer.body?.toString('utf8').matchAll(secretMember) ?? []) {
    if (value.length < 16) continue
    secrets.push([name, value])
    if (name === 'Base32StringSeed') secrets.push([name, Buffer.from(value, 'base64').toString('latin1')])
  }
  for (const [name, value] of answer.headers) {
    const cookie = /^[^=]+=([^;]{16,})/.exec(value)?.[1]
    if (name.toLowerCase() === 'set-cookie' && cookie) secrets.push(['cookie', cookie])
  }
  return secrets
}

/** The one address that may repeat secrets: the console asks again for its session's credentials after a reload. */
function dueSecrets(request: AskedRequest, answer: Answer): readonly string[] {
  if (new URL(request.url).pathname !== '/console/credentials' || answer.status !== 200) return []
  return handedOut(answer).map(([, secret]) => secret)
}

function quote(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
