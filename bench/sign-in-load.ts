/**
 * Can forty connections with made-up names keep the owner out? The owner signs in again and again, from a browser with a device cookie
 * and from new ones, while they ask for passwords to be checked without a pause. What is counted is the whole way of a person, refusals
 * and proofs of work included.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
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

const password = 'four small boats at the quay'
const email = 'root@example.com'

export interface SignInLoadOptions {
  readonly attackers: number
  readonly known: number
  readonly fresh: number
  /** Whether those who are in the way do the work that is asked of them. */
  readonly attackersWork: boolean
  readonly databaseUrl?: string
  /** The compiled program; absent: this checkout's. */
  readonly program?: string
}

export interface SignInLoad {
  /** Milliseconds until each sign-in of the owner had succeeded. */
  readonly known: readonly number[]
  readonly fresh: readonly number[]
  /** Answers that the others got. */
  readonly others: { readonly [answer: string]: number }
  readonly seconds: number
  /** Of the server's event loop, in milliseconds. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number }
}

interface Answer {
  readonly status: number
  readonly body: {
    readonly error?: { code: string; retryAfterSeconds?: number }
    readonly step?: { name: string }
  } & Record<string, unknown>
}

/** A browser as far as cookies and the anti-forgery token go. */
function newBrowser(url: string, localAddress = '127.0.0.1') {
  const cookies = new Map<string, string>()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1, localAddress } as http.AgentOptions)
  let token = ''
  const ask = (method: string, target: string, body?: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> = {
        cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-anti-forgery': token }),
      }
      const request = http.request(`${url}${target}`, { method, agent, headers, localAddress }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          for (const cookie of response.headers['set-cookie'] ?? []) {
            const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
            if (value === '') cookies.delete(name)
            else cookies.set(name, value)
          }
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) })
        })
      })
      request.once('error', reject)
      request.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    cookies,
    async open() {
      const { body } = await ask('GET', '/sign-in/state')
      token = String(body['antiForgery'])
    },
    post: (target: string, body: object) => ask('POST', target, body),
    close: () => agent.destroy(),
  }
}

type Browser = ReturnType<typeof newBrowser>

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** As the page does it: works when work is asked for, and tries again after the pause that it is told. */
async function persist(browser: Browser, target: string, body: object, untilMs: number): Promise<Answer> {
  let proof = {}
  for (;;) {
    const answer = await browser.post(target, { ...body, ...proof })
    const { code, retryAfterSeconds } = answer.body.error ?? {}
    proof = {}
    if (performance.now() > untilMs) return answer
    if (code === 'ProofOfWorkRequired')
      proof = { proofOfWork: solveChallenge(answer.body['challenge'] as Challenge).proof }
    else if (code === 'ServiceUnavailable') await sleep(1000 * (retryAfterSeconds ?? 1))
    else return answer
  }
}

const patienceMs = 60_000

async function signIn(browser: Browser): Promise<number> {
  const startedAt = performance.now()
  const untilMs = startedAt + patienceMs
  await browser.open()
  await browser.post('/sign-in/root-email', { email })
  const answer = await persist(browser, '/sign-in/password', { password }, untilMs)
  return answer.body.step?.name === 'signed-in' ? performance.now() - startedAt : Number.POSITIVE_INFINITY
}

async function attack(url: string, worker: number, works: boolean, seen: Map<string, number>, goOn: () => boolean) {
  const browser = newBrowser(url)
  await browser.open()
  for (let n = 0; goOn(); n++) {
    const form = { account: '111122223333', userName: `made-up-${worker}-${n}`, password: 'not this one' }
    const answer = works
      ? await persist(browser, '/sign-in/iam-user', form, performance.now() + patienceMs)
      : await browser.post('/sign-in/iam-user', form)
    const key = `${answer.status} ${answer.body.error?.code ?? ''}`
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  browser.close()
}

export async function measureSignInLoad(options: SignInLoadOptions): Promise<SignInLoad> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-load-'))
  const place = options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }
  const store = await openStore({ dataFolder: folder, ...place }, systemRandom)
  const form = { name: 'Example Corp', email, phone: '+43 1 2345678', password }
  await createAccount({ ...store, random: systemRandom }, form, systemClock.now())
  await store.storage.close()

  const port = await freePort()
  const lagFile = path.join(folder, 'lag.json')
  const flags = ['serve', '--port', String(port), '--data', folder]
  if (options.databaseUrl !== undefined) flags.push('--database-url', options.databaseUrl)
  const server = spawn(
    process.execPath,
    [
      '--import',
      path.join(root, 'bench/lag-probe.mjs'),
      options.program ?? path.join(root, 'dist/cli/sallyport.js'),
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], SALLYPORT_LAG_FILE: lagFile } },
  )
  const ended = new Promise((resolve) => server.once('close', resolve))
  await new Promise<void>((resolve) =>
    server.stdout.on('data', (text: Buffer) => {
      if (/^ready /m.test(text.toString())) resolve()
    }),
  )
  const url = `http://127.0.0.1:${port}`
  try {
    const known = newBrowser(url)
    await signIn(known)
    let running = true
    const seen = new Map<string, number>()
    server.kill('SIGUSR2')
    const startedAt = performance.now()
    const attackers = Array.from({ length: options.attackers }, (_, i) =>
      attack(url, i, options.attackersWork, seen, () => running),
    )
    await sleep(1000)
    const knownMs: number[] = []
    const freshMs: number[] = []
    for (let n = 0; n < Math.max(options.known, options.fresh); n++) {
      if (n < options.known) knownMs.push(await signIn(known))
      if (n < options.fresh) {
        const browser = newBrowser(url)
        freshMs.push(await signIn(browser))
        browser.close()
      }
    }
    const seconds = (performance.now() - startedAt) / 1000
    running = false
    await Promise.all(attackers)
    known.close()
    server.kill('SIGTERM')
    await ended
    const lag = JSON.parse(fs.readFileSync(lagFile, 'utf8')) as SignInLoad['lag']
    return { known: knownMs, fresh: freshMs, others: Object.fromEntries(seen), seconds, lag }
  } finally {
    server.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const attackersMax = 40
const rounds = 50

/** How many of the sign-ins took at most so many seconds, and the slowest. */
const within = (times: readonly number[], seconds: number): string => {
  const inTime = times.filter((ms) => ms <= 1000 * seconds).length
  return `${inTime} of ${times.length} within ${seconds} s (slowest ${(Math.max(...times) / 1000).toFixed(2)} s)`
}

export async function benchSignInLoad(print: (line: string) => void): Promise<void> {
  for (const attackersWork of [false, true]) {
    const load = await measureSignInLoad({ attackers: attackersMax, known: rounds, fresh: rounds, attackersWork })
    const answers = Object.values(load.others).reduce((sum, count) => sum + count, 0)
    print(
      `${attackersMax} connections with made-up names, which ${attackersWork ? 'do' : 'do not do'} the work they are asked for`,
    )
    print(`  owner, known browser: ${within(load.known, 5)} (hold: 99 %)`)
    print(`  owner, new browser:   ${within(load.fresh, 15)} (hold: 95 %)`)
    print(`  event loop delay p50 ${load.lag.p50.toFixed(0)} ms, p99 ${load.lag.p99.toFixed(0)} ms (hold: ≤ 50 ms)`)
    print(`  the others got ${(answers / load.seconds).toFixed(0)} answers a second: ${JSON.stringify(load.others)}`)
  }
}
