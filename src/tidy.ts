import { deleteWizardDevices } from './iam/mfa-devices/device-store.ts'
import type { Storage } from './storage/storage.ts'

const dayMs = 86_400_000
const clockMarginMs = 60_000

/** Sweeps what nothing can use any more. Nothing depends on it: everything checks its own time. */
export async function tidy({ reader }: Storage, now: number): Promise<void> {
  await deleteWizardDevices(reader, now)
  await reader.deleteFrom('sign_ins').where('expires_at', '<', now).execute()
  await reader
    .deleteFrom('sessions')
    .where('expires_at', '<', now - dayMs)
    .execute()
  await reader
    .deleteFrom('setup_links')
    .where('expires_at', '<', now - dayMs)
    .execute()
  // Ends are of the store's own time, which this server's clock may be a little ahead of.
  await reader
    .deleteFrom('spent_proofs')
    .where('expires_at', '<', now - clockMarginMs)
    .execute()
  // Password tries count by the day; `epoch` is the number of the day.
  const day = Math.floor(now / dayMs)
  await reader
    .deleteFrom('tries')
    .where('kind', '=', 'password')
    .where('epoch', 'not in', [String(day), String(day - 1)])
    .execute()
}
