/** The device that a request names by its serial number, which is its ARN and never changes. */
import type { Call, Target } from '../../aws-api/operation.ts'
import type { AccountId } from '../../core/account-id.ts'
import type { Tx } from '../../storage/schema.ts'
import { findDevice, lockDevice, type MfaDevice } from './device-store.ts'

export interface NamedDevice {
  readonly accountId: AccountId
  readonly serial: string
  /** Undefined: the account has no such device. */
  readonly device: MfaDevice | undefined
}

export async function deviceTarget(
  { SerialNumber: serial }: { readonly SerialNumber: string },
  { caller, tx }: Pick<Call<Tx>, 'caller' | 'tx'>,
): Promise<Target<NamedDevice>> {
  const { accountId } = caller.principal
  const device = await findDevice(tx, accountId, serial)
  return { found: { accountId, serial, device }, resources: [serial] }
}

type Refuse = (code: 'NoSuchEntity', message: string) => never

/** Refuses with AWS's text when the account has no such device. */
export const getNamedDevice = ({ serial, device }: NamedDevice, refuse: Refuse): MfaDevice =>
  device ?? refuseMissing(serial, refuse)

/** The same, locked: its tags are then counted and changed by one request at a time. */
export const lockNamedDevice = async (tx: Tx, { accountId, serial }: NamedDevice, refuse: Refuse): Promise<MfaDevice> =>
  (await lockDevice(tx, accountId, serial)) ?? refuseMissing(serial, refuse)

export const refuseMissing = (serial: string, refuse: Refuse): never =>
  refuse('NoSuchEntity', `MFA Device with serial number ${serial} does not exist.`)
