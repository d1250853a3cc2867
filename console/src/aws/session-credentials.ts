// The session's temporary credentials: fetched when first needed, kept in this module's memory, never stored.
import { serverNow } from '../clock.ts'
import type { Answer } from '../http/refusal.ts'
import { postJson } from '../http/request.ts'

export type SessionCredentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  expiration: number // epoch ms
}

const renewBeforeMs = 60_000 // a call signed just before the end must still arrive

let pending: Promise<Answer<SessionCredentials>> | undefined

export async function getSessionCredentials(): Promise<Answer<SessionCredentials>> {
  const current = pending
  if (current !== undefined) {
    const answer = await current
    if (answer.ok && answer.value.expiration - serverNow() > renewBeforeMs) return answer
    if (pending === current) pending = undefined
  }
  pending ??= postJson<SessionCredentials>('/console/credentials', {})
  return pending
}

/** Credentials that are there already. Work in the background must not ask for new ones: that would count as use of the session. */
export async function findSessionCredentials(): Promise<SessionCredentials | undefined> {
  const answer = await pending
  return answer?.ok === true && answer.value.expiration > serverNow() ? answer.value : undefined
}

export function dropSessionCredentials(): void {
  pending = undefined
}
