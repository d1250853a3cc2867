/**
 * A code is accepted once: every two ways to spend the codes of one device, asked at the same moment on two server processes, on one
 * PostgreSQL database and on one SQLite file (RFC 6238 §5.2: "MUST NOT accept the second attempt of the OTP").
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { sdkClients } from '../support/sdk.ts'
import { pooledClient } from './pooled-client.ts'
import { newRacePrincipal, stepMs } from './race-principal.ts'
import { type Codes, type RaceServer, type RedemptionPath, redemptionPairs } from './redemption-paths.ts'
import { patience, rounds } from './rounds.ts'
import { newSeed, seededDice } from './seeded-random.ts'
import { insertTestAccount, insertTestUser, startTwoServers, type TwoServers } from './two-servers.ts'

/** What CI runs on each store: about a minute. A table of more pairs than these are for has fewer races a pair, and the seed says which. */
const racesMax = 5000
const races = Math.min(rounds(100, 500), Math.floor(rounds(racesMax, 1_000_000) / redemptionPairs.length))
const seed = newSeed()
const dice = seededDice(seed)

interface Contender {
  readonly path: RedemptionPath
  readonly codes: Codes
  /** The time steps that the codes are of. */
  readonly steps: readonly number[]
}

/** Overlapping codes for the two: of the steps before, at and after now, two take consecutive ones and share that of now. */
function drawContenders(
  [path, other]: readonly [RedemptionPath, RedemptionPath],
  codeAt: (step: number) => string,
): readonly [Contender, Contender] {
  const now = Math.floor(Date.now() / stepMs)
  const before = [now - 1, now]
  const after = [now, now + 1]
  const [mine, theirs] = dice() < 0.5 ? [before, after] : [after, before]
  const contend = (each: RedemptionPath, steps: readonly number[]): Contender => ({
    path: each,
    steps,
    codes: steps.map(codeAt) as unknown as Codes, // as many as the way takes
  })
  if (path.takes === 'two codes' && other.takes === 'two codes') return [contend(path, mine), contend(other, theirs)]
  // A single code is one of the other's two.
  const single = [path.takes === other.takes ? now : now - (dice() < 0.5 ? 1 : 0)]
  const stepsOf = (each: RedemptionPath) => (each.takes === 'one code' ? single : before)
  return [contend(path, stepsOf(path)), contend(other, stepsOf(other))]
}

describe.each(['postgres', 'sqlite'] as const)('two servers on one %s', (engine) => {
  let two: TwoServers
  let accountId: AccountId
  let servers: readonly RaceServer[]

  beforeAll(async () => {
    two = await startTwoServers(engine)
    accountId = await insertTestAccount(two.store, 'root@example.com')
    const key = await insertTestUser(two.store, accountId, 'administrator', true)
    servers = two.servers.map(({ url }) => ({ client: pooledClient(url), administrator: sdkClients(url, key) }))
  })
  afterAll(async () => {
    for (const { client } of servers) client.close()
    await two.stop()
  })

  /** The steps that each of the two contenders has spent. */
  async function race(pair: readonly [RedemptionPath, RedemptionPath]): Promise<readonly (readonly number[])[]> {
    const assigned = pair.every(({ device }) => device === 'assigned')
    const principal = await newRacePrincipal(two.store, { signIns: 8, userOf: accountId, assigned })
    const contenders = drawContenders(pair, (step) => principal.codeAt(step * stepMs))
    const swapped = dice() < 0.5 ? 1 : 0
    const ended = [false, false]
    return Promise.all(
      contenders.map(async ({ path, codes, steps }, i) => {
        const server = servers[(i + swapped) % 2]
        const other = contenders[1 - i]
        if (server === undefined || other === undefined) throw new RangeError(`got no server for ${path.name}`)
        const waitsFor = path.device === 'assigned' && other.path.device === 'unassigned'
        let attempts = 0
        let won = false
        do {
          // Each attempt at a sign-in has its own browser.
          won = await path.send(server, principal, i * 4 + attempts, codes)
          attempts++
        } while (!won && waitsFor && attempts < 4 && !ended[1 - i])
        ended[i] = true
        return won ? steps : []
      }),
    )
  }

  for (const pair of redemptionPairs) {
    const title = pair.map(({ name }) => name).join(' beside ')
    test(`${title}: no step is spent twice, and one of the two passes (seed ${seed})`, patience, async () => {
      const winners: number[] = []
      let twice = 0
      let none = 0
      for (let done = 0; done < races; done += 5) {
        for (const spent of await Promise.all(Array.from({ length: 5 }, () => race(pair)))) {
          const steps = spent.flat()
          if (new Set(steps).size < steps.length) twice++
          if (steps.length === 0) none++
          for (const [i, own] of spent.entries()) if (own.length > 0) winners.push(i)
        }
      }
      expect({ twice, none }).toEqual({ twice: 0, none: 0 })
      expect(winners.length).toBeGreaterThanOrEqual(races)
      // A race that one side always wins is none, but where the one has to wait until the other has won.
      if (pair[0].device === pair[1].device) expect(new Set(winners)).toEqual(new Set([0, 1]))
    })
  }
})
