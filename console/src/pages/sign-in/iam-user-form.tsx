import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type FormEvent, useRef, useState } from 'react'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { PasswordField } from '../../parts/password-field.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useWait } from '../../parts/use-wait.ts'
import { WaitNotice } from '../../parts/wait-notice.tsx'
import { postWithProofOfWork, type Work } from './post-with-proof-of-work.ts'
import { SecurityCheck } from './security-check.tsx'
import { findStep, type GoTo } from './sign-in-step.ts'

type Entry = { account: string; userName: string; password: string }
type Problems = Partial<Entry>

const findProblems = (entry: Entry): Problems => ({
  ...(entry.account.trim() === '' ? { account: 'Enter the account ID or its alias.' } : {}),
  ...(entry.userName.trim() === '' ? { userName: 'Enter your user name.' } : {}),
  ...(entry.password === '' ? { password: 'Enter your password.' } : {}),
})

// `1234-5678-9012` is how the console prints an account id; an alias keeps its hyphens.
const toAccount = (text: string): string => text.trim().replace(/^(\d{4})-(\d{4})-(\d{4})$/, '$1$2$3')

export function IamUserForm({ goTo, useRoot }: { goTo: GoTo; useRoot(): void }) {
  const [entry, setEntry] = useState<Entry>({ account: '', userName: '', password: '' })
  const [problems, setProblems] = useState<Problems>({})
  const [busy, setBusy] = useState(false)
  const [work, setWork] = useState<Work | undefined>(undefined)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const { secondsLeft, startWait } = useWait(0)
  const account = useRef<InputProps.Ref>(null)
  const userName = useRef<InputProps.Ref>(null)
  const password = useRef<InputProps.Ref>(null)

  // The refusal on the page is of the attempt before.
  const onWork = (begun: Work): void => {
    setWork(begun)
    showRefusal(undefined)
  }

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || secondsLeft > 0) return
    const found = findProblems(entry)
    setProblems(found)
    if (found.account !== undefined) return account.current?.focus()
    if (found.userName !== undefined) return userName.current?.focus()
    if (found.password !== undefined) return password.current?.focus()
    setBusy(true)
    const answer = await postWithProofOfWork(
      '/sign-in/iam-user',
      { account: toAccount(entry.account), userName: entry.userName.trim(), password: entry.password },
      onWork,
    )
    setBusy(false)
    setWork(undefined)
    if (answer.ok) return goTo(answer.value.step)
    const next = findStep(answer.refusal)
    if (next !== undefined) return goTo(next, answer.refusal)
    // A password that was not looked at need not be typed again.
    if (answer.refusal.code !== 'ServerBusy') setEntry((before) => ({ ...before, password: '' }))
    showRefusal(answer.refusal)
    startWait(answer.refusal.retryAfterSeconds)
    password.current?.focus()
  }

  return (
    <form onSubmit={submit} noValidate>
      <SpaceBetween size="l">
        {refusal === undefined ? null : (
          <FailureAlert key={refusalNumber} title={refusal.title}>
            {refusal.message}
          </FailureAlert>
        )}
        <FormField label="Account ID (12 digits) or account alias" errorText={problems.account} stretch>
          <Input
            ref={account}
            name="account"
            autoComplete="off"
            spellcheck={false}
            value={entry.account}
            onChange={({ detail }) => setEntry({ ...entry, account: detail.value })}
            autoFocus
            ariaRequired
          />
        </FormField>
        <FormField label="IAM username" errorText={problems.userName} stretch>
          <Input
            ref={userName}
            name="username"
            autoComplete="username"
            spellcheck={false}
            disableBrowserAutocorrect
            value={entry.userName}
            onChange={({ detail }) => setEntry({ ...entry, userName: detail.value })}
            ariaRequired
          />
        </FormField>
        <PasswordField
          value={entry.password}
          onChange={(text) => setEntry({ ...entry, password: text })}
          purpose="current-password"
          inputRef={password}
          errorText={problems.password}
        />
        <Button variant="primary" formAction="submit" fullWidth loading={busy} disabled={secondsLeft > 0}>
          Sign in
        </Button>
        <WaitNotice secondsLeft={secondsLeft} />
        {work === undefined ? null : <SecurityCheck work={work} />}
        <Link onFollow={useRoot}>Sign in using root user email</Link>
      </SpaceBetween>
    </form>
  )
}
