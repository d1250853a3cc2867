// The signed-in session as the server tells it: read when the console opens and again after what may change it.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { localNow } from '../clock.ts'
import { lastAnswerMs } from '../http/last-answer.ts'
import type { Answer, Refusal } from '../http/refusal.ts'
import { getJson } from '../http/request.ts'
import { sessionEnded } from '../session-ended.ts'
import { isOwnPrincipal, sessionChanged } from '../session-principal.ts'

export type Session = {
  accountId: string
  accountName: string
  accountAlias: string | null
  principal: { kind: 'root'; email: string } | { kind: 'user'; userName: string; arn: string }
  arn: string
  mfaSerial: string | null
  mfaEnabled: boolean
  signedInAt: number
  authenticatedAt: number
  expiresAt: number
  idleSeconds: number
  serverTime: number
}

type SessionContextValue = { session: Session; reloadSession(): Promise<void> }

const SessionContext = createContext<SessionContextValue | undefined>(undefined)

export function useSession(): SessionContextValue {
  const value = useContext(SessionContext)
  if (value === undefined) throw new Error('useSession called outside of SessionProvider')
  return value
}

let sessionSeen = false // whether a session has existed since this page was opened: only then can one have ended

async function readSession(): Promise<Answer<Session>> {
  const answer = await getJson<Session>('/console/session')
  if (!answer.ok && answer.refusal.status === 401) return sessionEnded(sessionSeen ? 'session-ended' : 'sign-in-needed')
  if (answer.ok && !isOwnPrincipal(answer.value)) return sessionChanged()
  sessionSeen ||= answer.ok
  return answer
}

/** Asks the server once the session should be over, so that an unattended page does not look alive. */
function useExpiryWatch(session: Session | undefined): void {
  useEffect(() => {
    if (session === undefined) return
    const openedAtMs = localNow()
    let lastAskedMs = openedAtMs
    const timer = window.setInterval(() => {
      const now = localNow()
      const lifeLeftMs = session.expiresAt - session.serverTime - (now - openedAtMs)
      const idleMs = session.idleSeconds * 1000
      if (lifeLeftMs > 0 && now - lastAnswerMs() <= idleMs + 2000) return
      if (now - lastAskedMs < 10_000) return
      lastAskedMs = now
      void readSession()
    }, 5000)
    return () => window.clearInterval(timer)
  }, [session])
}

type Props = {
  children: ReactNode
  whileLoading: ReactNode
  whenRefused(refusal: Refusal, retry: () => void): ReactNode
}

export function SessionProvider({ children, whileLoading, whenRefused }: Props) {
  const [answer, setAnswer] = useState<Answer<Session> | undefined>(undefined)
  const reloadSession = useCallback(async () => setAnswer(await readSession()), [])
  useEffect(() => {
    void reloadSession()
  }, [reloadSession])
  useExpiryWatch(answer?.ok === true ? answer.value : undefined)
  const value = useMemo(
    () => (answer?.ok === true ? { session: answer.value, reloadSession } : undefined),
    [answer, reloadSession],
  )
  if (answer === undefined) return whileLoading
  if (!answer.ok) return whenRefused(answer.refusal, () => void reloadSession())
  return <SessionContext value={value}>{children}</SessionContext>
}
