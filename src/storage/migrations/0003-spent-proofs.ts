import { type Kysely, sql } from 'kysely'

/** Proofs of work that have been spent, until they would have ended anyway. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('spent_proofs')
    .addColumn('proof_id', 'text', (c) => c.primaryKey())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('spent_proofs_expiry').on('spent_proofs').column('expires_at').execute()
  // Half-done sign-ins, of ten minutes at most: they held challenges in a form that is gone.
  await sql`delete from sign_ins`.execute(db)
}
