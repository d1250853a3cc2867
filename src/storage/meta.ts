/** Facts about the store itself: the version of its schema, the key that seals it. */
import type { Tx } from './schema.ts'

/** Undefined also for a store that has no tables yet. */
export async function findMeta(tx: Tx, name: string): Promise<string | undefined> {
  const tables = await tx.introspection.getTables()
  if (!tables.some((table) => table.name === 'meta')) return undefined
  const row = await tx.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

/** Keeps the value that is there already, and returns it. */
export async function setMetaOnce(tx: Tx, name: string, value: string): Promise<string> {
  await tx
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await tx.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirstOrThrow()
  return row.value
}

export async function setMeta(tx: Tx, name: string, value: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
