/**
 * Forty connections with made-up names do not keep the owner out. In the long run with the numbers that docs/rate-limits.md promises; in
 * every run with a few rounds, of which each must succeed.
 */
import { expect, test } from 'vitest'
import { measureSignInLoad } from '../../bench/sign-in-load.ts'
import { createDatabase } from '../support/postgres.ts'
import { patience, rounds } from './rounds.ts'

const isLong = process.env['SALLYPORT_LONG'] === '1'
const share = (times: readonly number[], seconds: number) =>
  times.filter((ms) => ms <= 1000 * seconds).length / times.length

test.each([
  ['SQLite', 'ask'],
  ['SQLite', 'work'],
  ['PostgreSQL', 'work'],
  ['PostgreSQL', 'drop'],
] as const)('on %s, where the others %s', patience, async (engine, mode) => {
  const database = engine === 'PostgreSQL' ? await createDatabase() : undefined
  const count = rounds(2, 100)
  const place = database === undefined ? {} : { databaseUrl: database.url }
  const load = await measureSignInLoad({ attackers: 40, mode, trusted: count, fresh: count, ...place })
  await database?.drop()
  expect([...load.trusted, ...load.fresh].filter((ms) => !Number.isFinite(ms))).toEqual([])
  expect(Object.values(load.others).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(40)
  if (!isLong) return
  expect(share(load.trusted, 5)).toBeGreaterThanOrEqual(0.99)
  expect(share(load.fresh, 15)).toBeGreaterThanOrEqual(0.95)
  expect(load.lag.p99).toBeLessThanOrEqual(50)
})
