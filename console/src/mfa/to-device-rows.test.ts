import { expect, it } from 'vitest'
import { toDeviceRows } from './to-device-rows.ts'

const serial = 'arn:aws:iam::123456789012:mfa/root-account-mfa-device'

it('a device of ListMFADevices gets its name and its verified mark from the console route', () => {
  const mark = {
    serial,
    name: 'phone',
    type: 'virtual' as const,
    enabledAt: 1_000,
    verifiedAt: 2_000,
    usedInThisSession: true,
  }
  expect(toDeviceRows([{ SerialNumber: serial, EnableDate: 1.5 }], [mark])).toEqual([
    { serial, name: 'phone', type: 'Virtual', createdAtMs: 1_500, verifiedAtMs: 2_000, usedInThisSession: true },
  ])
})

it('a device without a mark is listed all the same, as not verified', () => {
  const device = { SerialNumber: 'arn:aws:iam::123456789012:mfa/tools/backup', EnableDate: 1 }
  expect(toDeviceRows([device], [])).toMatchObject([
    { name: 'tools/backup', verifiedAtMs: null, usedInThisSession: false },
  ])
})
