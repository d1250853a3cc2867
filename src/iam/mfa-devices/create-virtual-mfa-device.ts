import { findAlias } from '../../accounts/account-store.ts'
import type { Handler } from '../../aws-api/operation.ts'
import { rootVirtualMfaArn, virtualMfaArn } from '../../core/arn.ts'
import { toBase32 } from '../../core/base32.ts'
import type { Caller } from '../../core/caller.ts'
import type { Sealer } from '../../credentials/seal.ts'
import { newSeed } from '../../credentials/totp/new-seed.ts'
import { otpauthUri } from '../../credentials/totp/otpauth-uri.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotaMessage, quotas } from '../limits.ts'
import { lockAccount } from '../principals/find-principal.ts'
import { deviceTags, putTags } from '../tags.ts'
import { activeDevicesOf, countDevices, deleteWizardDevices, findDevice, insertDevice } from './device-store.ts'
import { drawQrCode } from './draw-qr-code.ts'

/** The model bounds serial numbers, not names. */
const serialLengthMax = 256

/** Makes a device that is nobody's yet. Its seed and QR code are in this answer and in no other. */
export function createVirtualMFADevice(sealer: Sealer): Handler<Tx, 'iam', 'CreateVirtualMFADevice'> {
  return {
    target: async (input, { caller }) => ({
      found: undefined,
      resources: [virtualMfaArn(caller.principal.accountId, input.Path ?? '/', input.VirtualMFADeviceName)],
    }),

    async handle(input, { caller, tx, now, random, refuse }) {
      const { accountId } = caller.principal
      const name = input.VirtualMFADeviceName
      const path = input.Path ?? '/'
      // First of all locks, as for root's own devices: whoever has it waits for no device.
      await lockAccount(tx, accountId)
      const wizardSession = caller.session?.console === true ? caller.session.id : null
      if (wizardSession !== null) await deleteWizardDevices(tx, now, { accountId, session: wizardSession })

      const serial = await serialFor(tx, caller, path, name)
      if (serial.length > serialLengthMax)
        refuse('InvalidInput', `The serial number ${serial} is longer than ${serialLengthMax} characters.`)
      if ((await countDevices(tx, accountId)).all >= quotas.virtualMfaDevicesPerAccount) {
        refuse('LimitExceeded', quotaMessage('VirtualMFADevicesPerAccount', quotas.virtualMfaDevicesPerAccount))
      }

      const seed = newSeed(random)
      const outcome = await insertDevice(tx, sealer, { accountId, serial, name, path, seed, wizardSession }, now)
      if (outcome === 'serial-taken') refuse('EntityAlreadyExists', 'MFA device already exists.')
      const tags = input.Tags ?? []
      await putTags(tx, deviceTags({ accountId, serial }), tags, refuse)

      const accountLabel = (await findAlias(tx, accountId)) ?? accountId
      const QRCodePNG = await drawQrCode(otpauthUri({ deviceName: name, accountLabel, seed }))
      const device = { SerialNumber: serial, Base32StringSeed: Buffer.from(toBase32(seed)), QRCodePNG }
      return { VirtualMFADevice: tags.length > 0 ? { ...device, Tags: tags } : device }
    },
  }
}

/** Root's first device gets the serial that auditors look for, whatever its name; every other one gets its name's. */
async function serialFor(tx: Tx, caller: Caller, path: string, name: string): Promise<string> {
  const { principal } = caller
  const plain = virtualMfaArn(principal.accountId, path, name)
  if (principal.kind !== 'root' || caller.session?.console !== true) return plain
  const devices = await activeDevicesOf(tx, principal.accountId, principal.id)
  // Two of root's devices of one name could not be told apart at sign-in: the name's own serial is then taken, and refused.
  const sameName = devices.find((device) => device.name === name && device.path === path)
  if (sameName !== undefined) return sameName.serial
  const first = rootVirtualMfaArn(principal.accountId)
  return devices.length === 0 && (await findDevice(tx, principal.accountId, first)) === undefined ? first : plain
}
