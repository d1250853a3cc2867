import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import type { InputProps } from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type FormEvent, useRef, useState } from 'react'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { FrontPage } from '../../parts/front-page.tsx'
import { PasswordField } from '../../parts/password-field.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useWait } from '../../parts/use-wait.ts'
import { WaitNotice } from '../../parts/wait-notice.tsx'
import { postWithProofOfWork, type Work } from './post-with-proof-of-work.ts'
import { SecurityCheck } from './security-check.tsx'
import { SignInNotice } from './sign-in-notice.tsx'
import { findStep, type GoTo } from './sign-in-step.ts'

type Props = { email: string; showNotice: boolean; goTo: GoTo; startOver(): Promise<void> }

export function PasswordStep({ email, showNotice, goTo, startOver }: Props) {
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const [work, setWork] = useState<Work | undefined>(undefined)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const { secondsLeft, startWait } = useWait(0)
  const input = useRef<InputProps.Ref>(null)

  // The refusal on the page is of the attempt before.
  const onWork = (begun: Work): void => {
    setWork(begun)
    showRefusal(undefined)
  }

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || secondsLeft > 0) return
    setProblem(password === '' ? 'Enter your password.' : undefined)
    if (password === '') return input.current?.focus()
    setBusy(true)
    const answer = await postWithProofOfWork('/sign-in/password', { email, password }, onWork)
    setBusy(false)
    setWork(undefined)
    if (answer.ok) return goTo(answer.value.step)
    const next = findStep(answer.refusal)
    if (next !== undefined) return goTo(next, answer.refusal)
    // A password that was not looked at need not be typed again.
    if (answer.refusal.code !== 'ServerBusy') setPassword('')
    showRefusal(answer.refusal)
    startWait(answer.refusal.retryAfterSeconds)
    input.current?.focus()
  }

  return (
    <FrontPage
      title="Root user sign in"
      below={
        <Link onFollow={() => void startOver()} variant="primary">
          Sign in to a different account
        </Link>
      }
    >
      <form onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          {showNotice ? <SignInNotice /> : null}
          {refusal === undefined ? null : (
            <FailureAlert key={refusalNumber} title={refusal.title}>
              {refusal.message}
            </FailureAlert>
          )}
          <div>
            <Box variant="awsui-key-label">Email</Box>
            <div className="wrap-anywhere">{email}</div>
            {/* Password managers pair a password with the name in the same form. */}
            <input
              className="visually-hidden"
              type="text"
              name="username"
              autoComplete="username"
              value={email}
              readOnly
              tabIndex={-1}
              aria-hidden="true"
            />
          </div>
          <PasswordField
            value={password}
            onChange={setPassword}
            purpose="current-password"
            inputRef={input}
            autoFocus
            errorText={problem}
          />
          <Button variant="primary" formAction="submit" fullWidth loading={busy} disabled={secondsLeft > 0}>
            Sign in
          </Button>
          <WaitNotice secondsLeft={secondsLeft} />
          {work === undefined ? null : <SecurityCheck work={work} />}
        </SpaceBetween>
      </form>
    </FrontPage>
  )
}
