import { type Kysely, sql } from 'kysely'

/** The date of a user's password, which GetLoginProfile tells; and tag keys that are compared as AWS compares them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').addColumn('password_created_at', 'bigint').execute()
  // Nothing gave a user a password before this. Should a row have one all the same, the user's own date stands for it.
  await sql`update users set password_created_at = created_at where password_hash is not null`.execute(db)

  await db.schema.alterTable('tags').renameColumn('tag_key_lower', 'tag_key_compared').execute()
  // Keys of devices' tags are compared as they are written. The resource begins after `arn:aws:iam::123456789012:`.
  await sql`update tags set tag_key_compared = tag_key where substr(resource_arn, 27, 4) = 'mfa/'`.execute(db)
}
