import { listMfaDevices } from '../../aws/iam.ts'
import type { Answer } from '../../http/refusal.ts'
import { getJson } from '../../http/request.ts'
import { type DeviceRow, type MfaDeviceMark, toDeviceRows } from '../../mfa/to-device-rows.ts'
import { sessionEnded } from '../../session-ended.ts'

/** The principal's own devices by AWS's API, with the mark that AWS has no API for. */
export async function loadDevices(): Promise<Answer<DeviceRow[]>> {
  const [devices, marks] = await Promise.all([
    listMfaDevices(),
    getJson<{ devices: MfaDeviceMark[] }>('/console/mfa-devices'),
  ])
  if (!marks.ok && marks.refusal.status === 401) return sessionEnded()
  if (!devices.ok) return devices
  if (!marks.ok) return marks
  return { ok: true, value: toDeviceRows(devices.value.MFADevices, marks.value.devices) }
}
