// The sign-in page: asks the server which step is due, and draws that step. It keeps nothing that the server does not know.
import { useCallback, useEffect, useState } from 'react'
import type { Refusal } from '../../http/refusal.ts'
import { getJson, postJson } from '../../http/request.ts'
import { PlainPage } from '../../parts/plain-page.tsx'
import { toReturnPath } from '../../return-path.ts'
import { PageLoading } from '../../shell/page-loading.tsx'
import { IdentifyStep } from './identify-step.tsx'
import { MfaStepForm } from './mfa-step.tsx'
import { PasswordStep } from './password-step.tsx'
import type { GoTo, SignInState, SignInStep, StepAnswer } from './sign-in-step.ts'

type PageState =
  | { name: 'loading' }
  | { name: 'refused'; refusal: Refusal }
  | { name: 'step'; step: SignInStep; because: Refusal | undefined; publicHost: string }

function leaveFor(location: string): void {
  const requested = new URLSearchParams(window.location.search).get('return')
  window.location.replace(requested === null ? toReturnPath(location) : toReturnPath(requested))
}

export function SignInPage() {
  const [state, setState] = useState<PageState>({ name: 'loading' })
  const [startedOver, setStartedOver] = useState(false)

  const load = useCallback(async () => {
    const answer = await getJson<SignInState>('/sign-in/state')
    if (!answer.ok) return setState({ name: 'refused', refusal: answer.refusal })
    if (!answer.value.accountExists) return window.location.replace('/setup')
    const { step, publicHost } = answer.value
    setState({ name: 'step', step, because: undefined, publicHost })
  }, [])
  useEffect(() => void load(), [load])

  const goTo = useCallback<GoTo>((step, because) => {
    setState((before) => (before.name === 'step' ? { ...before, step, because } : before))
    if (step.name === 'signed-in') leaveFor(step.location)
  }, [])

  const startOver = async (): Promise<void> => {
    const answer = await postJson<StepAnswer>('/sign-in/start-over', {})
    setStartedOver(true)
    if (answer.ok) goTo(answer.value.step)
    else await load()
  }

  if (state.name === 'loading') return <PageLoading />
  if (state.name === 'refused') {
    return (
      <PlainPage title={state.refusal.title}>
        <p>{state.refusal.message}</p>
        <button type="button" className="plain-button" onClick={() => void load()}>
          Try again
        </button>
      </PlainPage>
    )
  }
  const { step, because, publicHost } = state
  switch (step.name) {
    case 'identify':
      return <IdentifyStep because={because} publicHost={publicHost} showNotice={!startedOver} goTo={goTo} />
    case 'password':
      return <PasswordStep email={step.email} showNotice={!startedOver} goTo={goTo} startOver={startOver} />
    case 'mfa':
      return <MfaStepForm step={step} goTo={goTo} startOver={startOver} reload={load} />
    case 'signed-in':
      return <PageLoading />
    default:
      return step satisfies never
  }
}
