/** Tags of users and MFA devices. Keys are unique without regard to case. */
import type { Tx } from '../storage/schema.ts'
import { quotaMessage, quotas } from './limits.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

type RefuseTags = (code: 'InvalidInput' | 'LimitExceeded', message: string) => never

/** Adds to or changes the tags of what the ARN names. */
export async function putTags(
  tx: Tx,
  accountId: string,
  arn: string,
  tags: readonly Tag[],
  refuse: RefuseTags,
): Promise<void> {
  const keys = new Set(tags.map((tag) => tag.Key.toLowerCase()))
  if (keys.size < tags.length)
    refuse('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  for (const tag of tags) {
    await tx
      .insertInto('tags')
      .values({
        account_id: accountId,
        resource_arn: arn,
        tag_key: tag.Key,
        tag_key_lower: tag.Key.toLowerCase(),
        tag_value: tag.Value,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'resource_arn', 'tag_key_lower'])
          .doUpdateSet({ tag_key: tag.Key, tag_value: tag.Value }),
      )
      .execute()
  }
  if ((await listTags(tx, accountId, arn)).length > quotas.tagsPerResource) {
    refuse('LimitExceeded', quotaMessage('TagsPerResource', quotas.tagsPerResource))
  }
}

/** Sorted by key, whatever order the database would choose. */
export async function listTags(tx: Tx, accountId: string, arn: string): Promise<Tag[]> {
  const rows = await tx
    .selectFrom('tags')
    .select(['tag_key as Key', 'tag_value as Value'])
    .where('account_id', '=', accountId)
    .where('resource_arn', '=', arn)
    .execute()
  return rows.sort((a, b) => (a.Key < b.Key ? -1 : 1))
}

/** Removes the named keys, or all. */
export async function deleteTags(tx: Tx, accountId: string, arn: string, keys?: readonly string[]): Promise<void> {
  let query = tx.deleteFrom('tags').where('account_id', '=', accountId).where('resource_arn', '=', arn)
  if (keys !== undefined) {
    const lower = keys.map((key) => key.toLowerCase())
    query = query.where('tag_key_lower', 'in', lower)
  }
  await query.execute()
}
