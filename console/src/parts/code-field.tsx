import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import type { Ref } from 'react'
import { toCodeInput } from '../mfa/code-step.ts'

type Props = {
  label: 'MFA code' | 'MFA code 1' | 'MFA code 2'
  value: string
  onChange(value: string): void
  onEnter?(): void
  inputRef?: Ref<InputProps.Ref>
  autoFocus?: boolean
  disabled?: boolean
  description?: string
  errorText?: string | undefined
}

/** A box for a six-digit code: numeric keyboard, offered by the system's code filler, pasted `123 456` taken as meant. */
export function CodeField(props: Props) {
  const {
    label,
    value,
    onChange,
    onEnter,
    inputRef,
    autoFocus = false,
    disabled = false,
    description,
    errorText,
  } = props
  return (
    <FormField label={label} description={description} errorText={errorText}>
      <Input
        {...(inputRef === undefined ? {} : { ref: inputRef })}
        value={value}
        onChange={({ detail }) => onChange(toCodeInput(detail.value))}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') onEnter?.()
        }}
        autoComplete="one-time-code"
        inputMode="numeric"
        spellcheck={false}
        disableBrowserAutocorrect
        autoFocus={autoFocus}
        disabled={disabled}
        ariaRequired
        nativeInputAttributes={{ pattern: '[0-9]{6}' }}
      />
    </FormField>
  )
}
