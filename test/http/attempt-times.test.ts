/** Attempts at the same moment, by a clock that is not the same for all of them: where no wait is due, nobody is told to wait. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reserveAttempt } from '../../src/rate-limits/attempts.ts'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import { movedClock, startTestServer, type TestServer } from '../support/test-server.ts'
import {
  attackedRoot,
  attackedRootWithDevice,
  browserAt,
  browserAtMfa,
  errorCodeOf,
  stepOf,
} from './sign-in-attacks.ts'

let server: TestServer

/** Each look at it is up to two seconds apart from the one before, to and fro, as on servers whose clocks differ. */
const clock = movedClock()
let looks = 0
const differing = { ...clock, now: () => clock.now() - (looks++ % 2) * 1900 }

beforeAll(async () => {
  server = await startTestServer({ clock: differing })
})
afterAll(() => server.close())

const count = <T>(values: readonly T[], value: T) => values.filter((each) => each === value).length

test('fourteen passwords at once, the right one among them: each is looked at, and the owner is signed in', async () => {
  const root = await attackedRoot(server)
  const browsers = await Promise.all(
    Array.from({ length: 14 }, () => browserAt(server, { name: 'password', email: root.email })),
  )
  const answers = await Promise.all(
    browsers.map((browser, n) =>
      browser.post('/sign-in/password', { password: n === 7 ? root.password : 'not this one' }),
    ),
  )
  expect(count(answers.map(errorCodeOf), 'AuthenticationFailed')).toBe(13)
  expect(stepOf(answers[7] as (typeof answers)[number])?.name).toBe('signed-in')
})

test('three codes at once are looked at, and only the fourth has to wait', async () => {
  const root = await attackedRootWithDevice(server)
  const codes = await Promise.all([0, 1, 2].map(() => browserAtMfa(server, root)))
  const answers = await Promise.all(
    codes.map((browser) => browser.post('/sign-in/mfa', { serial: root.device.serial, code: '000000' })),
  )
  expect(answers.map(errorCodeOf)).toEqual(Array(3).fill('AuthenticationFailed'))
})

test('the last attempt of a day is refused as used up, an early one as a wait: each says which it is', async () => {
  const { reader } = server.store.storage
  const at = { accountId: '', subject: 'said as it is', kind: 'mfa', period: '1' } as const
  const waits = { seconds: [0, 0], furtherSeconds: 30 }
  const reserve = (now: number) => reserveAttempt(reader, at, now, 3, waits)
  expect(await reserve(1000)).toEqual({ reserved: true })
  expect(await reserve(0)).toEqual({ reserved: true })
  expect(await reserve(1000)).toMatchObject({ reserved: false, why: 'wait', waitMs: 29_000 })
  expect(await reserve(29_999)).toMatchObject({ reserved: false, why: 'wait', waitMs: 1 })
  expect(await reserve(30_000)).toEqual({ reserved: true })
  expect(await reserve(30_001)).toMatchObject({ reserved: false, why: 'used-up', failures: 3 })
  // Another period begins afresh.
  expect(await reserveAttempt(reader, { ...at, period: '2' }, 0, 3, waits)).toEqual({ reserved: true })
})

test('of many at once exactly as many are reserved as there are, without a loop', async () => {
  const { reader } = server.store.storage
  const at = { accountId: '', subject: 'many at once', kind: 'mfa', period: '1' } as const
  const waits = { seconds: Array(rateLimits.mfaSingleCodeAttempts).fill(0) as number[], furtherSeconds: 0 }
  const outcomes = await Promise.all(Array.from({ length: 60 }, () => reserveAttempt(reader, at, 0, 10, waits)))
  expect(outcomes.filter(({ reserved }) => reserved)).toHaveLength(10)
  expect(outcomes.filter((each) => !each.reserved && each.why !== 'used-up')).toEqual([])
})
