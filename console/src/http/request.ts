// The console's own routes: JSON both ways, the anti-forgery token of the newest answer with every POST, cookies by the
// browser. AWS calls go through aws/call-aws.ts instead.
import { localNow, observeServerTime } from '../clock.ts'
import { sessionEnded } from '../session-ended.ts'
import { isOwnPrincipal, sessionChanged } from '../session-principal.ts'
import { noteAnswer } from './last-answer.ts'
import { type Answer, isRecord, toRefusal, unreachable } from './refusal.ts'

let antiForgery = ''

function observeAnswer(response: Response, body: unknown, sentAtMs: number): void {
  const receivedAtMs = localNow()
  noteAnswer()
  if (isRecord(body) && typeof body['antiForgery'] === 'string') antiForgery = body['antiForgery']
  if (isRecord(body) && typeof body['serverTime'] === 'number') {
    observeServerTime({ serverMs: body['serverTime'], resolutionMs: 1, sentAtMs, receivedAtMs })
    return
  }
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isFinite(date)) observeServerTime({ serverMs: date, resolutionMs: 1000, sentAtMs, receivedAtMs })
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    return undefined
  }
}

async function send<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  const sentAtMs = localNow()
  try {
    const response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' })
    const body = await readBody(response)
    observeAnswer(response, body, sentAtMs)
    if (!response.ok) return { ok: false, refusal: toRefusal(response.status, body) }
    if (body === undefined) return { ok: false, refusal: toRefusal(response.status, undefined) }
    return { ok: true, value: body as T } // the shape is the contract of the route that the caller names
  } catch {
    return { ok: false, refusal: unreachable }
  }
}

export const getJson = <T>(path: string): Promise<Answer<T>> => send<T>(path, { method: 'GET' })

const post = <T>(path: string, body: object): Promise<Answer<T>> =>
  send<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Anti-Forgery': antiForgery },
    body: JSON.stringify(body),
  })

/**
 * Posts, and once more with a new token when the one at hand is of a session that another tab has changed meanwhile. A page of the
 * console goes on only in a session of the principal that it was opened for.
 */
export async function postJson<T>(path: string, body: object): Promise<Answer<T>> {
  const answer = await post<T>(path, body)
  if (answer.ok || answer.refusal.code !== 'Forbidden') return answer
  const before = antiForgery
  if (path.startsWith('/console/')) await checkSession()
  else await getJson('/sign-in/state')
  return antiForgery === before ? answer : post<T>(path, body)
}

async function checkSession(): Promise<void> {
  const session = await getJson<{ arn: string }>('/console/session')
  if (!session.ok && session.refusal.status === 401) await sessionEnded()
  if (session.ok && !isOwnPrincipal(session.value)) await sessionChanged()
}
