/** A server whose clock is not the database's would judge codes by a time of its own: it says that it is not ready (security: F-13). */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { startServer } from '../../src/main.ts'
import { openStore } from '../../src/open-store.ts'
import { createHttpClient } from '../support/http-client.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

const data = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-skew-'))
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(async () => {
  await database.drop()
  fs.rmSync(data, { recursive: true })
})

/** The server has the machine's clock, off by so much; the database has the machine's. */
async function readinessWhenOffBy(ms: number): Promise<{ status: number; log: string }> {
  const store = await openStore({ dataFolder: data, databaseUrl: database.url }, systemRandom)
  const lines: string[] = []
  const keep = (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message }))
  const clock: Clock = { now: () => Date.now() + ms }
  const outside = { clock, random: systemRandom, log: { info: keep, warn: keep, error: keep } }
  const server = await startServer(store, { host: '127.0.0.1', port: 0 }, outside)
  const { status } = await createHttpClient(server.url).get('/readyz')
  await server.close()
  return { status, log: lines.join('\n') }
}

test.each([0, 1000, -1000])('a clock that is off by %i ms is ready', async (ms) => {
  expect(await readinessWhenOffBy(ms)).toEqual({ status: 200, log: '' })
})

test.each([5000, -5000, 86_400_000, -86_400_000])('a clock that is off by %i ms is not, and says why', async (ms) => {
  const { status, log } = await readinessWhenOffBy(ms)
  expect(status).toBe(503)
  expect(log).toContain('the clock of this machine differs from the database')
})
