/**
 * Can forty connections with made-up names keep the owner out? The owner signs in again and again, from a browser with a device cookie
 * and from new ones, while they ask for passwords to be looked at without a pause. What is measured is the whole way of a person,
 * refusals and proofs of work included.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createAccount } from '../src/accounts/create-account.ts'
import { systemClock } from '../src/core/clock.ts'
import { systemRandom } from '../src/core/random.ts'
import type { Challenge } from '../src/credentials/proof-of-work.ts'
import { openStore } from '../src/open-store.ts'
import { freePort } from '../test/support/free-port.ts'
import { root } from '../test/support/run-process.ts'
import { solveChallenge } from '../test/support/solve-proof-of-work.ts'
import { type LoadAnswer, type LoadBrowser, newLoadBrowser } from './load-browser.ts'
import type { AttackMode } from './sign-in-attackers.ts'

const password = 'four small boats at the quay'
const email = 'root@example.com'

export interface SignInLoadOptions {
  readonly attackers: number
  readonly mode: AttackMode
  /** Sign-ins of the owner from a browser with a device cookie, and from new ones. */
  readonly trusted: number
  readonly fresh: number
  readonly databaseUrl?: string
}

export interface SignInLoad {
  /** Milliseconds until each sign-in of the owner had succeeded; infinite where it did not. */
  readonly trusted: readonly number[]
  readonly fresh: readonly number[]
  /** Answers that the others got. */
  readonly others: { readonly [answer: string]: number }
  readonly seconds: number
  /** Of the server's event loop, in milliseconds. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** As the page does it: works when work is asked for, keeps a proof that was not looked at, waits as long as it is told. */
async function persist(browser: LoadBrowser, target: string, body: object, untilMs: number): Promise<LoadAnswer> {
  let proof = {}
  for (;;) {
    const answer = await browser.post(target, { ...body, ...proof })
    const { code, retryAfterSeconds } = answer.body.error ?? {}
    if (performance.now() > untilMs) return answer
    if (code === 'ProofOfWorkRequired')
      proof = { proofOfWork: solveChallenge(answer.body['challenge'] as Challenge).proof }
    else if (code === 'ServerBusy') await sleep(1000 * (retryAfterSeconds ?? 1))
    else return answer
  }
}

const patienceMs = 60_000

async function signIn(browser: LoadBrowser): Promise<number> {
  const startedAt = performance.now()
  await browser.open()
  await browser.post('/sign-in/root-email', { email })
  const answer = await persist(browser, '/sign-in/password', { email, password }, startedAt + patienceMs)
  return answer.body.step?.name === 'signed-in' ? performance.now() - startedAt : Number.POSITIVE_INFINITY
}

export async function measureSignInLoad(options: SignInLoadOptions): Promise<SignInLoad> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-load-'))
  const place = options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }
  const store = await openStore({ dataFolder: folder, ...place }, systemRandom)
  const form = { name: 'Example Corp', email, phone: '+43 1 2345678', password }
  await createAccount({ ...store, random: systemRandom }, form, systemClock.now())
  await store.storage.close()
  const lagFile = path.join(folder, 'lag.json')
  const server = await startServer(folder, lagFile, options.databaseUrl)
  try {
    const known = newLoadBrowser(server.url)
    await signIn(known)
    const attackers = await startAttackers(server.url, options)
    server.process.kill('SIGUSR2')
    const startedAt = performance.now()
    await sleep(1000)
    const trusted: number[] = []
    const fresh: number[] = []
    for (let n = 0; n < Math.max(options.trusted, options.fresh); n++) {
      if (n < options.trusted) trusted.push(await signIn(known))
      if (n < options.fresh) {
        const browser = newLoadBrowser(server.url)
        fresh.push(await signIn(browser))
        browser.close()
      }
    }
    const seconds = (performance.now() - startedAt) / 1000
    const others = await attackers.stop()
    known.close()
    await server.stop()
    const lag = JSON.parse(fs.readFileSync(lagFile, 'utf8')) as SignInLoad['lag']
    return { trusted, fresh, others, seconds, lag }
  } finally {
    server.process.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Resolves when the process has printed a line that begins with `ready`. */
const untilReady = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`ended with ${code}`)))
    child.stdout?.on('data', (text: Buffer) => {
      if (/^ready/m.test(text.toString())) resolve()
    })
  })

async function startServer(folder: string, lagFile: string, databaseUrl: string | undefined) {
  const port = await freePort()
  const flags = ['serve', '--port', String(port), '--data', folder]
  if (databaseUrl !== undefined) flags.push('--database-url', databaseUrl)
  const program = ['--import', path.join(root, 'bench/lag-probe.mjs'), path.join(root, 'dist/cli/sallyport.js')]
  const child = spawn(process.execPath, [...program, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], SALLYPORT_LAG_FILE: lagFile },
  })
  await untilReady(child)
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    stop: () =>
      new Promise((resolve) => {
        child.once('close', resolve)
        child.kill('SIGTERM')
      }),
  }
}

async function startAttackers(url: string, { attackers, mode }: SignInLoadOptions) {
  const program = [path.join(root, 'bench/sign-in-attackers.ts'), url, String(attackers), mode]
  const child = spawn(process.execPath, ['--import', 'tsx', ...program], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await untilReady(child)
  return {
    async stop(): Promise<SignInLoad['others']> {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      const ended = new Promise((resolve) => child.once('close', resolve))
      child.stdin.end()
      await ended
      return JSON.parse(text.trim()) as SignInLoad['others']
    },
  }
}

const attackersMax = 40
const rounds = 50

const sayings: Readonly<Record<AttackMode, string>> = {
  ask: 'do not do the work they are asked for',
  work: 'do the work they are asked for',
  drop: 'do the work they are asked for, and hang up',
}

/** How many of the sign-ins took at most so many seconds, and the slowest. */
const within = (times: readonly number[], seconds: number): string => {
  const inTime = times.filter((ms) => ms <= 1000 * seconds).length
  return `${inTime} of ${times.length} within ${seconds} s (slowest ${(Math.max(...times) / 1000).toFixed(2)} s)`
}

export async function benchSignInLoad(print: (line: string) => void): Promise<void> {
  for (const mode of ['ask', 'work', 'drop'] as const) {
    const load = await measureSignInLoad({ attackers: attackersMax, mode, trusted: rounds, fresh: rounds })
    const answers = Object.values(load.others).reduce((sum, count) => sum + count, 0)
    print(`${attackersMax} connections with made-up names, which ${sayings[mode]}`)
    print(`  owner, trusted browser: ${within(load.trusted, 5)} (hold: 99 %)`)
    print(`  owner, new browser:     ${within(load.fresh, 15)} (hold: 95 %)`)
    print(`  event loop delay p50 ${load.lag.p50.toFixed(0)} ms, p99 ${load.lag.p99.toFixed(0)} ms (hold: ≤ 50 ms)`)
    print(`  the others got ${(answers / load.seconds).toFixed(0)} answers a second: ${JSON.stringify(load.others)}`)
  }
}
