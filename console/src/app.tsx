// Which page stands at which path. Each page is code of its own: whoever signs in does not wait for the console.
import { lazy, type ReactNode, Suspense } from 'react'
import { assignMfaPath, homePath, securityCredentialsPath } from './console-paths.ts'
import { InsecureContextPage } from './pages/insecure-context/insecure-context-page.tsx'
import { NotFoundPage } from './pages/not-found/not-found-page.tsx'
import { usePath } from './router.ts'
import { PageLoading } from './shell/page-loading.tsx'

const SetupPage = lazy(() => import('./pages/setup/setup-page.tsx').then((m) => ({ default: m.SetupPage })))
const SignInPage = lazy(() => import('./pages/sign-in/sign-in-page.tsx').then((m) => ({ default: m.SignInPage })))
const ConsoleShell = lazy(() => import('./shell/console-shell.tsx').then((m) => ({ default: m.ConsoleShell })))
const HomePage = lazy(() => import('./pages/home/home-page.tsx').then((m) => ({ default: m.HomePage })))
const SecurityCredentialsPage = lazy(() =>
  import('./pages/security-credentials/security-credentials-page.tsx').then((m) => ({
    default: m.SecurityCredentialsPage,
  })),
)
const AssignMfaPage = lazy(() =>
  import('./pages/assign-mfa/assign-mfa-page.tsx').then((m) => ({ default: m.AssignMfaPage })),
)

const frontPages: Readonly<Record<string, ReactNode>> = {
  '/setup': <SetupPage />,
  '/sign-in': <SignInPage />,
}

// Keyed, so that a page begins anew each time it is opened.
const consolePages: Readonly<Record<string, ReactNode>> = {
  [homePath]: <HomePage key="home" />,
  [securityCredentialsPath]: <SecurityCredentialsPage key="security-credentials" />,
  [assignMfaPath]: <AssignMfaPage key="assign-mfa" />,
}

export function App() {
  const path = usePath()
  if (!window.isSecureContext) return <InsecureContextPage />
  const frontPage = frontPages[path]
  if (frontPage !== undefined) return <Suspense fallback={<PageLoading />}>{frontPage}</Suspense>
  const consolePage = consolePages[path === '/' || path === '/console' || path === '/console/' ? homePath : path]
  if (consolePage === undefined) return <NotFoundPage />
  return (
    <Suspense fallback={<PageLoading />}>
      <ConsoleShell>{consolePage}</ConsoleShell>
    </Suspense>
  )
}
