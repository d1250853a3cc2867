/**
 * Forty connections with made-up names do not keep the owner out. In the long run with the numbers that docs/throttle.md promises; in
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
  ['SQLite', false],
  ['SQLite', true],
  ['PostgreSQL', false],
] as const)(
  'on %s, where the others do the work that is asked of them: %s',
  patience,
  async (engine, attackersWork) => {
    const database = engine === 'PostgreSQL' ? await createDatabase() : undefined
    const count = rounds(2, 100)
    const place = database === undefined ? {} : { databaseUrl: database.url }
    const load = await measureSignInLoad({ attackers: 40, known: count, fresh: count, attackersWork, ...place })
    await database?.drop()
    expect([...load.known, ...load.fresh].filter((ms) => !Number.isFinite(ms))).toEqual([])
    expect(Object.values(load.others).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(100)
    if (!isLong) return
    expect(share(load.known, 5)).toBeGreaterThanOrEqual(0.99)
    expect(share(load.fresh, 15)).toBeGreaterThanOrEqual(0.95)
    expect(load.lag.p99).toBeLessThanOrEqual(50)
  },
)
