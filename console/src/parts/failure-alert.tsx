import Alert from '@cloudscape-design/components/alert'
import { type ReactNode, useEffect, useRef } from 'react'

type Props = { title: string; children: ReactNode; action?: ReactNode }

/** A refusal in the server's words, read out at once. Give it a new `key` for each refusal, so that the same text is heard again. */
export function FailureAlert({ title, children, action }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    frame.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div role="alert" className="failure" ref={frame}>
      <Alert type="error" header={title} statusIconAriaLabel="Error" action={action}>
        {children}
      </Alert>
    </div>
  )
}
