import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import type { useRefusal } from '../../parts/use-refusal.ts'
import { SignInAgainButton } from '../../shell/sign-in-again-button.tsx'

type Props = {
  title: string
  action: string
  /** Above the server's words when it refuses. */
  failureTitle: string
  busy: boolean
  refused: ReturnType<typeof useRefusal>
  dismiss(): void
  confirm(): void
  children: ReactNode
}

/** What is done to one device: Cancel and the action, and a refusal with the way on where signing in again is one. */
export function DeviceDialog({ title, action, failureTitle, busy, refused, dismiss, confirm, children }: Props) {
  const { refusal, refusalNumber } = refused
  return (
    <Modal
      visible
      onDismiss={dismiss}
      header={title}
      closeAriaLabel="Close"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={dismiss}>
              Cancel
            </Button>
            <Button variant="primary" onClick={confirm} loading={busy}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {refusal === undefined ? null : (
          <FailureAlert
            key={refusalNumber}
            title={failureTitle}
            {...(refusal.code === 'AccessDenied' ? { action: <SignInAgainButton text="Sign in again" /> } : {})}
          >
            {refusal.message}
          </FailureAlert>
        )}
        {children}
      </SpaceBetween>
    </Modal>
  )
}
