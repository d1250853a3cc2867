/**
 * Any order of requests (security: A-07), against a model that knows nothing but the rules: two browsers, also with each other's
 * cookies, sign in to a root user with a device, to one without, and to a user without.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCanaries } from '../support/canaries.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import {
  type Attacked,
  attackedRoot,
  attackedRootWithDevice,
  attackedUser,
  errorCodeOf,
  type SwiftBrowser,
  stepOf,
  swiftBrowser,
  wrongCode,
} from './sign-in-attacks.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

type Action =
  | { readonly do: 'email'; readonly of: 'guarded' | 'bare' }
  | { readonly do: 'password' | 'iam-user'; readonly right: boolean }
  | { readonly do: 'code'; readonly which: 'now' | 'wrong' | 'of another device' }
  | { readonly do: 'tick' | 'start over' | 'take the sign-in cookie' | 'sign out' | 'look' }

const actions = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('email'), of: fc.constantFrom('guarded', 'guarded', 'bare') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('password'), right: fc.constantFrom(true, true, true, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('iam-user'), right: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('code'),
      which: fc.constantFrom('now', 'now', 'wrong', 'of another device'),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'tick' }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('start over', 'take the sign-in cookie', 'sign out', 'look')
      .map((what) => ({ do: what })),
  },
) as fc.Arbitrary<Action>

type State = 'identify' | 'password of guarded' | 'password of bare' | 'mfa'

interface ModelBrowser {
  readonly real: SwiftBrowser
  /** Shared with whoever has the same cookie; consumed for all of them. */
  signIn: { state: State }
  session: 'none' | 'guarded' | 'bare' | 'user'
  known: boolean
}

interface World {
  readonly guarded: Awaited<ReturnType<typeof attackedRootWithDevice>>
  readonly bare: Attacked
  readonly user: Attacked
  readonly browsers: readonly [ModelBrowser, ModelBrowser]
  lastStep: number
  failures: number
  nextAttemptAt: number
  mfaSignIns: number
}

const waits = [0, 0, 0, 1, 2, 4, 8, 16, 30, 60]

async function newWorld(): Promise<World> {
  const guarded = await attackedRootWithDevice(server)
  const bare = await attackedRoot(server)
  const user = await attackedUser(server, bare, 'ada')
  // A registry of its own for each world: thousands of spent cookies need not be looked for in every answer.
  const canaries = createCanaries()
  const newModelBrowser = (): ModelBrowser => ({
    real: swiftBrowser(server, canaries),
    signIn: { state: 'identify' },
    session: 'none',
    known: false,
  })
  const browsers = [newModelBrowser(), newModelBrowser()] as const
  return { guarded, bare, user, browsers, lastStep: 0, failures: 0, nextAttemptAt: 0, mfaSignIns: 0 }
}

/** The former state is gone for everybody; this browser alone has the new one. */
function moveOn(browser: ModelBrowser, state: State): void {
  browser.signIn.state = 'identify'
  browser.signIn = { state }
}

async function act(world: World, browser: ModelBrowser, other: ModelBrowser, action: Action): Promise<void> {
  const { real } = browser
  switch (action.do) {
    case 'email': {
      expect((await real.post('/sign-in/root-email', { email: world[action.of].email })).status).toBe(200)
      return moveOn(browser, `password of ${action.of}`)
    }
    case 'password':
      return enterPassword(world, browser, action.right)
    case 'iam-user':
      return enterUser(world, browser, action.right)
    case 'code':
      return enterCode(world, browser, action.which)
    case 'tick':
      return server.clock.advance(30_000)
    case 'start over':
      expect((await real.post('/sign-in/start-over', {})).status).toBe(200)
      return moveOn(browser, 'identify')
    case 'take the sign-in cookie': {
      const cookie = other.real.client.cookies.get('sallyport-sign-in')
      if (cookie === undefined) return
      real.client.cookies.set('sallyport-sign-in', cookie)
      browser.signIn = other.signIn
      return
    }
    case 'sign out':
      expect((await real.post('/console/sign-out', {})).status).toBe(204)
      browser.session = 'none'
      return
    case 'look':
      return checkSession(world, browser)
    default:
      return action satisfies never
  }
}

async function enterPassword({ guarded }: World, browser: ModelBrowser, right: boolean): Promise<void> {
  const { state } = browser.signIn
  const answer = await browser.real.post('/sign-in/password', { password: right ? guarded.password : 'not this one' })
  if (state !== 'password of guarded' && state !== 'password of bare') {
    expect([answer.status, errorCodeOf(answer)]).toEqual([409, 'SignInExpired'])
  } else if (!right) {
    expect([answer.status, errorCodeOf(answer)]).toEqual([401, 'AuthenticationFailed'])
  } else if (state === 'password of guarded') {
    expect(stepOf(answer)?.name).toBe('mfa')
    moveOn(browser, 'mfa')
  } else {
    expect(stepOf(answer)?.name).toBe('signed-in')
    moveOn(browser, 'identify')
    browser.session = 'bare'
  }
}

async function enterUser({ user }: World, browser: ModelBrowser, right: boolean): Promise<void> {
  const body = { account: user.accountId, userName: 'ada', password: right ? user.password : 'not this one' }
  const answer = await browser.real.post('/sign-in/iam-user', body)
  if (browser.signIn.state === 'mfa') {
    expect(answer.status).toBe(409)
  } else if (!right) {
    expect(answer.status).toBe(401)
  } else {
    expect(stepOf(answer)?.name).toBe('signed-in')
    moveOn(browser, 'identify')
    browser.session = 'user'
  }
}

async function enterCode(
  world: World,
  browser: ModelBrowser,
  which: (Action & { do: 'code' })['which'],
): Promise<void> {
  const { device } = world.guarded
  const now = server.clock.now()
  const serial = which === 'of another device' ? `${device.serial}2` : device.serial
  const code = which === 'wrong' ? wrongCode(server, device) : device.app.codeAt(now)
  const answer = await browser.real.post('/sign-in/mfa', { serial, code })
  if (browser.signIn.state !== 'mfa')
    return expect([answer.status, errorCodeOf(answer)]).toEqual([409, 'SignInExpired'])
  if (!browser.known) {
    if (now < world.nextAttemptAt) return expect([answer.status, errorCodeOf(answer)]).toEqual([429, 'TooManyAttempts'])
    world.failures += 1
    world.nextAttemptAt = now + 1000 * (waits[world.failures] ?? 30)
  }
  const step = Math.floor(now / 30_000)
  if (which !== 'now' || step <= world.lastStep) {
    return expect([answer.status, errorCodeOf(answer)]).toEqual([401, 'AuthenticationFailed'])
  }
  expect(stepOf(answer)?.name).toBe('signed-in')
  if (!browser.known) world.failures -= 1
  if (!browser.known) world.nextAttemptAt = 0
  world.lastStep = step
  world.mfaSignIns += 1
  moveOn(browser, 'identify')
  browser.session = 'guarded'
  browser.known = true
}

async function checkSession(world: World, { real, session }: ModelBrowser): Promise<void> {
  const answer = await real.get('/console/session')
  if (session === 'none') return expect([answer.status, errorCodeOf(answer)]).toEqual([401, 'NoSession'])
  const { accountId } = session === 'guarded' ? world.guarded : world.bare
  expect(answer.json()).toMatchObject({
    accountId,
    principal: { kind: session === 'user' ? 'user' : 'root' },
    mfaSerial: session === 'guarded' ? world.guarded.device.serial : null,
  })
}

test('in any order of requests only a right code of its device begins a session of a guarded principal', async () => {
  const sequences = fc.array(fc.tuple(fc.constantFrom(0, 1), actions), { minLength: 4, maxLength: 14 })
  const run = fc.asyncProperty(sequences, async (sequence) => {
    const world = await newWorld()
    for (const [who, action] of sequence) {
      await act(world, world.browsers[who as 0 | 1], world.browsers[who === 0 ? 1 : 0], action)
    }
    for (const browser of world.browsers) await checkSession(world, browser)
    const sessions = await server.store.storage.reader
      .selectFrom('sessions')
      .select('mfa_serial')
      .where('account_id', '=', world.guarded.accountId)
      .execute()
    expect(sessions.map((session) => session.mfa_serial)).toEqual(
      Array.from({ length: world.mfaSignIns }, () => world.guarded.device.serial),
    )
  })
  await fc.assert(run, { numRuns: 100 })
}, 90_000)
