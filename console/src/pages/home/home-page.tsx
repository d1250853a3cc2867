import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { getAccountSummary } from '../../aws/iam.ts'
import { securityCredentialsPath } from '../../console-paths.ts'
import { formatTime, formatWait } from '../../format-time.ts'
import { CopyableText } from '../../parts/copyable-text.tsx'
import { useLoad } from '../../parts/use-load.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { navigate } from '../../router.ts'
import { type Session, useSession } from '../../shell/session.tsx'

export function HomePage() {
  usePageTitle('Console Home')
  const { session } = useSession()
  return (
    <ContentLayout header={<Header variant="h1">Console Home</Header>}>
      <SpaceBetween size="l">
        <ColumnLayout columns={2}>
          <AccountPanel session={session} />
          <SignInPanel session={session} />
        </ColumnLayout>
        <CommandLinePanel />
      </SpaceBetween>
    </ContentLayout>
  )
}

function AccountPanel({ session }: { session: Session }) {
  return (
    <Container header={<Header variant="h2">Account</Header>} fitHeight>
      <KeyValuePairs
        items={[
          { label: 'Account name', value: session.accountName },
          { label: 'Account ID', value: <CopyableText text={session.accountId} what="account ID" /> },
          { label: 'Account alias', value: session.accountAlias ?? 'None' },
          { label: 'Root user MFA', value: <RootMfaStatus /> },
        ]}
      />
    </Container>
  )
}

function RootMfaStatus() {
  const { state } = useLoad(getAccountSummary)
  switch (state.status) {
    case 'loading':
      return <StatusIndicator type="loading">Loading</StatusIndicator>
    case 'refused':
      return (
        <StatusIndicator type="info">
          Not known:{' '}
          {state.refusal.code === 'AccessDenied' ? 'you may not read the account summary' : state.refusal.message}
        </StatusIndicator>
      )
    case 'ready':
      return state.value.SummaryMap['AccountMFAEnabled'] === 1 ? (
        <StatusIndicator type="success">Root user has MFA</StatusIndicator>
      ) : (
        <StatusIndicator type="warning">Root user has no MFA</StatusIndicator>
      )
    default:
      return state satisfies never
  }
}

function SignInPanel({ session }: { session: Session }) {
  return (
    <Container
      fitHeight
      header={
        <Header
          variant="h2"
          actions={<Button onClick={() => navigate(securityCredentialsPath)}>My security credentials</Button>}
        >
          This sign-in
        </Header>
      }
    >
      <KeyValuePairs
        items={[
          { label: 'Signed in as', value: <span className="wrap-anywhere">{session.arn}</span> },
          {
            label: 'MFA at sign-in',
            value:
              session.mfaSerial === null ? (
                <StatusIndicator type="warning">Signed in without MFA</StatusIndicator>
              ) : (
                <StatusIndicator type="success">
                  <span className="wrap-anywhere">{session.mfaSerial}</span>
                </StatusIndicator>
              ),
          },
          { label: 'Signed in on', value: formatTime(session.signedInAt) },
          {
            label: 'Ends',
            value: `${formatTime(session.expiresAt)}, or after ${formatWait(session.idleSeconds)} without use`,
          },
        ]}
      />
    </Container>
  )
}

function CommandLinePanel() {
  const command = `aws --endpoint-url ${window.location.origin} sts get-caller-identity`
  return (
    <Container
      header={
        <Header variant="h2" description="The AWS CLI works unchanged, with an access key of this account.">
          AWS CLI
        </Header>
      }
    >
      <div className="command">
        <Box variant="code">{command}</Box>
        <CopyToClipboard
          variant="icon"
          textToCopy={command}
          copyButtonAriaLabel="Copy command"
          copySuccessText="Command copied"
          copyErrorText="The command could not be copied"
        />
      </div>
    </Container>
  )
}
