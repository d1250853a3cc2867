// Creating the account with the one-time link that the server printed. The token leaves the address bar at once, so that it
// is neither photographed nor kept in the history.
import { useCallback, useEffect, useState } from 'react'
import type { Refusal } from '../../http/refusal.ts'
import { getJson } from '../../http/request.ts'
import { PlainPage } from '../../parts/plain-page.tsx'
import { PageLoading } from '../../shell/page-loading.tsx'
import { AccountCreated } from './account-created.tsx'
import { CreateAccountForm } from './create-account-form.tsx'
import { readSetupToken } from './read-setup-token.ts'

type SetupState = { accountExists: boolean }

type PageState =
  | { name: 'loading' }
  | { name: 'form' }
  | { name: 'no-token' }
  | { name: 'account-exists' }
  | { name: 'link-invalid'; refusal: Refusal }
  | { name: 'refused'; refusal: Refusal }
  | { name: 'created'; accountId: string }

export function SetupPage() {
  const [token] = useState(() => readSetupToken(window.location.hash))
  const [state, setState] = useState<PageState>({ name: 'loading' })

  const load = useCallback(async () => {
    if (window.location.hash !== '') window.history.replaceState(null, '', window.location.pathname)
    const answer = await getJson<SetupState>('/sign-in/state')
    if (!answer.ok) setState({ name: 'refused', refusal: answer.refusal })
    else if (answer.value.accountExists) setState({ name: 'account-exists' })
    else setState(token === undefined ? { name: 'no-token' } : { name: 'form' })
  }, [token])
  useEffect(() => void load(), [load])
  useEffect(() => {
    // The link pasted into this very tab changes only the fragment, and so loads nothing by itself.
    const readAgain = (): void => {
      if (readSetupToken(window.location.hash) !== undefined) window.location.reload()
    }
    window.addEventListener('hashchange', readAgain)
    return () => window.removeEventListener('hashchange', readAgain)
  }, [])

  switch (state.name) {
    case 'loading':
      return <PageLoading />
    case 'form':
      return (
        <CreateAccountForm
          token={token ?? ''}
          created={(accountId) => setState({ name: 'created', accountId })}
          linkRefused={(refusal) => setState({ name: 'link-invalid', refusal })}
        />
      )
    case 'created':
      return <AccountCreated accountId={state.accountId} />
    case 'no-token':
      return <SetupLinkNeeded />
    case 'account-exists':
      return (
        <PlainPage title="The account has been created">
          <p>This set-up link has done its work: an account exists, and the link cannot be used again.</p>
          <p>
            <a href="/sign-in">Sign in</a>
          </p>
        </PlainPage>
      )
    case 'link-invalid':
      return (
        <PlainPage title={state.refusal.title}>
          <p>{state.refusal.message}</p>
          <NewLinkHint />
        </PlainPage>
      )
    case 'refused':
      return (
        <PlainPage title={state.refusal.title}>
          <p>{state.refusal.message}</p>
          <button type="button" className="plain-button" onClick={() => void load()}>
            Try again
          </button>
        </PlainPage>
      )
    default:
      return state satisfies never
  }
}

function SetupLinkNeeded() {
  return (
    <PlainPage title="Set-up link needed">
      <p>
        No account exists yet. Creating one needs the one-time set-up link, so that nobody who happens to reach this
        page can do it.
      </p>
      <NewLinkHint />
    </PlainPage>
  )
}

function NewLinkHint() {
  return (
    <p>
      Sallyport prints the link in the terminal when it starts and no account exists: a line that begins with{' '}
      <code>{window.location.origin}/setup#token=</code>. Open the whole line. If the link is old, stop Sallyport and
      start it again: it prints a new one.
    </p>
  )
}
