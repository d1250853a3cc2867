/** What a step gets from the browser and gives back to it. HTTP itself stays in `http/`. */
import type { Connection } from '../credentials/password/open-lane.ts'

export interface WebRequest {
  /** The JSON object that was sent; members are of any type until a step has looked at them. */
  readonly body: Readonly<Record<string, unknown>>
  cookie(name: CookieName): string | undefined
  /** `http://127.0.0.1:4100`: what the person's address bar shows. */
  readonly origin: string
  readonly host: string
  readonly sourceIp: string
  readonly userAgent: string
  readonly connection: Connection
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
}

export interface WebAnswer {
  readonly status: number
  readonly body?: object
  readonly cookies?: readonly Cookie[]
  readonly headers?: Readonly<Record<string, string>>
}

/** `known-…` is one cookie for each principal that the browser is known to. */
export type CookieName = 'session' | 'sign-in' | 'form' | `known-${string}`

export interface Cookie {
  readonly name: CookieName
  /** Empty: the browser forgets the cookie. */
  readonly value: string
  /** Absent: until the browser is closed. */
  readonly maxAgeSeconds?: number
}

export const clearCookie = (name: CookieName): Cookie => ({ name, value: '', maxAgeSeconds: 0 })

/** Ends a request with an error for the person: what happened, and what to do next. `cause` is for the operator's log. */
export class WebRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly retryAfterSeconds: number | undefined
  /** Further members of the answer beside `error`. */
  readonly details: object
  /** Set although the request is refused. */
  readonly cookies: readonly Cookie[]
  /** It has an event of its own; others are counted (refusal-counts.ts). */
  recorded = false

  constructor(
    status: number,
    code: string,
    title: string,
    message: string,
    more: { retryAfterSeconds?: number; details?: object; cookies?: readonly Cookie[]; cause?: unknown } = {},
  ) {
    super(message, 'cause' in more ? { cause: more.cause } : undefined)
    this.name = 'WebRefusal'
    this.status = status
    this.code = code
    this.title = title
    this.retryAfterSeconds = more.retryAfterSeconds
    this.details = more.details ?? {}
    this.cookies = more.cookies ?? []
  }
}

/** A text of at most `lengthMax` characters; anything else ends the request. Arrays and objects are no texts (security: V15.3.5). */
export function getText(body: WebRequest['body'], name: string, lengthMax: number): string {
  const value = Object.hasOwn(body, name) ? body[name] : undefined
  if (typeof value === 'string' && value.length <= lengthMax && value.isWellFormed()) return value
  throw new WebRefusal(
    400,
    'ValidationError',
    'Invalid request',
    `The field ${name} must be a text of at most ${lengthMax} characters.`,
  )
}

export const findText = (body: WebRequest['body'], name: string, lengthMax: number): string | undefined =>
  Object.hasOwn(body, name) && body[name] !== undefined ? getText(body, name, lengthMax) : undefined
