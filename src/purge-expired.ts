import { sql } from 'kysely'
import { deleteWizardDevices } from './iam/mfa-devices/device-store.ts'
import type { Storage } from './storage/storage.ts'

const dayMs = 86_400_000
/** Servers' clocks may be this far apart, and a half-done sign-in has its end by one of them. */
const clockMarginMs = 60_000

/**
 * Sweeps what nothing can use any more. Nothing depends on it: everything checks its own time. `now` is the store's time: a server
 * with a wrong clock must not sweep what others still use.
 */
export async function purgeExpired({ reader }: Storage, now: number): Promise<void> {
  await deleteWizardDevices(reader, now)
  await reader
    .deleteFrom('sign_ins')
    .where('expires_at', '<', now - clockMarginMs)
    .execute()
  await reader
    .deleteFrom('sessions')
    .where('expires_at', '<', now - dayMs)
    .execute()
  await reader
    .deleteFrom('setup_links')
    .where('expires_at', '<', now - dayMs)
    .execute()
  await reader
    .deleteFrom('spent_proofs')
    .where('expires_at', '<', now - clockMarginMs)
    .execute()
  // Password attempts count by the day; `period` is the number of the day.
  const day = Math.floor(now / dayMs)
  await reader
    .deleteFrom('attempts')
    .where('kind', '=', 'password')
    .where(sql<number>`cast(period as bigint)`, '<', day - 1)
    .execute()
}
