// The frame of every console page. It is loaded only when a page of the console is opened; the sign-in pages do without it.
import AppLayout from '@cloudscape-design/components/app-layout'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import Flashbar from '@cloudscape-design/components/flashbar'
import { I18nProvider } from '@cloudscape-design/components/i18n'
import messages from '@cloudscape-design/components/i18n/messages/all.en'
import SideNavigation from '@cloudscape-design/components/side-navigation'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { assignMfaPath, homePath, securityCredentialsPath } from '../console-paths.ts'
import { PlainPage } from '../parts/plain-page.tsx'
import { follow, usePath } from '../router.ts'
import { sessionChangedNotice } from '../session-principal.ts'
import { ConsoleNavigation } from './console-navigation.tsx'
import { FlashProvider, useFlash } from './flash.tsx'
import { PageLoading } from './page-loading.tsx'
import { SessionProvider, useSession } from './session.tsx'
import { toSessionBanners } from './session-banners.tsx'

const breadcrumbs: Readonly<Record<string, { text: string; href: string }[]>> = {
  [securityCredentialsPath]: [
    { text: 'IAM', href: homePath },
    { text: 'Security credentials', href: securityCredentialsPath },
  ],
  [assignMfaPath]: [
    { text: 'IAM', href: homePath },
    { text: 'Security credentials', href: securityCredentialsPath },
    { text: 'Assign MFA device', href: assignMfaPath },
  ],
}

/** Said once to whoever was led here because another tab had signed in as somebody else. */
function useSessionChangedNotice(): void {
  const { session } = useSession()
  const { flash } = useFlash()
  useEffect(() => {
    if (new URLSearchParams(window.location.search).get('notice') !== sessionChangedNotice) return
    window.history.replaceState(null, '', window.location.pathname)
    const { principal, accountName } = session
    const who = principal.kind === 'root' ? `the root user of ${accountName}` : `IAM user ${principal.userName}`
    flash({
      id: 'session-changed',
      type: 'info',
      header: `This browser is now signed in as ${who}`,
      content: 'Another tab signed in. What was begun here before was not done.',
    })
  }, [session, flash])
}

function Frame({ children }: { children: ReactNode }) {
  const path = usePath()
  const { session } = useSession()
  const { items } = useFlash()
  useSessionChangedNotice()
  const [navigationOpen, setNavigationOpen] = useState(() => window.innerWidth > 1100)
  const trail = breadcrumbs[path]
  return (
    <>
      <div id="top-navigation">
        <ConsoleNavigation />
      </div>
      <AppLayout
        headerSelector="#top-navigation"
        toolsHide
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigation={
          <SideNavigation
            header={{ text: 'Sallyport', href: homePath }}
            activeHref={path === assignMfaPath ? securityCredentialsPath : path}
            onFollow={follow}
            items={[
              { type: 'link', text: 'Console Home', href: homePath },
              { type: 'link', text: 'My security credentials', href: securityCredentialsPath },
            ]}
          />
        }
        {...(trail === undefined ? {} : { breadcrumbs: <BreadcrumbGroup items={trail} onFollow={follow} /> })}
        notifications={<Flashbar items={[...items, ...toSessionBanners(session, path)]} />}
        content={<Suspense fallback={<PageLoading />}>{children}</Suspense>}
      />
    </>
  )
}

export function ConsoleShell({ children }: { children: ReactNode }) {
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <SessionProvider
        whileLoading={<PageLoading />}
        whenRefused={(refusal, retry) => (
          <PlainPage title={refusal.title}>
            <p>{refusal.message}</p>
            <button type="button" className="plain-button" onClick={retry}>
              Try again
            </button>
          </PlainPage>
        )}
      >
        <FlashProvider>
          <Frame>{children}</Frame>
        </FlashProvider>
      </SessionProvider>
    </I18nProvider>
  )
}
