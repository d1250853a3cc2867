import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useState } from 'react'
import { assignMfaPath } from '../../console-paths.ts'
import { formatTime } from '../../format-time.ts'
import type { DeviceRow } from '../../mfa/to-device-rows.ts'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { useLoad } from '../../parts/use-load.ts'
import { navigate } from '../../router.ts'
import { useSession } from '../../shell/session.tsx'
import { loadDevices } from './load-devices.ts'
import { RemoveDeviceDialog } from './remove-device-dialog.tsx'
import { ResyncDeviceDialog } from './resync-device-dialog.tsx'

const columns: TableProps.ColumnDefinition<DeviceRow>[] = [
  { id: 'type', header: 'Type', cell: (device) => device.type },
  {
    id: 'identifier',
    header: 'Identifier',
    minWidth: 240,
    isRowHeader: true,
    cell: (device) => (
      <div>
        {device.serial}
        {device.serial.endsWith(`/${device.name}`) ? null : (
          <Box color="text-body-secondary" fontSize="body-s">
            {device.name}
          </Box>
        )}
      </div>
    ),
  },
  { id: 'created', header: 'Created on', minWidth: 150, cell: (device) => formatTime(device.createdAtMs) },
  {
    id: 'status',
    header: 'Status',
    minWidth: 110,
    cell: () => (
      <StatusIndicator type="success" wrapText={false}>
        Active
      </StatusIndicator>
    ),
  },
  { id: 'verified', header: 'Verified at sign-in', minWidth: 180, cell: (device) => <VerifiedCell device={device} /> },
]

function VerifiedCell({ device }: { device: DeviceRow }) {
  if (device.verifiedAtMs !== null) {
    return (
      <div>
        {formatTime(device.verifiedAtMs)}
        {device.usedInThisSession ? (
          <Box color="text-body-secondary" fontSize="body-s">
            Used for this session
          </Box>
        ) : null}
      </div>
    )
  }
  return (
    <div>
      <StatusIndicator type="pending">Not yet</StatusIndicator>
      <Box color="text-body-secondary" fontSize="body-s">
        Sign in with a code of it to verify
      </Box>
    </div>
  )
}

export function MfaDevices() {
  const { reloadSession } = useSession()
  const { state, reload } = useLoad(loadDevices)
  const [chosen, setChosen] = useState<DeviceRow | undefined>(undefined)
  const [dialog, setDialog] = useState<'none' | 'remove' | 'resync'>('none')
  const devices = state.status === 'ready' ? state.value : []
  const selected = devices.find((device) => device.serial === chosen?.serial)

  const close = (): void => setDialog('none')
  const changed = (): void => {
    setDialog('none')
    setChosen(undefined)
    reload()
    void reloadSession()
  }

  return (
    <>
      <Table<DeviceRow>
        header={
          <Header
            variant="h2"
            {...(state.status === 'ready' ? { counter: `(${devices.length})` } : {})}
            description="Use MFA to increase the security of your AWS environment. Signing in with MFA requires an authentication code from an MFA device. Each user can have a maximum of 8 MFA devices assigned."
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={selected === undefined} onClick={() => setDialog('remove')}>
                  Remove
                </Button>
                <Button disabled={selected === undefined} onClick={() => setDialog('resync')}>
                  Resync
                </Button>
                <Button onClick={() => navigate(assignMfaPath)}>Assign MFA device</Button>
              </SpaceBetween>
            }
          >
            Multi-factor authentication (MFA)
          </Header>
        }
        selectionType="single"
        selectedItems={selected === undefined ? [] : [selected]}
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems[0])}
        ariaLabels={{
          selectionGroupLabel: 'MFA device selection',
          itemSelectionLabel: (_selection, device) => `Select ${device.name}`,
          tableLabel: 'Multi-factor authentication (MFA)',
        }}
        trackBy="serial"
        wrapLines
        loading={state.status === 'loading'}
        loadingText="Loading MFA devices"
        items={devices}
        columnDefinitions={columns}
        empty={
          state.status === 'refused' ? (
            <FailureAlert title={state.refusal.title} action={<Button onClick={reload}>Try again</Button>}>
              {state.refusal.message}
            </FailureAlert>
          ) : (
            <Box textAlign="center" color="inherit">
              No MFA devices. Assign an MFA device to improve the security of your AWS environment
            </Box>
          )
        }
      />
      {selected !== undefined && dialog === 'remove' ? (
        <RemoveDeviceDialog device={selected} dismiss={close} removed={changed} />
      ) : null}
      {selected !== undefined && dialog === 'resync' ? (
        <ResyncDeviceDialog device={selected} dismiss={close} resynced={changed} />
      ) : null}
    </>
  )
}
