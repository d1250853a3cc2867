import Alert from '@cloudscape-design/components/alert'
import type { SignInNotice as Notice } from '../../return-path.ts'

const notices: Readonly<Record<Notice, string>> = {
  'session-ended': 'Your session has ended. Sign in again to go on where you were.',
  'sign-in-needed': 'Sign in to open this page.',
  'signed-out': 'You have signed out.',
}

/** Why the person is here, when they did not come by themselves. Only fixed texts: the address bar cannot write on the page. */
export function SignInNotice() {
  const named = new URLSearchParams(window.location.search).get('notice')
  const notice = (Object.keys(notices) as Notice[]).find((key) => key === named) // keys() forgets the key type
  if (notice === undefined) return null
  return (
    <div role="status">
      <Alert type="info" statusIconAriaLabel="Info">
        {notices[notice]}
      </Alert>
    </div>
  )
}
