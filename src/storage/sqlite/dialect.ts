/**
 * SQLite through `libsql`: WAL, `synchronous=FULL`, one connection. Differs from Kysely's own SQLite driver in that
 * transactions begin with the write lock (a read that becomes a write cannot fail half-way), statements are prepared
 * once, and faults of the disk become `StorageUnavailable`.
 */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import Database from 'libsql'
import { OperatorError, StorageUnavailable } from '../../core/errors.ts'
import { makeFolder } from '../make-folder.ts'
import { databaseFile } from './database-file.ts'

/** How long a statement waits for another process's transaction (the command line beside a server). */
const busyTimeoutMs = 5000

/** What Kysely makes of changes; the schema is only changed within transactions. */
const writes = /^(?:insert|update|delete|replace) /i

/** More than all statements that the program has; a bound, should one ever be built from input. */
const preparedMax = 500

export function openSqlite(folder: string): Dialect {
  const database = openFile(folder)
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function openFile(folder: string): Database.Database {
  try {
    makeFolder(folder)
    const file = join(folder, databaseFile)
    const database = new Database(file, { timeout: busyTimeoutMs })
    chmodSync(file, 0o600)
    database.exec(
      'pragma journal_mode = WAL; pragma synchronous = FULL; pragma foreign_keys = ON; pragma trusted_schema = OFF',
    )
    // The first write happens here rather than at the first request: a folder that cannot be written is found at start.
    database.exec('begin immediate; commit')
    return database
  } catch (error) {
    throw new OperatorError(`cannot write the data folder ${folder}: ${reasonOf(error)}`, { cause: error })
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown reason')

class SqliteDriver implements Driver {
  readonly #database: Database.Database
  readonly #connection: SqliteConnection
  readonly #waiting: (() => void)[] = []
  #taken = false

  constructor(database: Database.Database) {
    this.#database = database
    this.#connection = new SqliteConnection(database)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    if (next === undefined) this.#taken = false
    else next()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk makes SQLite roll back by itself; a second rollback would only hide the first error.
    if (this.#database.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  /** What has begun ends first: `libsql` ends the whole process when a closed database is asked something. */
  async destroy(): Promise<void> {
    await this.acquireConnection()
    this.#connection.forget()
    this.#database.close()
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: Database.Database
  readonly #prepared = new Map<string, Database.Statement>()

  constructor(database: Database.Database) {
    this.#database = database
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return writes.test(query.sql) && !this.#database.inTransaction ? this.#commitAlone(query) : this.#run(query)
    } catch (error) {
      throw toStorageError(error)
    }
  }

  /**
   * A single change is a transaction like any other. Were it the one to find the file locked, `libsql` would leave its statement
   * unfinished, and no transaction could be committed until it runs again; `begin immediate` runs again before each.
   */
  #commitAlone<R>(query: CompiledQuery): QueryResult<R> {
    this.#prepare('begin immediate').run()
    try {
      const result = this.#run<R>(query)
      this.#prepare('commit').run()
      return result
    } finally {
      if (this.#database.inTransaction) this.#prepare('rollback').run()
    }
  }

  #run<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const statement = this.#prepare(sql)
    if (statement.reader) return { rows: statement.all(parameters) as R[] }
    const { changes } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  // biome-ignore lint/correctness/useYield: results are read whole, nothing here streams
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('the SQLite store does not stream')
  }

  forget(): void {
    this.#prepared.clear()
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    if (this.#prepared.size >= preparedMax) this.#prepared.clear()
    const statement = this.#database.prepare(sql)
    this.#prepared.set(sql, statement)
    return statement
  }
}

/** Result codes after which nothing was changed and a later attempt may succeed (sqlite.org/rescode.html). */
const unavailableCodes = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM|PROTOCOL)/

function toStorageError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return unavailableCodes.test(code) ? new StorageUnavailable(`sqlite: ${code}`, { cause: error }) : error
}
