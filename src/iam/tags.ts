/**
 * Tags of users and MFA devices. Two keys of a user's tags are one when they differ by case alone, and the spelling given last
 * stays; those of a device are then two. So AWS answered in September 2026 (recorded in github.com/radkawar/stackd).
 */
import type { Principal } from '../core/caller.ts'
import type { Tx } from '../storage/schema.ts'
import { quotaMessage, quotas } from './limits.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Whose tags: what has an id that stays while its ARN may change, or an ARN that stays. */
export interface Tagged {
  readonly accountId: string
  readonly id: string
  readonly comparesCase: boolean
}

export const userTags = ({ accountId, id }: Principal): Tagged => ({ accountId, id, comparesCase: false })

export const deviceTags = ({ accountId, serial }: { readonly accountId: string; readonly serial: string }): Tagged => ({
  accountId,
  id: serial,
  comparesCase: true,
})

type RefuseTags = (code: 'InvalidInput' | 'LimitExceeded' | 'ValidationError', message: string) => never

const comparedKey = ({ comparesCase }: Tagged, key: string): string => (comparesCase ? key : key.toLowerCase())

/** AWS's own tags: nobody else sets one, in whatever case. Nor is there one to remove, so removal takes such keys. */
const reservedKey = /^aws:/i

export async function putTags(tx: Tx, of: Tagged, tags: readonly Tag[], refuse: RefuseTags): Promise<void> {
  // The model's pattern takes a key of blanks, AWS does not (recorded in the same place; its sentence is not known).
  const blank = tags.findIndex((tag) => tag.Key.trim() === '')
  if (blank >= 0) {
    const at = `1 validation error detected: Value at 'tags.${blank + 1}.member.key' failed to satisfy constraint`
    refuse('ValidationError', `${at}: Member must not be blank`)
  }
  if (tags.some((tag) => reservedKey.test(tag.Key)))
    refuse('InvalidInput', 'Tag keys beginning with aws: are reserved for system use.')
  const keys = new Set(tags.map((tag) => comparedKey(of, tag.Key)))
  if (keys.size < tags.length)
    refuse('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  for (const tag of tags) {
    await tx
      .insertInto('tags')
      .values({
        account_id: of.accountId,
        resource_id: of.id,
        tag_key: tag.Key,
        tag_key_compared: comparedKey(of, tag.Key),
        tag_value: tag.Value,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'resource_id', 'tag_key_compared'])
          .doUpdateSet({ tag_key: tag.Key, tag_value: tag.Value }),
      )
      .execute()
  }
  if ((await listTags(tx, of)).length > quotas.tagsPerResource) {
    refuse('LimitExceeded', quotaMessage('TagsPerResource', quotas.tagsPerResource))
  }
}

/** Sorted by key, whatever order the database would choose. */
export async function listTags(tx: Tx, of: Tagged): Promise<Tag[]> {
  const rows = await tx
    .selectFrom('tags')
    .select(['tag_key as Key', 'tag_value as Value'])
    .where('account_id', '=', of.accountId)
    .where('resource_id', '=', of.id)
    .execute()
  return rows.sort((a, b) => (a.Key < b.Key ? -1 : 1))
}

/** Removes the named keys, or all. */
export async function deleteTags(tx: Tx, of: Tagged, keys?: readonly string[]): Promise<void> {
  let query = tx.deleteFrom('tags').where('account_id', '=', of.accountId).where('resource_id', '=', of.id)
  if (keys !== undefined) {
    const compared = keys.map((key) => comparedKey(of, key))
    query = query.where('tag_key_compared', 'in', compared)
  }
  await query.execute()
}
