// What a session says of itself at every turn: that root has no second factor, or that this session was not asked for it.
import Button from '@cloudscape-design/components/button'
import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import { assignMfaPath } from '../console-paths.ts'
import { navigate } from '../router.ts'
import type { Session } from './session.tsx'
import { SignInAgainButton } from './sign-in-again-button.tsx'

export function toSessionBanners(session: Session, path: string): FlashbarProps.MessageDefinition[] {
  if (session.mfaSerial !== null) return []
  if (session.mfaEnabled) {
    return [
      {
        id: 'signed-in-without-mfa',
        type: 'warning',
        header: 'This session is signed in without MFA',
        content:
          'An MFA device is assigned, but this session was not asked for a code. Sign in again to verify the device.',
        action: <SignInAgainButton text="Sign in again to verify" />,
        statusIconAriaLabel: 'Warning',
      },
    ]
  }
  const root = session.principal.kind === 'root'
  return [
    {
      id: 'no-mfa',
      type: 'warning',
      header: root ? "You don't have MFA for root user" : "You don't have MFA assigned",
      content: 'As a security best practice, we recommend you assign MFA.',
      statusIconAriaLabel: 'Warning',
      ...(path === assignMfaPath
        ? {}
        : { action: <Button onClick={() => navigate(assignMfaPath)}>Assign MFA</Button> }),
    },
  ]
}
