/**
 * Who has an account here? (security, V6.3.8) Names that exist and names that do not are answered in the same bytes and
 * cause the same statements in the same order, at each step and at each stage of the brakes. That a name of nobody costs one hash as
 * well is held in src/credentials/password.
 */
import type { KyselyPlugin, RootOperationNode } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { type RunningServer, startServer } from '../../src/main.ts'
import { rateLimits } from '../../src/rate-limits/limits.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { ClientAnswer } from '../support/http-client.ts'
import { solveChallenge } from '../support/solve-proof-of-work.ts'
import { newUser, startTestServer, type TestServer } from '../support/test-server.ts'
import { holdQueue } from './held-queue.ts'
import { type Attacked, attackedRoot, attackedUser, type SwiftBrowser, swiftBrowser } from './sign-in-attacks.ts'
import { challengeOf } from './sign-in-proof.ts'

let server: TestServer
/** A second server on the same store, which notes its statements. */
let watched: RunningServer
let statements: string[] = []
let root: Attacked

beforeAll(async () => {
  server = await startTestServer()
  watched = await startServer(
    { ...server.store, storage: noting(server.store.storage) },
    { host: '127.0.0.1', port: 0 },
    { clock: server.clock, random: systemRandom, log: { info() {}, warn() {}, error() {} } },
  )
  root = await attackedRoot(server)
  await attackedUser(server, root, 'ada')
})
afterAll(async () => {
  await watched.close()
  await server.close()
})
beforeEach(() => server.store.storage.reader.deleteFrom('attempts').execute())

/** Notes each statement that was carried out, also those that were compiled once before. */
function noting(storage: Storage): Storage {
  const compile = (node: RootOperationNode) => storage.reader.getExecutor().compileQuery(node, { queryId: 'noted' }).sql
  const texts = new WeakMap<object, string>()
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      texts.set(queryId, compile(node))
      return node
    },
    async transformResult({ result, queryId }) {
      statements.push(texts.get(queryId) ?? 'a statement that was compiled before')
      return result
    },
  }
  const reader = storage.reader.withPlugin(plugin)
  return { ...storage, reader, transaction: (work) => reader.transaction().execute(work), close: async () => {} }
}

interface Seen {
  readonly status: number
  readonly headers: readonly string[]
  readonly text: string
  readonly statements: readonly string[]
}

/** An answer without what is drawn by lot or was typed. */
async function see(
  answering: Promise<ClientAnswer>,
  typed: readonly string[],
): Promise<Seen & { answer: ClientAnswer }> {
  statements = []
  const answer = await answering
  const noted = statements
  const masked = (text: string) => {
    const drawn = text
      .replaceAll(/"(token|salt|target)":"([^"]+)"/g, (_, name, value) => `"${name}":${value.length}`)
      .replaceAll(/(=|"antiForgery":")[\w-]{43}/g, '$1TOKEN')
    return typed.reduce((rest, name) => rest.replaceAll(name, 'TYPED'), drawn)
  }
  const headers = answer.headers
    .map(([name, value]) => masked(`${name}: ${value}`))
    .filter((line) => !/^date:/i.test(line))
  return { answer, status: answer.status, headers, text: masked(answer.text), statements: noted }
}

function expectAlike(seen: readonly Seen[], status: number): void {
  const [first, ...others] = seen.map(({ headers, text, statements: noted, ...rest }) => ({
    status: rest.status,
    headers,
    text,
    statements: noted,
  }))
  expect(first?.status).toBe(status)
  expect(first?.statements.length).toBeGreaterThanOrEqual(1)
  for (const other of others) expect(other).toEqual(first)
}

const browserOn = (): SwiftBrowser => swiftBrowser({ ...server, url: watched.url })

/** Every name has failed this often today. */
const setFailures = (failures: number) =>
  server.store.storage.reader.updateTable('attempts').set({ failures }).execute()

test('root: an email of an account and one of nobody, from the first page to the end of the day', async () => {
  const known = root.email
  const unknown = known.replace('attacked', 'attackee')
  const emails = [known, unknown]
  const browsers = emails.map(browserOn)
  const each = async (ask: (browser: SwiftBrowser, index: number) => Promise<ClientAnswer>) => {
    const all: (Seen & { answer: ClientAnswer })[] = []
    for (const [index, browser] of browsers.entries()) all.push(await see(ask(browser, index), [emails[index] ?? '']))
    return all
  }
  const password = (proofs: readonly string[] = []) =>
    each((browser, index) =>
      browser.post('/sign-in/password', { password: 'not this one', proofOfWork: proofs[index] }),
    )

  expectAlike(await each((browser, index) => browser.post('/sign-in/root-email', { email: emails[index] })), 200)
  expectAlike(await each((browser) => browser.get('/sign-in/state')), 200)
  expectAlike(await password(), 401)
  expectAlike(await each((browser) => browser.get('/sign-in/state')), 200)
  expectAlike(await each((browser) => browser.post('/sign-in/password', { password: 'x'.repeat(513) })), 400)

  await setFailures(20)
  const asked = await password()
  expectAlike(asked, 401)
  expect(asked[0]?.text).toContain('ProofOfWorkRequired')
  const proofs = asked.map(({ answer }) => solveChallenge(challengeOf(answer)).proof)
  expectAlike(await password(proofs), 401)
  await setFailures(60)
  expectAlike(await password(), 401)
  await setFailures(100)
  const closed = await password()
  expectAlike(closed, 429)
  expect(closed[0]?.text).toContain('TooManyAttempts')
  expectAlike(await each((browser) => browser.post('/sign-in/start-over', {})), 200)
})

test('a user: the wrong password, the wrong name, the wrong account, a user without a password', async () => {
  await newUser(server, root.accountId, 'bot')
  const forms = [
    [root.accountId, 'ada'],
    [root.accountId, 'eve'],
    ['999999999999', 'ada'],
    [root.accountId, 'bot'],
  ] as const
  const send = async () => {
    const all: Seen[] = []
    for (const [account, userName] of forms) {
      const sending = browserOn().post('/sign-in/iam-user', { account, userName, password: 'not this one' })
      all.push(await see(sending, [account, userName]))
    }
    return all
  }
  expectAlike(await send(), 401)
  await setFailures(20)
  expectAlike(await send(), 401)
  await setFailures(100)
  expectAlike(await send(), 429)
})

test('a price for a place in a long line is the same for a name that exists and one that does not', async () => {
  const held = await holdQueue()
  await held.fill(rateLimits.queueFreeLength)
  try {
    const names = [root.accountId, 'ada', 'eve', '999999999999']
    const all: Seen[] = []
    for (const [account = '', userName = ''] of [
      [root.accountId, 'ada'],
      [root.accountId, 'eve'],
      ['999999999999', 'ada'],
    ]) {
      const asking = browserOn().post('/sign-in/iam-user', { account, userName, password: 'not this one' })
      all.push(await see(asking, names))
    }
    expectAlike(all, 401)
    expect(all[0]?.text).toContain('Many people are signing in at this moment')
    // Nothing is written for who is sent away.
    expect(all[0]?.statements.filter((text) => !/^select/i.test(text))).toEqual([])
  } finally {
    await held.letGo()
  }
})

test('a user by alias: one that exists and one that does not', async () => {
  await server.store.storage.reader
    .insertInto('account_aliases')
    .values({ account_id: root.accountId, alias: 'harbour', created_at: 0 })
    .execute()
  const all: Seen[] = []
  for (const account of ['harbour', 'nowhere']) {
    const sending = browserOn().post('/sign-in/iam-user', { account, userName: 'ada', password: 'not this one' })
    all.push(await see(sending, [account]))
  }
  expectAlike(all, 401)
})
