/**
 * The server is killed at moments that nobody chose, with changes in flight (security: F-1): what it has acknowledged is there
 * when it comes back, and a device is enabled with both codes checked, or it is not enabled.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { systemRandom } from '../../src/core/random.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { canaries, createCanaries } from '../support/canaries.ts'
import { sdkClients } from '../support/sdk.ts'
import { startServer } from '../support/server-process.ts'
import { type Change, startChanges, type Workload } from './changes.ts'
import { findBreaches } from './check-changes.ts'
import { patience, rounds } from './rounds.ts'
import { type Dice, newSeed, seededDice } from './seeded-random.ts'
import { insertTestAccount, insertTestUser, type TestUser } from './two-servers.ts'

const data = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-kill-'))
let accountId: AccountId
let administrator: TestUser

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ dataFolder: data }, systemRandom)
  try {
    return await work(store)
  } finally {
    await store.storage.close()
  }
}

beforeAll(() =>
  withStore(async (store) => {
    accountId = await insertTestAccount(store, 'root@example.com')
    administrator = await insertTestUser(store, accountId, 'administrator', true)
  }),
)
afterAll(() => fs.rmSync(data, { recursive: true }))

const workers = 6

/** Some changes in, and a few milliseconds into the next. */
async function untilSomeMoment(workload: Workload, dice: Dice): Promise<void> {
  const due = Math.floor(dice() * 40)
  const deadline = Date.now() + 20_000
  while (workload.acknowledged() < due && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1))
  await new Promise((resolve) => setTimeout(resolve, dice() * 12))
}

test(
  'a server killed while devices are enrolled loses nothing that it acknowledged, and enrols nothing by halves',
  patience,
  async () => {
    const seed = newSeed()
    console.log(`SALLYPORT_SEED=${seed}`)
    const dice = seededDice(seed)
    const kills = rounds(50, 1000)
    const all: Change[] = []
    let unknown = 0

    for (let round = 0; round < kills; round++) {
      const server = await startServer({ data })
      const before = all.length
      // A registry of its own: the seeds of all rounds would make each search slower than the last.
      const { iam } = sdkClients(server.url, administrator, { canaries: createCanaries() })
      const workload = startChanges(iam, `r${round}`, workers, dice)
      await untilSomeMoment(workload, dice)
      await server.kill9()
      await workload.stop()
      all.push(...workload.changes)
      const made = all.slice(before)
      unknown += made.filter(({ outcome }) => outcome === 'unknown').length
      // Read as the next server finds it: after the recovery that opening the store does.
      expect({ round, seed, breaches: await withStore((store) => findBreaches(store, accountId, made)) }).toEqual({
        round,
        seed,
        breaches: [],
      })
    }

    const last = await startServer({ data })
    const breaches = await withStore((store) => findBreaches(store, accountId, all))
    expect({ seed, breaches }).toEqual({ seed, breaches: [] })
    for (const { app } of all) if (app !== undefined) canaries.add(app.secret, 'a seed')
    expect(await last.stop()).toBe(0)
    // A kill that never hits a change in flight proves nothing.
    expect(unknown).toBeGreaterThan(kills)
    const acknowledged = all.length - unknown
    const enrolled = all.filter(
      ({ operation, outcome }) => operation === 'EnableMFADevice' && outcome === 'acknowledged',
    )
    console.log(
      `${kills} kills, ${acknowledged} changes acknowledged, ${enrolled.length} of them enrolments, ${unknown} cut off`,
    )
  },
)
