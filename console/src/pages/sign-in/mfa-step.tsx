// `Additional verification required`: one code of one named device, two consecutive ones when the server wants to see that
// the device's clock can be trusted, or a wait.
import Button from '@cloudscape-design/components/button'
import type { InputProps } from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type FormEvent, useRef, useState } from 'react'
import type { Refusal } from '../../http/refusal.ts'
import { postJson } from '../../http/request.ts'
import { isCode } from '../../mfa/code-step.ts'
import { type CodeProblems, type Codes, codeProblem, findCodeProblems, hasProblem, noCodes } from '../../mfa/codes.ts'
import { CodeField } from '../../parts/code-field.tsx'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { FrontPage } from '../../parts/front-page.tsx'
import { TwoCodes } from '../../parts/two-codes.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useWait } from '../../parts/use-wait.ts'
import { WaitNotice } from '../../parts/wait-notice.tsx'
import { findStep, type GoTo, type MfaStep, type StepAnswer } from './sign-in-step.ts'

type Props = {
  step: MfaStep
  goTo: GoTo
  startOver(): Promise<void>
  reload(): Promise<void>
}

export function MfaStepForm({ step, goTo, startOver, reload }: Props) {
  const [serial, setSerial] = useState(step.devices[0]?.serial ?? '')
  const [choosing, setChoosing] = useState(false)
  const [codes, setCodes] = useState<Codes>(noCodes)
  const [problems, setProblems] = useState<CodeProblems>({})
  const [busy, setBusy] = useState(false)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const { secondsLeft, startWait } = useWait(step.retryAfterSeconds, () => {
    if (step.mode === 'closed') void reload()
  })
  const input = useRef<InputProps.Ref>(null)
  const device = step.devices.find((item) => item.serial === serial) ?? step.devices[0]

  const showFailure = (failure: Refusal): void => {
    setCodes(noCodes)
    showRefusal(failure)
    const next = findStep(failure)
    const nextWait = next?.name === 'mfa' ? next.retryAfterSeconds : 0
    startWait(Math.max(failure.retryAfterSeconds, nextWait))
    if (next !== undefined) goTo(next, failure)
    input.current?.focus()
  }

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || secondsLeft > 0 || device === undefined) return
    const two = step.mode === 'two-codes'
    const found: CodeProblems = two ? findCodeProblems(codes) : isCode(codes.first) ? {} : { first: codeProblem }
    setProblems(found)
    if (hasProblem(found)) return input.current?.focus()
    setBusy(true)
    const answer = await postJson<StepAnswer>('/sign-in/mfa', {
      serial: device.serial,
      ...(two ? { code1: codes.first, code2: codes.second } : { code: codes.first }),
    })
    setBusy(false)
    if (answer.ok) goTo(answer.value.step)
    else showFailure(answer.refusal)
  }

  const failure =
    refusal === undefined ? null : (
      <FailureAlert key={refusalNumber} title={refusal.title}>
        {refusal.message}
      </FailureAlert>
    )

  return (
    <FrontPage
      title="Additional verification required"
      below={<Link onFollow={() => void startOver()}>Sign in to a different account</Link>}
    >
      <form onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          {failure}
          {choosing ? (
            <DeviceChoice
              step={step}
              serial={device?.serial ?? ''}
              choose={setSerial}
              done={() => {
                setChoosing(false)
                setCodes(noCodes)
                setProblems({})
              }}
            />
          ) : (
            <SpaceBetween size="l">
              <Explanation step={step} deviceName={device?.name ?? ''} />
              {step.mode === 'single' ? (
                <CodeField
                  label="MFA code"
                  value={codes.first}
                  onChange={(first) => setCodes({ first, second: '' })}
                  inputRef={input}
                  autoFocus
                  errorText={problems.first}
                />
              ) : null}
              {step.mode === 'two-codes' ? (
                <TwoCodes codes={codes} onChange={setCodes} firstRef={input} problems={problems} autoFocus />
              ) : null}
              {step.mode === 'closed' ? null : (
                <Button variant="primary" formAction="submit" fullWidth loading={busy} disabled={secondsLeft > 0}>
                  Sign in
                </Button>
              )}
              <WaitNotice secondsLeft={secondsLeft} />
              {step.devices.length > 1 && step.mode !== 'closed' ? (
                <Link onFollow={() => setChoosing(true)}>Try another MFA method</Link>
              ) : null}
            </SpaceBetween>
          )}
        </SpaceBetween>
      </form>
    </FrontPage>
  )
}

function Explanation({ step, deviceName }: { step: MfaStep; deviceName: string }) {
  switch (step.mode) {
    case 'single':
      return (
        <div>
          Your account is secured using multi-factor authentication (MFA). To finish signing in, enter the code that
          your authenticator app shows for device <strong className="wrap-anywhere">{deviceName}</strong>.
        </div>
      )
    case 'two-codes':
      return (
        <div>
          Enter two consecutive codes of device <strong className="wrap-anywhere">{deviceName}</strong>: the code that
          your app shows now, and the one that follows it.
        </div>
      )
    case 'closed':
      return (
        <div>
          Too many MFA codes were tried from other browsers, so this one is not asked for a code now. Sign in from a
          browser that has signed in with this user before.
        </div>
      )
    default:
      return step.mode satisfies never
  }
}

type ChoiceProps = { step: MfaStep; serial: string; choose(serial: string): void; done(): void }

function DeviceChoice({ step, serial, choose, done }: ChoiceProps) {
  return (
    <SpaceBetween size="l">
      <RadioGroup
        ariaLabel="MFA device"
        value={serial}
        onChange={({ detail }) => choose(detail.value)}
        items={step.devices.map((device) => ({
          value: device.serial,
          label: device.name,
          description: `Authenticator app, ${device.serial}`,
        }))}
      />
      <Button variant="primary" fullWidth formAction="none" onClick={done}>
        Next
      </Button>
    </SpaceBetween>
  )
}
