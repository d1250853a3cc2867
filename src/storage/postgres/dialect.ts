/**
 * PostgreSQL through `pg`. Differs from Kysely's own dialect in that time limits are set on each connection, `bigint`
 * comes back as a number, lost connections and refusals for want of resources become `StorageUnavailable`, and a
 * connection that broke is never lent again.
 */
import { type Dialect, PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { StorageUnavailable } from '../../core/errors.ts'

/** All `bigint` columns hold milliseconds, steps, counts: below 2^53. */
const bigintOid = 20

const limits = {
  /** Enough to keep two cores busy; what is more waits in the pool. */
  max: 10,
  connectionTimeoutMillis: 2_000,
  /** A statement here takes a millisecond: two seconds mean that something is stuck (security: F-15). */
  statement_timeout: 2_000,
  lock_timeout: 1_000,
  idle_in_transaction_session_timeout: 5_000,
  /** Our own patience, for a database that can no longer be heard: a little longer than the database's. */
  query_timeout: 2_500,
  /** A server that went away without a word is noticed also between requests (security: F-24). */
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
} as const

export function openPostgres(url: string): Dialect {
  const types = new pg.TypeOverrides()
  types.setTypeParser(bigintOid, Number)
  const pool = new pg.Pool({
    connectionString: url,
    ...limits,
    types,
    application_name: 'sallyport',
    onConnect: checkServer,
  })
  // A connection that breaks while nothing is asked of it, idle or in a transaction that computes, reports it as an event;
  // without listeners that would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  // Where one connection breaks, those opened before it are likely to be as dead: they are not asked, each in vain and at the
  // price of somebody's time limit, but replaced.
  let generation = 0
  const generations = new WeakMap<pg.PoolClient, number>()
  const findConnection = async (): Promise<pg.PoolClient> => {
    for (;;) {
      const client = await pool.connect()
      const own = generations.get(client) ?? generation
      generations.set(client, own)
      if (own === generation) return client
      client.release(true)
    }
  }
  const suspectOthers = () => {
    generation++
  }
  return new PostgresDialect({
    pool: {
      async connect() {
        try {
          return lend(await findConnection(), suspectOthers)
        } catch (error) {
          if (error instanceof StorageUnavailable) throw error
          throw new StorageUnavailable('postgres: no connection', { cause: error })
        }
      },
      end: () => endPool(pool),
    },
  })
}

/**
 * Asked of each new connection (security: §4.4). A standby answers with what was true some time ago, and a database that
 * does not wait for its disk can forget that a code was used.
 */
async function checkServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ synchronous_commit: string; standby: boolean }>(
    "select current_setting('synchronous_commit') as synchronous_commit, pg_is_in_recovery() as standby",
  )
  const [server] = rows
  if (server?.standby !== false) throw new StorageUnavailable('it is a standby: name the primary')
  if (server.synchronous_commit === 'off') {
    throw new StorageUnavailable('its synchronous_commit is off, and a used code could be forgotten: set it to on')
  }
}

/** The client as Kysely takes it, with its errors translated. */
function lend(client: pg.PoolClient, suspectOthers: () => void): PostgresPoolClient {
  let broken = false
  async function query(text: string, values: readonly unknown[]) {
    // The database does that by itself when a connection breaks; to ask for it in vain would only hide the first error.
    if (broken && text === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] }
    try {
      return await client.query(text, [...values])
    } catch (error) {
      if (!broken && (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL')) {
        broken = true
        suspectOthers()
      }
      throw toStorageError(error, broken && text === 'commit')
    }
  }
  // Kysely's other way to call it, with a cursor, is for dialects that are given one.
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(broken) }
}

/** SQLSTATE classes after which nothing was changed: connection, resources, operator, read-only, locks, cancelled, disk (PostgreSQL appendix A). */
const unavailableStates = /^(08|53|57P|58|55P03|57014|25006|25P0|40001|40P01)/
const unavailableCodes = /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/
const unavailableTexts = /Connection terminated|Query read timeout|not queryable|Client was closed|connection error/

function toStorageError(error: unknown, outcomeUnknown: boolean): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const unavailable =
    error instanceof pg.DatabaseError
      ? unavailableStates.test(code)
      : unavailableCodes.test(code) || unavailableTexts.test(error.message)
  if (!unavailable) return error
  return new StorageUnavailable(`postgres: ${code || 'connection lost'}`, { cause: error, outcomeUnknown })
}

/** A database that does not answer must not keep the process from ending. */
async function endPool(pool: pg.Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limits.connectionTimeoutMillis)
  })
  await Promise.race([pool.end(), late])
  clearTimeout(timer)
}
