/** Compares what clients know of their changes with what the store holds (security: §4.1, I-1, I-2, I-3, I-7, I-9). */
import { sql } from 'kysely'
import type { AccountId } from '../../src/core/account-id.ts'
import { findDevice, openSeed } from '../../src/iam/mfa-devices/device-store.ts'
import type { Store } from '../../src/open-store.ts'
import { toBase32 } from './base32.ts'
import type { Change } from './changes.ts'

interface EventFacts {
  readonly eventName: string
  readonly errorCode?: string
  readonly requestParameters: {
    readonly userName?: string
    readonly virtualMFADeviceName?: string
  } | null
}

/** Every breach, in words; empty when all is as it must be. */
export async function findBreaches(store: Store, accountId: AccountId, changes: readonly Change[]): Promise<string[]> {
  const { reader } = store.storage
  const breaches: string[] = []
  if (store.storage.engine === 'sqlite') {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(reader)
    if (rows[0]?.integrity_check !== 'ok') breaches.push(`integrity_check says ${JSON.stringify(rows)}`)
  }
  const events = await countEvents(store, accountId)
  const happened = (change: Change): boolean => events.get(keyOf(change)) === 1
  for (const change of changes) {
    const count = events.get(keyOf(change)) ?? 0
    const due = change.outcome === 'acknowledged' ? count === 1 : count <= 1
    if (!due) breaches.push(`${keyOf(change)}, ${change.outcome}, has ${count} events`)
  }

  const byUser = new Map<string, Change[]>()
  for (const change of changes) byUser.set(change.userName, [...(byUser.get(change.userName) ?? []), change])
  const users = new Map(
    (await reader.selectFrom('users').selectAll().where('account_id', '=', accountId).execute()).map((row) => [
      row.user_name,
      row.user_id,
    ]),
  )
  for (const [userName, own] of byUser) {
    const did = (operation: string) => own.some((change) => change.operation === operation && happened(change))
    const userId = users.get(userName)
    if ((userId !== undefined) !== (did('CreateUser') && !did('DeleteUser')))
      breaches.push(`the user ${userName} ${userId === undefined ? 'is not' : 'is'} there, against its events`)
    const keys = await reader
      .selectFrom('access_keys')
      .select('status')
      .where('account_id', '=', accountId)
      .where('principal_id', '=', userId ?? '')
      .execute()
    const status = did('UpdateAccessKey') ? 'Inactive' : 'Active'
    const due = did('CreateAccessKey') && !did('DeleteAccessKey') ? [{ status }] : []
    if (JSON.stringify(keys) !== JSON.stringify(due))
      breaches.push(`${userName} has the keys ${JSON.stringify(keys)}, expected ${JSON.stringify(due)}`)
    breaches.push(...(await deviceBreaches(store, accountId, { userName, userId, own, did })))
  }
  return breaches
}

async function deviceBreaches(
  store: Store,
  accountId: AccountId,
  user: {
    readonly userName: string
    readonly userId: string | undefined
    readonly own: readonly Change[]
    did(operation: string): boolean
  },
): Promise<string[]> {
  const { userName, userId, own, did } = user
  const device = await findDevice(store.storage.reader, accountId, `arn:aws:iam::${accountId}:mfa/${userName}`)
  if ((device !== undefined) !== did('CreateVirtualMFADevice'))
    return [`the device ${userName} ${device === undefined ? 'is not' : 'is'} there, against its events`]
  if (device === undefined) return []
  const seed = toBase32(openSeed(store.sealer, device))
  const enabling = own.find((change) => change.operation === 'EnableMFADevice')
  if (enabling?.app !== undefined && enabling.app.secret !== seed) return [`the seed of ${userName} is another one`]
  const shown = { principalId: device.principalId, enabled: device.enabledAt !== null, lastStep: device.lastStep }
  const due = did('EnableMFADevice')
    ? { principalId: userId, enabled: true, lastStep: enabling?.step }
    : { principalId: null, enabled: false, lastStep: -1 }
  return JSON.stringify(shown) === JSON.stringify(due)
    ? []
    : [`the device ${userName} is ${JSON.stringify(shown)}, expected ${JSON.stringify(due)}`]
}

const keyOf = ({ operation, userName }: Pick<Change, 'operation' | 'userName'>): string => `${operation} ${userName}`

/** How many events of success each change has. */
async function countEvents({ storage }: Store, accountId: AccountId): Promise<ReadonlyMap<string, number>> {
  const rows = await storage.reader.selectFrom('events').select('record').where('account_id', '=', accountId).execute()
  const counts = new Map<string, number>()
  for (const { record } of rows) {
    const event = JSON.parse(record) as EventFacts
    if (event.errorCode !== undefined) continue
    const userName = event.requestParameters?.userName ?? event.requestParameters?.virtualMFADeviceName ?? ''
    const key = keyOf({ operation: event.eventName, userName })
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
