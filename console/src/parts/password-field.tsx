import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, type Ref, useState } from 'react'

type Props = {
  value: string
  onChange(value: string): void
  onBlur?(): void
  purpose: 'current-password' | 'new-password' // what password managers go by
  inputRef?: Ref<InputProps.Ref>
  autoFocus?: boolean
  errorText?: string | undefined
  constraintText?: ReactNode
  below?: ReactNode
}

/** A password box that can be read back, pasted into, and filled by a password manager (security.md V6.2.7). */
export function PasswordField(props: Props) {
  const { value, onChange, onBlur, purpose, inputRef, autoFocus = false, errorText, constraintText, below } = props
  const [revealed, setRevealed] = useState(false)
  return (
    <SpaceBetween size="xs">
      <FormField label="Password" errorText={errorText} constraintText={constraintText} stretch>
        <Input
          {...(inputRef === undefined ? {} : { ref: inputRef })}
          name="password"
          type={revealed ? 'text' : 'password'}
          autoComplete={purpose}
          spellcheck={false}
          disableBrowserAutocorrect
          value={value}
          onChange={({ detail }) => onChange(detail.value)}
          onBlur={() => onBlur?.()}
          autoFocus={autoFocus}
          ariaRequired
        />
      </FormField>
      {below}
      <Checkbox checked={revealed} onChange={({ detail }) => setRevealed(detail.checked)}>
        Show password
      </Checkbox>
    </SpaceBetween>
  )
}
