// `My security credentials`: who this is, the MFA devices, the access keys. Root has the same page with a heading of its own.
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { useSession } from '../../shell/session.tsx'
import { AccessKeys } from './access-keys.tsx'
import { AccountDetails } from './account-details.tsx'
import { MfaDevices } from './mfa-devices.tsx'

export function SecurityCredentialsPage() {
  const { session } = useSession()
  const root = session.principal.kind === 'root'
  usePageTitle('My security credentials')
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          {...(root ? { info: <span className="heading-info">Root user</span> } : {})}
          description={
            root
              ? 'The root user has access to all of this account. Use it only for the tasks that need it, and protect it with MFA.'
              : 'Use this page to manage the credentials of your IAM user.'
          }
        >
          My security credentials
        </Header>
      }
    >
      <SpaceBetween size="l">
        <AccountDetails session={session} />
        <MfaDevices />
        <AccessKeys />
      </SpaceBetween>
    </ContentLayout>
  )
}
