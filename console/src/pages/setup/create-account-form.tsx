import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type FormEvent, useRef, useState } from 'react'
import { isRecord, type Refusal } from '../../http/refusal.ts'
import { postJson } from '../../http/request.ts'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { FrontPage } from '../../parts/front-page.tsx'
import { PasswordField } from '../../parts/password-field.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import {
  type AccountEntry,
  type AccountProblems,
  fieldOrder,
  findAccountProblems,
  findPasswordProblem,
  passwordMaxLength,
  passwordMinLength,
} from './account-entry.ts'
import { StrengthMeter } from './strength-meter.tsx'

type Props = { token: string; created(accountId: string): void; linkRefused(refusal: Refusal): void }

type PasswordVerdict = { acceptable: boolean; reason?: string }

function toFieldProblems(refusal: Refusal): AccountProblems {
  const fields =
    refusal.body['fields'] ?? (isRecord(refusal.body['error']) ? refusal.body['error']['fields'] : undefined)
  if (!isRecord(fields)) return {}
  return Object.fromEntries(
    fieldOrder.flatMap((field) => (typeof fields[field] === 'string' ? [[field, fields[field]]] : [])),
  )
}

export function CreateAccountForm({ token, created, linkRefused }: Props) {
  const [entry, setEntry] = useState<AccountEntry>({ accountName: '', email: '', phone: '', password: '' })
  const [problems, setProblems] = useState<AccountProblems>({})
  const [busy, setBusy] = useState(false)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const inputs = {
    accountName: useRef<InputProps.Ref>(null),
    email: useRef<InputProps.Ref>(null),
    phone: useRef<InputProps.Ref>(null),
    password: useRef<InputProps.Ref>(null),
  }

  const change = (field: keyof AccountEntry, text: string): void => {
    setEntry((before) => ({ ...before, [field]: text }))
    setProblems(({ [field]: _gone, ...others }) => others)
  }

  const showProblems = (found: AccountProblems): void => {
    setProblems(found)
    const first = fieldOrder.find((field) => found[field] !== undefined)
    if (first !== undefined) inputs[first].current?.focus()
  }

  // Asks the server for its verdict when the field is left, so that a refused password is not a surprise at the end.
  const checkPassword = async (): Promise<void> => {
    const { password, accountName, email } = entry
    if (password === '') return
    const length = findPasswordProblem(password)
    if (length !== undefined) return setProblems((before) => ({ ...before, password: length }))
    const answer = await postJson<PasswordVerdict>('/setup/check-password', { token, password, accountName, email })
    if (!answer.ok || answer.value.acceptable) return
    const reason = answer.value.reason ?? 'Choose another password.'
    setProblems((before) => ({ ...before, password: reason }))
  }

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const found = findAccountProblems(entry)
    if (fieldOrder.some((field) => found[field] !== undefined)) return showProblems(found)
    setBusy(true)
    const answer = await postJson<{ accountId: string }>('/setup', {
      token,
      accountName: entry.accountName.trim(),
      email: entry.email.trim(),
      phone: entry.phone.trim(),
      password: entry.password,
    })
    setBusy(false)
    if (answer.ok) return created(answer.value.accountId)
    if (answer.refusal.code === 'SetupLinkInvalid') return linkRefused(answer.refusal)
    showRefusal(answer.refusal)
    showProblems(toFieldProblems(answer.refusal))
  }

  return (
    <FrontPage title="Create account" description="This makes the account and its root user, who owns it." wide>
      <form onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          {refusal === undefined ? null : (
            <FailureAlert key={refusalNumber} title={refusal.title}>
              {refusal.message}
            </FailureAlert>
          )}
          <FormField
            label="Account name"
            constraintText="Shown upper right in the console."
            errorText={problems.accountName}
            stretch
          >
            <Input
              ref={inputs.accountName}
              name="organization"
              autoComplete="organization"
              value={entry.accountName}
              onChange={({ detail }) => change('accountName', detail.value)}
              autoFocus
              ariaRequired
            />
          </FormField>
          <FormField
            label="Root user email address"
            constraintText="You sign in with it. Used for recovery and for security notices."
            errorText={problems.email}
            stretch
          >
            <Input
              ref={inputs.email}
              name="username"
              type="email"
              autoComplete="username"
              spellcheck={false}
              value={entry.email}
              onChange={({ detail }) => change('email', detail.value)}
              ariaRequired
            />
          </FormField>
          <FormField
            label="Contact phone"
            constraintText="With country code. Used when the MFA device is lost."
            errorText={problems.phone}
            stretch
          >
            <Input
              ref={inputs.phone}
              name="tel"
              type="text"
              inputMode="tel"
              autoComplete="tel"
              value={entry.phone}
              onChange={({ detail }) => change('phone', detail.value)}
              ariaRequired
            />
          </FormField>
          <PasswordField
            value={entry.password}
            onChange={(text) => change('password', text)}
            onBlur={() => void checkPassword()}
            purpose="new-password"
            inputRef={inputs.password}
            errorText={problems.password}
            constraintText={`${passwordMinLength} to ${passwordMaxLength} characters of any kind. No common password, and not the name or email address of the account.`}
            below={<StrengthMeter password={entry.password} accountWords={[entry.accountName, entry.email]} />}
          />
          <Button variant="primary" formAction="submit" fullWidth loading={busy}>
            Create account
          </Button>
        </SpaceBetween>
      </form>
    </FrontPage>
  )
}
