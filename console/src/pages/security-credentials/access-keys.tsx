import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { type AccessKeyMetadata, listAccessKeys } from '../../aws/iam.ts'
import { formatTime } from '../../format-time.ts'
import { type Loaded, useLoad } from '../../parts/use-load.ts'
import { useSession } from '../../shell/session.tsx'

type Keys = { AccessKeyMetadata: AccessKeyMetadata[] }

function toCounter(state: Loaded<Keys>): { counter?: string } {
  return state.status === 'ready' ? { counter: `(${state.value.AccessKeyMetadata.length})` } : {}
}

export function AccessKeys() {
  const { session } = useSession()
  const { state } = useLoad<Keys>(listAccessKeys)
  const root = session.principal.kind === 'root'
  return (
    <Table<AccessKeyMetadata>
      header={
        <Header
          variant="h2"
          {...toCounter(state)}
          description={
            root
              ? 'We recommend that the root user has no access keys: whoever holds one can do everything in this account.'
              : 'Use access keys to send programmatic calls, for example from the AWS CLI. You can have at most two.'
          }
        >
          Access keys
        </Header>
      }
      loading={state.status === 'loading'}
      loadingText="Loading access keys"
      trackBy="AccessKeyId"
      items={state.status === 'ready' ? state.value.AccessKeyMetadata : []}
      empty={
        <Box textAlign="center" color="inherit">
          {state.status === 'refused' ? state.refusal.message : 'No access keys'}
        </Box>
      }
      columnDefinitions={[
        { id: 'id', header: 'Access key ID', cell: (key) => key.AccessKeyId, isRowHeader: true },
        { id: 'created', header: 'Created on', cell: (key) => formatTime(key.CreateDate * 1000) },
        {
          id: 'status',
          header: 'Status',
          cell: (key) => (
            <StatusIndicator type={key.Status === 'Active' ? 'success' : 'stopped'}>{key.Status}</StatusIndicator>
          ),
        },
      ]}
    />
  )
}
