/** A server whose clock is not the database's would judge codes by a time of its own: it says that it is not ready (security: F-13). */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { startServer } from '../../src/main.ts'
import { openStore } from '../../src/open-store.ts'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import { createHttpClient } from '../support/http-client.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { newRacePrincipal } from './race-principal.ts'

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

test('servers whose clocks are 1.9 seconds apart agree on attempts and waits: they are of the database’s time', async () => {
  const place = { dataFolder: data, databaseUrl: database.url }
  const silent = { info() {}, warn() {}, error() {} }
  const servers = await Promise.all(
    [950, -950].map(async (ms) => {
      const store = await openStore(place, systemRandom)
      const clock: Clock = { now: () => Date.now() + ms }
      return startServer(store, { host: '127.0.0.1', port: 0 }, { clock, random: systemRandom, log: silent })
    }),
  )
  const [ahead = '', behind = ''] = servers.map(({ url }) => url)
  const store = await openStore(place, systemRandom)
  try {
    const principal = await newRacePrincipal(store, { signIns: 5 })
    // Browsers without a device cookie, whose attempts are counted together.
    const guess = (url: string, n: number) => {
      const headers = { ...principal.browsers[n] }
      headers['cookie'] = headers['cookie']?.replace(/sallyport-known-[^;]*;? ?/, '') ?? ''
      const body = { serial: principal.serial, code: 'no code' }
      return createHttpClient(url).post('/sign-in/mfa', body, { headers })
    }
    const codes: (string | undefined)[] = []
    for (const [n, url] of [ahead, behind, ahead].entries())
      codes.push((await guess(url, n)).json<{ error: { code: string } }>().error.code)
    expect(codes).toEqual(Array(3).fill('AuthenticationFailed'))
    const failures = rateLimits.mfaSingleCodeAttempts - 2
    await store.storage.reader.updateTable('attempts').set({ failures, next_attempt_at: 0 }).execute()
    await guess(ahead, 3)
    // A minute by the ninth attempt; by the clock of the server that wrote it, the other would make it 62 seconds.
    for (const [n, url] of [ahead, behind].entries()) {
      const { error } = (await guess(url, n)).json<{ error: { code: string; retryAfterSeconds: number } }>()
      expect(error.code).toBe('TooManyAttempts')
      expect(error.retryAfterSeconds).toBeGreaterThan(0)
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(60)
    }
  } finally {
    await Promise.all(servers.map((server) => server.close()))
    await store.storage.close()
  }
})
