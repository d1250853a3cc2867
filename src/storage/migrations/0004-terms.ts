import { type Kysely, sql } from 'kysely'

/** The tables and columns by the names that the program and its documentation use. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tries').renameTo('attempts').execute()
  await db.schema.alterTable('attempts').renameColumn('epoch', 'period').execute()
  await db.schema.alterTable('attempts').renameColumn('next_try_at', 'next_attempt_at').execute()
  await db.schema.alterTable('known_browsers').renameTo('trusted_browsers').execute()
  for (const table of ['accounts', 'users'])
    await db.schema.alterTable(table).renameColumn('password_epoch', 'password_version').execute()
  // Half-done sign-ins, of ten minutes at most: their states have the former names.
  await sql`delete from sign_ins`.execute(db)
}
