import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import './postgres-server.ts'

export interface TestDatabase {
  /** `postgres://…`, an empty database. */
  readonly url: string
  /** Ends whatever is still connected, and removes the database. */
  drop(): Promise<void>
}

/** A fresh, empty database on the run's PostgreSQL. Whoever creates it drops it (`afterAll`, `onTestFinished`). */
export async function createDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl')
  if (!serverUrl) {
    throw new Error('no PostgreSQL in this vitest project: see vitest.config.ts, or name the file *.postgres.test.ts')
  }
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(serverUrl, `CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
