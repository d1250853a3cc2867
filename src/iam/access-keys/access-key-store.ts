import type { AccountId } from '../../core/account-id.ts'
import type { Principal } from '../../core/caller.ts'
import type { Random } from '../../core/random.ts'
import type { Secret } from '../../core/secret.ts'
import { newAccessKeyId, newSecretAccessKey } from '../../credentials/access-key.ts'
import type { Sealer } from '../../credentials/seal.ts'
import type { Tx } from '../../storage/schema.ts'
import { quotas } from '../limits.ts'

export interface NewAccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret<string>
}

/** How the sealed secret is bound to its row. */
export const secretContext = (accountId: string, accessKeyId: string): readonly string[] => [
  'access_keys',
  accountId,
  accessKeyId,
  'secret',
]

/** Undefined: the principal has two keys already. Whoever calls holds the principal's lock, or has just made it. */
export async function insertAccessKey(
  tx: Tx,
  sealer: Sealer,
  random: Random,
  principal: Principal,
  now: number,
): Promise<NewAccessKey | undefined> {
  if ((await accessKeysOf(tx, principal)).length >= quotas.accessKeysPerUser) return undefined
  for (;;) {
    const accessKeyId = newAccessKeyId(random, principal.accountId, 'AKIA')
    const secretAccessKey = newSecretAccessKey(random)
    const rows = await tx
      .insertInto('access_keys')
      .values({
        account_id: principal.accountId,
        access_key_id: accessKeyId,
        principal_id: principal.id,
        secret_sealed: sealer.seal(
          Buffer.from(secretAccessKey.reveal()),
          secretContext(principal.accountId, accessKeyId),
        ),
        status: 'Active',
        created_at: now,
        last_used_at: null,
        last_used_region: null,
        last_used_service: null,
      })
      // Ids have 39 random bits: should one be taken, another is drawn.
      .onConflict((conflict) => conflict.columns(['account_id', 'access_key_id']).doNothing())
      .returning('access_key_id')
      .execute()
    if (rows.length === 1) return { accessKeyId, secretAccessKey }
  }
}

export async function accessKeysOf(tx: Tx, principal: Principal) {
  return tx
    .selectFrom('access_keys')
    .select(['access_key_id', 'status', 'created_at'])
    .where('account_id', '=', principal.accountId)
    .where('principal_id', '=', principal.id)
    .orderBy('created_at')
    .orderBy('access_key_id')
    .execute()
}

/** False: the principal has no such key. */
export async function setAccessKeyStatus(
  tx: Tx,
  { accountId, id }: Principal,
  accessKeyId: string,
  status: 'Active' | 'Inactive',
): Promise<boolean> {
  const rows = await tx
    .updateTable('access_keys')
    .set({ status })
    .where('account_id', '=', accountId)
    .where('access_key_id', '=', accessKeyId)
    .where('principal_id', '=', id)
    .returning('access_key_id')
    .execute()
  return rows.length === 1
}

/** False: the principal has no such key. */
export async function removeAccessKey(tx: Tx, { accountId, id }: Principal, accessKeyId: string): Promise<boolean> {
  const rows = await tx
    .deleteFrom('access_keys')
    .where('account_id', '=', accountId)
    .where('access_key_id', '=', accessKeyId)
    .where('principal_id', '=', id)
    .returning('access_key_id')
    .execute()
  return rows.length === 1
}

export interface AccessKeyUse {
  readonly principalId: string
  /** Null: never, and then the others are null as well. */
  readonly lastUsedAt: number | null
  readonly region: string | null
  readonly service: string | null
}

export async function findAccessKeyUse(
  tx: Tx,
  accountId: AccountId,
  accessKeyId: string,
): Promise<AccessKeyUse | undefined> {
  const row = await tx
    .selectFrom('access_keys')
    .select(['principal_id', 'last_used_at', 'last_used_region', 'last_used_service'])
    .where('account_id', '=', accountId)
    .where('access_key_id', '=', accessKeyId)
    .executeTakeFirst()
  return (
    row && {
      principalId: row.principal_id,
      lastUsedAt: row.last_used_at,
      region: row.last_used_region,
      service: row.last_used_service,
    }
  )
}

/** Writes the last use; at most once a minute for a key, which is as exact as AWS shows it. */
export async function noteAccessKeyUse(
  tx: Tx,
  use: { accountId: AccountId; accessKeyId: string; region: string; service: string; now: number },
): Promise<void> {
  await tx
    .updateTable('access_keys')
    .set({ last_used_at: use.now, last_used_region: use.region, last_used_service: use.service })
    .where('account_id', '=', use.accountId)
    .where('access_key_id', '=', use.accessKeyId)
    .execute()
}
