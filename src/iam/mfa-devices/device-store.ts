/** Virtual MFA devices. INVARIANT(last-step) is kept by the conditional writes of this file and nothing else writes the column. */
import { type ExpressionBuilder, sql } from 'kysely'
import type { AccountId } from '../../core/account-id.ts'
import type { Sealer } from '../../credentials/seal.ts'
import type { MfaSubject } from '../../rate-limits/mfa-attempts.ts'
import type { Schema, Tx } from '../../storage/schema.ts'
import { deleteTags, deviceTags } from '../tags.ts'

export interface MfaDevice {
  readonly accountId: AccountId
  readonly serial: string
  readonly name: string
  readonly path: string
  readonly createdAt: number
  readonly seedSealed: string
  /** Null: assigned to nobody. */
  readonly principalId: string | null
  readonly enabledAt: number | null
  readonly lastStep: number
  readonly driftSet: number
  readonly drift: number
  readonly verifiedAt: number | null
}

export interface NewDevice {
  readonly accountId: AccountId
  readonly serial: string
  readonly name: string
  readonly path: string
  readonly seed: Uint8Array
  readonly wizardSession: string | null
}

/** A device that a console wizard left behind is gone after this time, whatever became of its browser. */
export const wizardDeviceMs = 30 * 60 * 1000

const seedContext = (accountId: string, serial: string) => ['mfa_devices', accountId, serial, 'seed']

export const openSeed = (sealer: Sealer, device: MfaDevice): Buffer =>
  sealer.open(device.seedSealed, seedContext(device.accountId, device.serial))

export async function insertDevice(
  tx: Tx,
  sealer: Sealer,
  device: NewDevice,
  now: number,
): Promise<'inserted' | 'serial-taken'> {
  // What a swept device of the same serial has left is not the new one's.
  if ((await findDevice(tx, device.accountId, device.serial)) !== undefined) return 'serial-taken'
  await deleteTags(tx, deviceTags(device))
  const rows = await tx
    .insertInto('mfa_devices')
    .values({
      account_id: device.accountId,
      serial: device.serial,
      name: device.name,
      path: device.path,
      seed_sealed: sealer.seal(device.seed, seedContext(device.accountId, device.serial)),
      created_at: now,
      wizard_session: device.wizardSession,
      principal_id: null,
      enabled_at: null,
      last_step: -1,
      drift_set: 0,
      drift: 0,
      verified_at: null,
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'serial']).doNothing())
    .returning('serial')
    .execute()
  return rows.length === 1 ? 'inserted' : 'serial-taken'
}

export async function findDevice(tx: Tx, accountId: AccountId, serial: string): Promise<MfaDevice | undefined> {
  const row = await tx
    .selectFrom('mfa_devices')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('serial', '=', serial)
    .executeTakeFirst()
  return row && toDevice(row)
}

/** The same, with a row lock until the transaction ends: who has it is then settled. */
export async function lockDevice(tx: Tx, accountId: AccountId, serial: string): Promise<MfaDevice | undefined> {
  const row = await tx
    .updateTable('mfa_devices')
    .set({ serial })
    .where('account_id', '=', accountId)
    .where('serial', '=', serial)
    .returningAll()
    .executeTakeFirst()
  return row && toDevice(row)
}

/**
 * What attempts at the codes of a device that is nobody's yet count for: the one who attempts and this very device. So nobody uses up
 * another's attempts, and a new device of the same serial begins afresh.
 */
export const enablingAttempts = (device: MfaDevice, callerId: string): MfaSubject => ({
  accountId: device.accountId,
  principalId: `${device.serial} ${callerId}`,
  passwordVersion: device.createdAt,
})

/** Once a device has been enabled, or is gone, nobody's attempts at it mean anything. */
export async function forgetEnablingAttempts(tx: Tx, { accountId, serial }: MfaDevice): Promise<void> {
  const start = `${serial} `
  await tx
    .deleteFrom('attempts')
    .where('account_id', '=', accountId)
    .where(sql<string>`substr(subject, 1, ${sql.lit(start.length)})`, '=', start)
    .execute()
}

/**
 * The active devices of a principal, oldest first. INVARIANT(mfa-needed): "has this principal an active device?" is asked here, at
 * each verification, and stored nowhere (security: decision 3).
 */
export async function activeDevicesOf(tx: Tx, accountId: AccountId, principalId: string): Promise<MfaDevice[]> {
  const rows = await tx
    .selectFrom('mfa_devices')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('principal_id', '=', principalId)
    .orderBy('enabled_at')
    .orderBy('serial')
    .execute()
  return rows.map(toDevice)
}

/** The time steps that accepted codes are of: one code has the same for both, two consecutive codes have one each. */
export interface AcceptedSteps {
  readonly firstStep: number
  readonly step: number
  readonly drift: number
}

/**
 * The condition of every write that spends codes (INVARIANT(last-step)): the device is still the one whose seed the codes were checked
 * with, and none of their steps has been spent meanwhile, the first of them included.
 */
const stillUnspent =
  (device: MfaDevice, { firstStep }: AcceptedSteps) =>
  (eb: ExpressionBuilder<Schema, 'mfa_devices'>) =>
    eb.and([
      eb('account_id', '=', device.accountId),
      eb('serial', '=', device.serial),
      eb('seed_sealed', '=', device.seedSealed),
      eb('last_step', '<', firstStep),
    ])

/** Gives a device that is nobody's to a principal. False: somebody was faster, or one of the steps was spent before. */
export async function assignDevice(
  tx: Tx,
  device: MfaDevice,
  to: AcceptedSteps & { readonly principalId: string },
  now: number,
): Promise<boolean> {
  const rows = await tx
    .updateTable('mfa_devices')
    .set({
      principal_id: to.principalId,
      enabled_at: now,
      last_step: to.step,
      drift_set: to.drift,
      drift: to.drift,
      wizard_session: null,
      verified_at: null,
    })
    .where(stillUnspent(device, to))
    .where('principal_id', 'is', null)
    .returning('serial')
    .execute()
  return rows.length === 1
}

/** Takes a device from its principal; it stays, assigned to nobody, and remembers its last step. */
export async function unassignDevice(tx: Tx, device: MfaDevice): Promise<boolean> {
  const rows = await tx
    .updateTable('mfa_devices')
    .set({ principal_id: null, enabled_at: null, verified_at: null })
    .where('account_id', '=', device.accountId)
    .where('serial', '=', device.serial)
    .where('principal_id', '=', device.principalId)
    .returning('serial')
    .execute()
  return rows.length === 1
}

/** Spends the steps of an active device's codes. False: one of them was spent before, or the device is no longer active. */
export async function redeemSteps(
  tx: Tx,
  device: MfaDevice,
  accepted: AcceptedSteps & { readonly driftSet?: number; readonly verifiedAt?: number },
): Promise<boolean> {
  const rows = await tx
    .updateTable('mfa_devices')
    .set({
      last_step: accepted.step,
      drift: accepted.drift,
      ...(accepted.driftSet === undefined ? {} : { drift_set: accepted.driftSet }),
      ...(accepted.verifiedAt === undefined ? {} : { verified_at: accepted.verifiedAt }),
    })
    .where(stillUnspent(device, accepted))
    .where('principal_id', '=', device.principalId)
    .returning('serial')
    .execute()
  return rows.length === 1
}

export async function deleteUnassignedDevice(tx: Tx, device: MfaDevice): Promise<boolean> {
  const rows = await tx
    .deleteFrom('mfa_devices')
    .where('account_id', '=', device.accountId)
    .where('serial', '=', device.serial)
    .where('principal_id', 'is', null)
    .returning('serial')
    .execute()
  return rows.length === 1
}

export interface DeviceCounts {
  readonly all: number
  readonly assigned: number
  readonly ofRoot: number
}

export async function countDevices(tx: Tx, accountId: AccountId): Promise<DeviceCounts> {
  const row = await tx
    .selectFrom('mfa_devices')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.count<number>('principal_id').as('assigned'),
      eb.fn.count<number>(eb.case().when('principal_id', '=', accountId).then(1).end()).as('ofRoot'),
    ])
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return { all: Number(row.all), assigned: Number(row.assigned), ofRoot: Number(row.ofRoot) }
}

/** Those of a principal, or of all and none, by serial behind `after`. */
export async function devicesAfter(
  tx: Tx,
  accountId: AccountId,
  which: 'Any' | 'Assigned' | 'Unassigned' | { readonly principalId: string },
  after: string,
  limit: number,
): Promise<MfaDevice[]> {
  let query = tx
    .selectFrom('mfa_devices')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('serial', '>', after)
    .orderBy('serial')
    .limit(limit)
  if (typeof which === 'object') query = query.where('principal_id', '=', which.principalId)
  else if (which === 'Assigned') query = query.where('principal_id', 'is not', null)
  else if (which === 'Unassigned') query = query.where('principal_id', 'is', null)
  return (await query.execute()).map(toDevice)
}

/** Removes what wizards have left: the session's own earlier device, and everybody's older ones. */
export async function deleteWizardDevices(
  tx: Tx,
  now: number,
  of?: { readonly accountId: AccountId; readonly session: string },
): Promise<void> {
  await tx
    .deleteFrom('mfa_devices')
    .where('principal_id', 'is', null)
    .where('wizard_session', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('created_at', '<', now - wizardDeviceMs),
        ...(of === undefined
          ? []
          : [eb.and([eb('account_id', '=', of.accountId), eb('wizard_session', '=', of.session)])]),
      ]),
    )
    .execute()
}

interface DeviceRow {
  account_id: string
  serial: string
  name: string
  path: string
  created_at: number
  seed_sealed: string
  principal_id: string | null
  enabled_at: number | null
  last_step: number
  drift_set: number
  drift: number
  verified_at: number | null
}

const toDevice = (row: DeviceRow): MfaDevice => ({
  accountId: row.account_id as AccountId,
  serial: row.serial,
  name: row.name,
  path: row.path,
  createdAt: row.created_at,
  seedSealed: row.seed_sealed,
  principalId: row.principal_id,
  enabledAt: row.enabled_at,
  lastStep: row.last_step,
  driftSet: row.drift_set,
  drift: row.drift,
  verifiedAt: row.verified_at,
})
