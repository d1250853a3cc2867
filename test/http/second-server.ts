import { sql } from 'kysely'
import { inject } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { type RunningServer, startServer } from '../../src/main.ts'
import { connectStorage, type Storage } from '../../src/storage/storage.ts'
import type { TestServer } from '../support/test-server.ts'

/**
 * A server that knows nothing of the first one but its store and its clock; on PostgreSQL it has connections of its own. SQLite has one
 * connection for one process. It is closed before the first one.
 */
export async function startSecondServer({ store, clock }: TestServer): Promise<RunningServer> {
  const storage = await otherStorage(store.storage)
  return startServer(
    { ...store, storage },
    { host: '127.0.0.1', port: 0 },
    { clock, random: systemRandom, log: { info() {}, warn() {}, error() {} } },
  )
}

async function otherStorage(storage: Storage): Promise<Storage> {
  if (storage.engine === 'sqlite') return { ...storage, close: async () => {} }
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(storage.reader)
  const url = new URL(inject('postgresUrl') ?? '')
  url.pathname = `/${rows[0]?.name}`
  return connectStorage({ engine: 'postgres', url: url.href })
}
