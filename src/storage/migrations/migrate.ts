import { setTimeout } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { OperatorError } from '../../core/errors.ts'
import { findMeta, setMeta } from '../meta.ts'
import type { Storage } from '../storage.ts'
import { up as first } from './0001-first.ts'
import { up as loginProfiles } from './0002-login-profiles.ts'
import { up as spentProofs } from './0003-spent-proofs.ts'
import { up as terms } from './0004-terms.ts'
import { up as tagsById } from './0005-tags-by-id.ts'

/** In the order in which they apply; the n-th brings the schema to version n. */
const migrations: readonly ((db: Kysely<unknown>) => Promise<void>)[] = [
  first,
  loginProfiles,
  spentProofs,
  terms,
  tagsById,
]

/** The version that this program's migrations lead to. */
export const newestSchema = migrations.length

/** One number for all Sallyport servers: who holds it changes the schema alone. */
const postgresLockKey = 72_559_677
const lockWaitMs = 50
const lockWaitMsMax = 60_000

/**
 * Brings the schema to the newest version, each step in one transaction. A store that is newer than this program is
 * refused, untouched.
 */
export async function migrate(storage: Storage): Promise<void> {
  if ((await schemaVersion(storage.reader)) === newestSchema) return
  await storage.transaction(async (tx) => {
    if (storage.engine === 'postgres') await takePostgresLock(tx)
    const version = await schemaVersion(tx)
    if (version > newestSchema) {
      throw new OperatorError(
        `the data is of schema ${version}, newer than this program's ${newestSchema}: use a newer Sallyport`,
      )
    }
    for (const up of migrations.slice(version)) await up(tx as Kysely<unknown>)
    await setMeta(tx, 'schema', String(newestSchema))
  })
}

/** Asked for again and again: waited for, it would end by the time limit of a statement, which a migration may take longer than. */
async function takePostgresLock(tx: Storage['reader']): Promise<void> {
  for (let waitedMs = 0; waitedMs < lockWaitMsMax; waitedMs += lockWaitMs) {
    const { rows } = await sql<{
      taken: boolean
    }>`select pg_try_advisory_xact_lock(${postgresLockKey}) as taken`.execute(tx)
    if (rows[0]?.taken === true) return
    await setTimeout(lockWaitMs)
  }
  throw new OperatorError('another process is changing the schema of this database: start again when it has ended')
}

const schemaVersion = async (db: Storage['reader']): Promise<number> => Number((await findMeta(db, 'schema')) ?? 0)
