/** The one-time link that `serve` prints while no account exists. It is needed on localhost too: other users share it. */
import { tokenHash } from '../core/hash.ts'
import { type Random, randomToken } from '../core/random.ts'
import type { Tx } from '../storage/schema.ts'
import { anyAccountExists } from './account-store.ts'

/** Long enough to read the terminal and fill in a form, short enough not to lie about for a day. */
export const setupLinkMs = 60 * 60 * 1000

/** Makes a new link's token and voids all earlier ones. */
export async function newSetupLink(tx: Tx, random: Random, now: number): Promise<string> {
  const token = randomToken(random)
  await tx.deleteFrom('setup_links').where('used_at', 'is', null).execute()
  await tx
    .insertInto('setup_links')
    .values({ token_hash: tokenHash(token), expires_at: now + setupLinkMs, used_at: null })
    .execute()
  return token
}

/** Whether the token would be accepted now. */
export async function isSetupLinkOpen(tx: Tx, token: string, now: number): Promise<boolean> {
  const row = await tx
    .selectFrom('setup_links')
    .select('token_hash')
    .where('token_hash', '=', tokenHash(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row !== undefined && !(await anyAccountExists(tx))
}

/** Uses the token up. False: it was wrong, expired or used, or an account exists by now. */
export async function redeemSetupLink(tx: Tx, token: string, now: number): Promise<boolean> {
  if (await anyAccountExists(tx)) return false
  const rows = await tx
    .updateTable('setup_links')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('token_hash')
    .execute()
  return rows.length === 1
}
