import { useState } from 'react'
import { deactivateMfaDevice, deleteVirtualMfaDevice } from '../../aws/iam.ts'
import type { Answer } from '../../http/refusal.ts'
import type { DeviceRow } from '../../mfa/to-device-rows.ts'
import { useRefusal } from '../../parts/use-refusal.ts'
import { useFlash } from '../../shell/flash.tsx'
import { DeviceDialog } from './device-dialog.tsx'

type Props = { device: DeviceRow; dismiss(): void; removed(): void }

/** `unassigned`: it is the person's no more, but the person may not delete it. */
type Removed = 'deleted' | 'unassigned'

// AWS has two operations for it. A device whose second call failed is unassigned, and is removed by the next attempt.
async function removeDevice(serial: string): Promise<Answer<Removed>> {
  const deactivated = await deactivateMfaDevice(serial)
  if (!deactivated.ok && deactivated.refusal.code !== 'NoSuchEntity') return deactivated
  const deleted = await deleteVirtualMfaDevice(serial)
  if (deleted.ok || deleted.refusal.code === 'NoSuchEntity') return { ok: true, value: 'deleted' }
  return deleted.refusal.code === 'AccessDenied' ? { ok: true, value: 'unassigned' } : deleted
}

const messageOf = (name: string, removed: Removed): string =>
  removed === 'deleted'
    ? `MFA device ${name} removed.`
    : `MFA device ${name} removed from your user. Its name stays taken until an administrator deletes the virtual device.`

export function RemoveDeviceDialog({ device, dismiss, removed }: Props) {
  const [busy, setBusy] = useState(false)
  const refused = useRefusal()
  const { flash } = useFlash()

  const remove = async (): Promise<void> => {
    setBusy(true)
    const answer = await removeDevice(device.serial)
    setBusy(false)
    if (!answer.ok) return refused.showRefusal(answer.refusal)
    flash({ id: 'mfa-device', type: 'success', content: messageOf(device.name, answer.value) })
    removed()
  }

  return (
    <DeviceDialog
      title="Remove MFA device"
      action="Remove"
      failureTitle="The MFA device was not removed"
      busy={busy}
      refused={refused}
      dismiss={dismiss}
      confirm={() => void remove()}
    >
      <div>
        Remove <strong className="wrap-anywhere">{device.name}</strong>? Codes of this device are then no longer
        accepted, and without another device the password alone signs in.
      </div>
      <div className="wrap-anywhere">{device.serial}</div>
      <div>Removing a device needs a sign-in with password and MFA code within the last 5 minutes.</div>
    </DeviceDialog>
  )
}
