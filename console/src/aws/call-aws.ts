// AWS calls as any client makes them: the query protocol, signed with SigV4. The console has no private way to do what AWS
// has an API for (design.md, decision 13).
import { AwsV4Signer } from 'aws4fetch'
import { serverNow } from '../clock.ts'
import { noteAnswer } from '../http/last-answer.ts'
import { type Answer, unreachable } from '../http/refusal.ts'
import { sessionEnded } from '../session-ended.ts'
import {
  dropSessionCredentials,
  findSessionCredentials,
  getSessionCredentials,
  type SessionCredentials,
} from './session-credentials.ts'
import { unwrapAnswer } from './unwrap-answer.ts'

const apiVersions = { iam: '2010-05-08', sts: '2011-06-15' } as const

export type AwsCall = {
  service: keyof typeof apiVersions
  operation: string
  parameters: Readonly<Record<string, string>>
}

export type SignedCall = { url: string; init: RequestInit }

// Answers that say the credentials are over while the session may live on: enabling or removing a device ends older ones.
const staleCredentialCodes = new Set(['ExpiredToken', 'InvalidClientTokenId', 'ExpiredTokenException'])

async function sign(call: AwsCall, credentials: SessionCredentials): Promise<SignedCall> {
  const body = new URLSearchParams({
    Action: call.operation,
    Version: apiVersions[call.service],
    ...call.parameters,
  }).toString()
  const signed = await new AwsV4Signer({
    method: 'POST',
    url: `${window.location.origin}/`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', Accept: 'application/json' },
    body,
    service: call.service,
    region: 'us-east-1',
    datetime: new Date(serverNow()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
  }).sign()
  return {
    url: signed.url.toString(),
    // The signature is the proof; a cookie beside it would only be something to forge with.
    init: { method: 'POST', headers: signed.headers, body, credentials: 'omit', cache: 'no-store', redirect: 'error' },
  }
}

/** Signs a call without sending it, for the moment when the page is being left and nothing can be awaited. */
export async function signCall(call: AwsCall): Promise<SignedCall | undefined> {
  const credentials = await findSessionCredentials()
  return credentials === undefined ? undefined : sign(call, credentials)
}

async function sendOnce<T>(call: AwsCall): Promise<Answer<T>> {
  const credentials = await getSessionCredentials()
  if (!credentials.ok) {
    dropSessionCredentials()
    if (credentials.refusal.status === 401) return sessionEnded()
    return credentials
  }
  try {
    const { url, init } = await sign(call, credentials.value)
    const response = await fetch(url, init)
    noteAnswer()
    const body: unknown = await response.json().catch(() => undefined)
    return unwrapAnswer<T>(call.operation, response.status, body)
  } catch {
    return { ok: false, refusal: unreachable }
  }
}

export async function callAws<T>(call: AwsCall): Promise<Answer<T>> {
  const answer = await sendOnce<T>(call)
  if (answer.ok || !staleCredentialCodes.has(answer.refusal.code)) return answer
  dropSessionCredentials()
  return sendOnce<T>(call)
}
