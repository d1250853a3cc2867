import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import type { InputProps } from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRef, useState } from 'react'
import { resyncMfaDevice } from '../../aws/iam.ts'
import { type CodeProblems, type Codes, findCodeProblems, hasProblem, noCodes } from '../../mfa/codes.ts'
import type { DeviceRow } from '../../mfa/to-device-rows.ts'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { TwoCodes } from '../../parts/two-codes.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useFlash } from '../../shell/flash.tsx'
import { SignInAgainButton } from '../../shell/sign-in-again-button.tsx'

type Props = { device: DeviceRow; dismiss(): void; resynced(): void }

export function ResyncDeviceDialog({ device, dismiss, resynced }: Props) {
  const [codes, setCodes] = useState<Codes>(noCodes)
  const [problems, setProblems] = useState<CodeProblems>({})
  const [busy, setBusy] = useState(false)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const { flash } = useFlash()
  const first = useRef<InputProps.Ref>(null)

  const resync = async (): Promise<void> => {
    if (busy) return
    const found = findCodeProblems(codes)
    setProblems(found)
    if (hasProblem(found)) return
    setBusy(true)
    const answer = await resyncMfaDevice(device.serial, {
      AuthenticationCode1: codes.first,
      AuthenticationCode2: codes.second,
    })
    setBusy(false)
    if (answer.ok) {
      flash({ id: 'mfa-device', type: 'success', content: `MFA device ${device.name} resynchronized.` })
      return resynced()
    }
    setCodes(noCodes)
    showRefusal(answer.refusal)
    first.current?.focus()
  }

  return (
    <Modal
      visible
      onDismiss={dismiss}
      header="Resync MFA device"
      closeAriaLabel="Close"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={dismiss}>
              Cancel
            </Button>
            <Button variant="primary" onClick={() => void resync()} loading={busy}>
              Resync
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {refusal === undefined ? null : (
          <FailureAlert
            key={refusalNumber}
            title="The MFA device was not resynchronized"
            {...(refusal.code === 'AccessDenied' ? { action: <SignInAgainButton text="Sign in again" /> } : {})}
          >
            {refusal.message}
          </FailureAlert>
        )}
        <div>
          Enter two consecutive codes of <strong className="wrap-anywhere">{device.name}</strong>.
        </div>
        <TwoCodes
          codes={codes}
          onChange={setCodes}
          onEnter={() => void resync()}
          firstRef={first}
          problems={problems}
          autoFocus
        />
      </SpaceBetween>
    </Modal>
  )
}
