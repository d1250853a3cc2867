/**
 * PostgreSQL through `pg`. Differs from Kysely's own dialect in that time limits are set on each connection, `bigint`
 * comes back as a number, and lost connections and refusals for want of resources become `StorageUnavailable`.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresDialect,
  type QueryResult,
} from 'kysely'
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
} as const

export function openPostgres(url: string): Dialect {
  const types = new pg.TypeOverrides()
  types.setTypeParser(bigintOid, Number)
  const pool = new pg.Pool({ connectionString: url, ...limits, types, application_name: 'sallyport' })
  // An idle connection that breaks is replaced by the pool; without a listener the error would end the process.
  pool.on('error', () => {})
  const dialect = new PostgresDialect({ pool })
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => guard(dialect.createDriver()),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

/** The same driver, with its errors translated. */
function guard(driver: Driver): Driver {
  const guarded = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const plain = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const plainOf = (connection: DatabaseConnection) => plain.get(connection) ?? connection
  return {
    init: () => translated(driver.init()),
    async acquireConnection() {
      const connection = await translated(driver.acquireConnection())
      const known = guarded.get(connection)
      if (known !== undefined) return known
      const wrapped: DatabaseConnection = {
        executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
          translated(connection.executeQuery<R>(query)),
        streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
      }
      guarded.set(connection, wrapped)
      plain.set(wrapped, connection)
      return wrapped
    },
    beginTransaction: (connection, settings) => translated(driver.beginTransaction(plainOf(connection), settings)),
    commitTransaction: (connection) => translated(driver.commitTransaction(plainOf(connection))),
    rollbackTransaction: (connection) => translated(driver.rollbackTransaction(plainOf(connection))),
    releaseConnection: (connection) => driver.releaseConnection(plainOf(connection)),
    destroy: () => driver.destroy(),
  }
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toStorageError(error)
  }
}

/** SQLSTATE classes after which nothing was changed: connection, resources, operator, locks, cancelled, disk (PostgreSQL appendix A). */
const unavailableStates = /^(08|53|57P|58|55P03|57014|25P0|40001|40P01)/
const unavailableCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])
const unavailableTexts = /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed/

function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const unavailable = unavailableStates.test(code) || unavailableCodes.has(code) || unavailableTexts.test(error.message)
  return unavailable ? new StorageUnavailable(`postgres: ${code || 'connection lost'}`, { cause: error }) : error
}
