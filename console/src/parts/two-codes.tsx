import type { InputProps } from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type Ref, useState } from 'react'
import { serverNow } from '../clock.ts'
import { type CodePrompt, isCode, toCodePrompt, toTimeStep } from '../mfa/code-step.ts'
import type { CodeProblems, Codes } from '../mfa/codes.ts'
import { CodeCountdown } from './code-countdown.tsx'
import { CodeField } from './code-field.tsx'
import { useServerTime } from './use-server-time.ts'

type Props = {
  codes: Codes
  onChange(codes: Codes): void
  onEnter?(): void
  firstRef?: Ref<InputProps.Ref>
  disabled?: boolean
  problems?: CodeProblems
  autoFocus?: boolean
}

function toPromptText(prompt: CodePrompt): string {
  switch (prompt.name) {
    case 'enter-first':
      return 'Enter the code that your app shows now.'
    case 'wait-for-next':
      return `Wait for the next code: ${prompt.secondsLeft} s`
    case 'enter-second':
      return 'Enter the second code now.'
    case 'start-over':
      return 'More than one code has passed since the first. Enter a new MFA code 1, then the code that follows it.'
    case 'complete':
      return 'Both codes are entered.'
    default:
      return prompt satisfies never
  }
}

// What a screen reader hears: once for each change of what to do, never for each second.
const toAnnouncement = (prompt: CodePrompt): string =>
  prompt.name === 'wait-for-next' ? 'Wait until your app shows the next code.' : toPromptText(prompt)

/** `MFA code 1` and `MFA code 2` with the countdown between them: two consecutive codes of one device. */
export function TwoCodes({ codes, onChange, onEnter, firstRef, disabled = false, problems, autoFocus = false }: Props) {
  const now = useServerTime()
  const [firstTimeStep, setFirstTimeStep] = useState<number | undefined>(undefined)
  const prompt = toCodePrompt({ ...codes, firstTimeStep }, now)
  const setFirst = (first: string): void => {
    setFirstTimeStep(isCode(first) ? toTimeStep(serverNow()) : undefined)
    onChange({ ...codes, first })
  }
  return (
    <SpaceBetween size="m">
      <CodeField
        label="MFA code 1"
        value={codes.first}
        onChange={setFirst}
        disabled={disabled}
        errorText={problems?.first}
        autoFocus={autoFocus}
        {...(firstRef === undefined ? {} : { inputRef: firstRef })}
        {...(onEnter === undefined ? {} : { onEnter })}
      />
      <div>
        <CodeCountdown />
        <div className={`code-prompt code-prompt-${prompt.name}`} aria-hidden="true">
          {toPromptText(prompt)}
        </div>
        <div className="visually-hidden" role="status">
          {toAnnouncement(prompt)}
        </div>
      </div>
      <CodeField
        label="MFA code 2"
        value={codes.second}
        onChange={(second) => onChange({ ...codes, second })}
        disabled={disabled}
        errorText={problems?.second}
        {...(onEnter === undefined ? {} : { onEnter })}
      />
    </SpaceBetween>
  )
}
