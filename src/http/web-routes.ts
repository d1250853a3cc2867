/**
 * What the browser asks besides files: one table. A route is a method and an exact path; a POST must pass the anti-forgery check.
 */
import type { IncomingMessage } from 'node:http'
import { randomToken } from '../core/random.ts'
import { describeDevices, describeSession, issueCredentials, signInAgain, signOut } from '../sign-in/console-session.ts'
import type { SignInParts } from '../sign-in/parts.ts'
import { checkSetUpPassword, setUp } from '../sign-in/set-up.ts'
import { signInStatePage } from '../sign-in/sign-in-state-page.ts'
import { runStep, steps } from '../sign-in/steps.ts'
import { type Cookie, type WebAnswer, WebRefusal, type WebRequest } from '../sign-in/web.ts'
import { antiForgeryToken, checkAntiForgery, checkReader } from './anti-forgery.ts'
import { readCookie } from './cookies.ts'
import { readJsonObject } from './read-json-object.ts'

type Route = (parts: SignInParts, request: WebRequest) => Promise<WebAnswer>

const step =
  (name: keyof typeof steps): Route =>
  (parts, request) =>
    runStep(steps[name], parts, request)

/** Answers that carry a new anti-forgery token, for the page that asks. */
const states: Readonly<Record<string, Route>> = {
  '/sign-in/state': signInStatePage,
  '/console/session': describeSession,
}

const reads: Readonly<Record<string, Route>> = {
  ...states,
  '/console/mfa-devices': describeDevices,
}

const changes: Readonly<Record<string, Route>> = {
  '/setup': setUp,
  '/setup/check-password': checkSetUpPassword,
  '/sign-in/root-email': step('root-email'),
  '/sign-in/password': step('password'),
  '/sign-in/iam-user': step('iam-user'),
  '/sign-in/mfa': step('mfa'),
  '/sign-in/start-over': step('start-over'),
  '/console/credentials': issueCredentials,
  '/console/sign-out': signOut,
  '/console/sign-in-again': signInAgain,
}

/** All routes, for tests that must visit each of them. */
export const webRoutes = {
  GET: Object.keys(reads),
  POST: Object.keys(changes),
}

export interface WebExchange {
  readonly message: IncomingMessage
  readonly path: string
  readonly body: Buffer
  readonly secure: boolean
  readonly request: Omit<WebRequest, 'body' | 'cookie'>
}

/** Undefined: the table has no such path. Throws `WebRefusal`s. */
export async function answerWebRoute(parts: SignInParts, exchange: WebExchange): Promise<WebAnswer | undefined> {
  const { message, path, secure } = exchange
  const cookie: WebRequest['cookie'] = (name) => readCookie(message.headers.cookie, name, secure)
  const method = message.method ?? ''
  const reading = method === 'GET' && Object.hasOwn(reads, path) ? reads[path] : undefined
  if (reading !== undefined) {
    checkReader(headerOf(message, 'sec-fetch-site'))
    const answer = await reading(parts, { ...exchange.request, body: {}, cookie })
    return path in states ? withToken(parts, cookie, answer) : answer
  }
  const changing = method === 'POST' && Object.hasOwn(changes, path) ? changes[path] : undefined
  if (changing === undefined) return undefined

  try {
    checkForgery(parts, exchange, cookie)
    return await changing(parts, { ...exchange.request, body: parseBody(exchange), cookie })
  } catch (error) {
    const isCounted = error instanceof WebRefusal && !error.recorded && !exchange.request.connection.closed.aborted
    if (isCounted) parts.refusals.note(path, error.code)
    throw error
  }
}

/** Gives the page its anti-forgery token, and the browser the cookie that it is bound to. */
function withToken(parts: SignInParts, cookie: WebRequest['cookie'], answer: WebAnswer): WebAnswer {
  const known = cookie('form')
  const form = known ?? randomToken(parts.random)
  const antiForgery = antiForgeryToken(parts.sealer, form, cookie('session'))
  const cookies: Cookie[] = [
    ...(answer.cookies ?? []),
    ...(known === undefined ? [{ name: 'form' as const, value: form }] : []),
  ]
  return { ...answer, body: { ...answer.body, antiForgery }, cookies }
}

function checkForgery(parts: SignInParts, { message, request }: WebExchange, cookie: WebRequest['cookie']): void {
  const form = cookie('form')
  const expected = form === undefined ? undefined : antiForgeryToken(parts.sealer, form, cookie('session'))
  const headers = {
    origin: headerOf(message, 'origin'),
    fetchSite: headerOf(message, 'sec-fetch-site'),
    token: headerOf(message, 'x-anti-forgery'),
  }
  checkAntiForgery(headers, request.origin, expected)
}

function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name]
  return typeof value === 'string' ? value : undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parseBody({ message, body }: WebExchange): Record<string, unknown> {
  if (!/^application\/json *(; *charset=utf-8)?$/i.test(message.headers['content-type'] ?? '')) {
    throw new WebRefusal(415, 'UnsupportedMediaType', 'Invalid request', 'The body must be application/json, in UTF-8.')
  }
  return readJsonObject(decodeUtf8(body))
}

function decodeUtf8(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new WebRefusal(400, 'ValidationError', 'Invalid request', 'The body must be text in UTF-8.')
  }
}
