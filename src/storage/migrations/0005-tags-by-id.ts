import { type Kysely, sql } from 'kysely'

/** Tags belong to what has them by its unique id: a user's ARN changes with its name and path, its id never does. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tags').renameColumn('resource_arn', 'resource_id').execute()
  await sql`update tags set resource_id = users.user_id from users where users.account_id = tags.account_id
    and tags.resource_id = 'arn:aws:iam::' || users.account_id || ':user' || users.path || users.user_name`.execute(db)
}
