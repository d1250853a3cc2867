import { useCallback, useState } from 'react'
import { dropSessionCredentials } from '../aws/session-credentials.ts'
import { postJson } from '../http/request.ts'
import { toReturnPath } from '../return-path.ts'
import { sessionEnded } from '../session-ended.ts'
import { useFlash } from './flash.tsx'

/** Ends this session and leaves for the sign-in page, which starts at the password and comes back to this page. */
export function useSignInAgain(): { leaving: boolean; signInAgain(): Promise<void> } {
  const [leaving, setLeaving] = useState(false)
  const { flash } = useFlash()
  const signInAgain = useCallback(async () => {
    setLeaving(true)
    const answer = await postJson<{ location: string }>('/console/sign-in-again', {})
    if (!answer.ok && answer.refusal.status !== 401) {
      setLeaving(false)
      flash({ id: 'sign-in-again', type: 'error', header: answer.refusal.title, content: answer.refusal.message })
      return
    }
    if (!answer.ok) return sessionEnded()
    dropSessionCredentials()
    window.location.assign(`/sign-in?return=${encodeURIComponent(toReturnPath(window.location.pathname))}`)
  }, [flash])
  return { leaving, signInAgain }
}
