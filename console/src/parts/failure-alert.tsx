import Alert from '@cloudscape-design/components/alert'
import type { ReactNode } from 'react'

type Props = { title: string; children: ReactNode; action?: ReactNode }

/** A refusal in the server's words, read out at once. Give it a new `key` for each refusal, so that the same text is heard again. */
export function FailureAlert({ title, children, action }: Props) {
  return (
    <div role="alert">
      <Alert type="error" header={title} statusIconAriaLabel="Error" action={action}>
        {children}
      </Alert>
    </div>
  )
}
