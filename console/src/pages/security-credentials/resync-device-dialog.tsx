import type { InputProps } from '@cloudscape-design/components/input'
import { useRef, useState } from 'react'
import { resyncMfaDevice } from '../../aws/iam.ts'
import { type CodeProblems, type Codes, findCodeProblems, hasProblem, noCodes } from '../../mfa/codes.ts'
import type { DeviceRow } from '../../mfa/to-device-rows.ts'
import { TwoCodes } from '../../parts/two-codes.tsx'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useFlash } from '../../shell/flash.tsx'
import { DeviceDialog } from './device-dialog.tsx'

type Props = { device: DeviceRow; dismiss(): void; resynced(): void }

export function ResyncDeviceDialog({ device, dismiss, resynced }: Props) {
  const [codes, setCodes] = useState<Codes>(noCodes)
  const [problems, setProblems] = useState<CodeProblems>({})
  const [busy, setBusy] = useState(false)
  const refused = useRefusal()
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
    refused.showRefusal(answer.refusal)
    first.current?.focus()
  }

  return (
    <DeviceDialog
      title="Resync MFA device"
      action="Resync"
      failureTitle="The MFA device was not resynchronized"
      busy={busy}
      refused={refused}
      dismiss={dismiss}
      confirm={() => void resync()}
    >
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
    </DeviceDialog>
  )
}
