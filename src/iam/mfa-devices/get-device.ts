import type { Caller } from '../../core/caller.ts'
import type { Tx } from '../../storage/schema.ts'
import { findDevice, lockDevice, type MfaDevice } from './device-store.ts'

/** Refuses with AWS's text when the account has no such device. */
export async function getDevice(
  tx: Tx,
  caller: Caller,
  serial: string,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): Promise<MfaDevice> {
  return (await findDevice(tx, caller.principal.accountId, serial)) ?? refuseMissing(serial, refuse)
}

/** The same, locked: its tags are then counted and changed by one request at a time. */
export async function getLockedDevice(
  tx: Tx,
  caller: Caller,
  serial: string,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): Promise<MfaDevice> {
  return (await lockDevice(tx, caller.principal.accountId, serial)) ?? refuseMissing(serial, refuse)
}

export const refuseMissing = (serial: string, refuse: (code: 'NoSuchEntity', message: string) => never): never =>
  refuse('NoSuchEntity', `MFA Device with serial number ${serial} does not exist.`)
