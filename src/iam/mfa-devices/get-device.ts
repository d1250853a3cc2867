import type { Caller } from '../../core/caller.ts'
import type { Tx } from '../../storage/schema.ts'
import { findDevice, type MfaDevice } from './device-store.ts'

/** Refuses with AWS's text when the account has no such device. */
export async function getDevice(
  tx: Tx,
  caller: Caller,
  serial: string,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): Promise<MfaDevice> {
  const device = await findDevice(tx, caller.principal.accountId, serial)
  return device ?? refuse('NoSuchEntity', `VirtualMFADevice with serial number ${serial} does not exist.`)
}
