import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs'
import { getUser } from '../../aws/iam.ts'
import { formatTime } from '../../format-time.ts'
import { CopyableText } from '../../parts/copyable-text.tsx'
import { useLoad } from '../../parts/use-load.ts'
import type { Session } from '../../shell/session.tsx'

export function AccountDetails({ session }: { session: Session }) {
  const { state } = useLoad(getUser)
  const created = state.status === 'ready' ? formatTime(state.value.User.CreateDate * 1000) : '-'
  const items: KeyValuePairsProps.Item[] =
    session.principal.kind === 'root'
      ? [
          { label: 'Account name', value: session.accountName },
          { label: 'Email address', value: session.principal.email },
          { label: 'Account ID', value: <CopyableText text={session.accountId} what="account ID" /> },
          { label: 'Created on', value: created },
        ]
      : [
          { label: 'User name', value: session.principal.userName },
          { label: 'User ARN', value: <CopyableText text={session.arn} what="user ARN" /> },
          { label: 'Account ID', value: <CopyableText text={session.accountId} what="account ID" /> },
          { label: 'Created on', value: created },
        ]
  return (
    <Container
      header={<Header variant="h2">{session.principal.kind === 'root' ? 'Account details' : 'User details'}</Header>}
    >
      <KeyValuePairs columns={4} items={items} />
    </Container>
  )
}
