import Alert from '@cloudscape-design/components/alert'

const notices: Readonly<Record<string, string>> = {
  'session-ended': 'Your session has ended. Sign in again to go on where you were.',
  'signed-out': 'You have signed out.',
}

/** Why the person is here, when they did not come by themselves. Only fixed texts: the address bar cannot write on the page. */
export function SignInNotice() {
  const text = notices[new URLSearchParams(window.location.search).get('notice') ?? '']
  if (text === undefined) return null
  return (
    <div role="status">
      <Alert type="info" statusIconAriaLabel="Info">
        {text}
      </Alert>
    </div>
  )
}
