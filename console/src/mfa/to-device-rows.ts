import type { MfaDevice } from '../aws/iam.ts'

/** What GET /console/mfa-devices adds to ListMFADevices: AWS has no API for the verified mark. */
export type MfaDeviceMark = {
  serial: string
  name: string
  type: 'virtual'
  enabledAt: number
  verifiedAt: number | null
  usedInThisSession: boolean
}

export type DeviceRow = {
  serial: string
  name: string
  type: string
  createdAtMs: number
  verifiedAtMs: number | null
  usedInThisSession: boolean
}

const toNameFromSerial = (serial: string): string => serial.slice(serial.indexOf('/') + 1)

export function toDeviceRows(devices: readonly MfaDevice[], marks: readonly MfaDeviceMark[]): DeviceRow[] {
  const bySerial = new Map(marks.map((mark) => [mark.serial, mark]))
  return devices.map((device) => {
    const mark = bySerial.get(device.SerialNumber)
    return {
      serial: device.SerialNumber,
      name: mark?.name ?? toNameFromSerial(device.SerialNumber),
      type: 'Virtual',
      createdAtMs: device.EnableDate * 1000,
      verifiedAtMs: mark?.verifiedAt ?? null,
      usedInThisSession: mark?.usedInThisSession ?? false,
    }
  })
}
