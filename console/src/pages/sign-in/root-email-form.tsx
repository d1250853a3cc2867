import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type FormEvent, useRef, useState } from 'react'
import { postJson } from '../../http/request.ts'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useWait } from '../../parts/use-wait.ts'
import { WaitNotice } from '../../parts/wait-notice.tsx'
import { findStep, type GoTo, type StepAnswer } from './sign-in-step.ts'

export function RootEmailForm({ goTo }: { goTo: GoTo }) {
  const [email, setEmail] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const { secondsLeft, startWait } = useWait(0)
  const input = useRef<InputProps.Ref>(null)

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || secondsLeft > 0) return
    if (!/^\S+@\S+$/.test(email.trim())) {
      setProblem('Enter the email address of the root user.')
      input.current?.focus()
      return
    }
    setProblem(undefined)
    setBusy(true)
    const answer = await postJson<StepAnswer>('/sign-in/root-email', { email: email.trim() })
    setBusy(false)
    if (answer.ok) return goTo(answer.value.step)
    const next = findStep(answer.refusal)
    if (next !== undefined) return goTo(next, answer.refusal)
    showRefusal(answer.refusal)
    startWait(answer.refusal.retryAfterSeconds)
    input.current?.focus()
  }

  return (
    <form onSubmit={submit} noValidate>
      <SpaceBetween size="l">
        {refusal === undefined ? null : (
          <FailureAlert key={refusalNumber} title={refusal.title}>
            {refusal.message}
          </FailureAlert>
        )}
        <FormField label="Root user email address" errorText={problem} stretch>
          <Input
            ref={input}
            name="username"
            type="email"
            autoComplete="username"
            spellcheck={false}
            value={email}
            onChange={({ detail }) => setEmail(detail.value)}
            autoFocus
            ariaRequired
          />
        </FormField>
        <Button variant="primary" formAction="submit" fullWidth loading={busy} disabled={secondsLeft > 0}>
          Next
        </Button>
        <WaitNotice secondsLeft={secondsLeft} />
      </SpaceBetween>
    </form>
  )
}
