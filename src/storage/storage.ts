/**
 * One store, two engines. Everything above this folder sees a `Storage` and Kysely; what differs between SQLite and
 * PostgreSQL stands in `sqlite/` and `postgres/` and nowhere else.
 */
import type { Dialect } from 'kysely'
import { Kysely, sql } from 'kysely'
import { OperatorError } from '../core/errors.ts'
import type { Schema, Tx } from './schema.ts'

export interface Storage {
  readonly engine: 'sqlite' | 'postgres'
  /** Reads and single statements outside of a transaction. Never use it inside `transaction`: SQLite has one connection. */
  readonly reader: Tx
  /** All or nothing. Rolled back when `work` throws; the error is thrown on. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Where the data is: a folder (SQLite) or a `postgres://` URL. */
export type StoragePlace =
  | { readonly engine: 'sqlite'; readonly folder: string }
  | { readonly engine: 'postgres'; readonly url: string }

/** Connects, and changes nothing yet. Throws an `OperatorError` with one clear sentence. */
export async function connectStorage(place: StoragePlace): Promise<Storage> {
  const db = new Kysely<Schema>({ dialect: await dialectOf(place) })
  const storage: Storage = {
    engine: place.engine,
    reader: db,
    transaction: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  }
  try {
    await sql`select 1`.execute(db)
    return storage
  } catch (error) {
    await storage.close()
    throw new OperatorError(`cannot use the ${nameOf(place)}: ${reasonOf(error)}`, { cause: error })
  }
}

/** The reason that the driver gave, which stands behind our own translation of it. */
function reasonOf(error: unknown): string {
  const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return innermost instanceof Error ? innermost.message || 'it refused the connection' : 'unknown reason'
}

/** The drivers are loaded on demand: a start on SQLite does not pay for `pg`. */
async function dialectOf(place: StoragePlace): Promise<Dialect> {
  switch (place.engine) {
    case 'sqlite': {
      const { openSqlite } = await import('./sqlite/dialect.ts')
      return openSqlite(place.folder)
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres/dialect.ts')
      return openPostgres(place.url)
    }
    default:
      return place satisfies never
  }
}

/** Names the place without the password that a database URL may hold. */
function nameOf(place: StoragePlace): string {
  if (place.engine === 'sqlite') return `data folder ${place.folder}`
  try {
    const url = new URL(place.url)
    return `database at ${url.hostname}:${url.port || '5432'}${url.pathname}`
  } catch {
    return 'database'
  }
}
