/**
 * The server as a process of its own, on one core, under load from the other: signed calls beside a bare node:http server and,
 * where it is installed, beside moto's; its start and memory; a sign-in beside the password hash alone.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'
import { AwsClient } from 'aws4fetch'
import { hashPassword, hashQueue, ownSource, verifyPassword } from '../src/credentials/password/hash-password.ts'
import { freePort } from '../test/support/free-port.ts'
import { createHttpClient } from '../test/support/http-client.ts'
import { root } from '../test/support/run-process.ts'

type Print = (line: string) => void

const password = 'four small boats at the quay'
const loadSeconds = 5
const connections = 32
const startRounds = 7
const signInRounds = 30

const hasTaskset = spawnSync('taskset', ['-c', '0', 'true']).status === 0
/** The server on core 0; the load, which is this process, on core 1. */
const onCore0 = (command: string, parameters: string[]) =>
  hasTaskset ? spawn('taskset', ['-c', '0', command, ...parameters]) : spawn(command, parameters)

const sallyport = path.join(root, 'dist/cli/sallyport.js')
const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export async function benchHttp(print: Print): Promise<void> {
  if (hasTaskset) execFileSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-bench-'))
  const running: ChildProcess[] = []
  try {
    const starts: number[] = []
    for (let round = 0; round < startRounds; round++) {
      const { process: child, startMs } = await startSallyport(folder, spawn)
      starts.push(startMs)
      await stop(child)
    }
    print(
      `start to first answer: ${median(starts).toFixed(0)} ms median, ${Math.min(...starts).toFixed(0)} ms best of ${startRounds} (hold: ≤ 400 ms)`,
    )

    const ours = await startSallyport(folder)
    const bare = await startBare()
    running.push(ours.process, bare.process)
    const key = createAdministrator(folder)
    const identity = await signedCall(ours.url, key, 'sts', 'Action=GetCallerIdentity&Version=2011-06-15')
    const summary = await signedCall(ours.url, key, 'iam', 'Action=GetAccountSummary&Version=2010-05-08')
    const rates = { bare: 0, identity: 0, summary: 0 }
    for (let round = 0; round < 3; round++) {
      rates.bare = Math.max(rates.bare, await load({ ...identity, url: bare.url }))
      rates.identity = Math.max(rates.identity, await load(identity))
      rates.summary = Math.max(rates.summary, await load(summary))
    }
    const ratio = (rate: number) => (rate / rates.bare).toFixed(2)
    print(`bare node:http, same request: ${rates.bare.toFixed(0)} req/s`)
    print(
      `signed GetCallerIdentity: ${rates.identity.toFixed(0)} req/s = ${ratio(rates.identity)} × bare (hold: ≥ 0.50)`,
    )
    print(`signed GetAccountSummary: ${rates.summary.toFixed(0)} req/s = ${ratio(rates.summary)} × bare`)
    print(`resident memory after this load: ${residentMb(ours.process).toFixed(0)} MB (hold: ≤ 150 MB)`)
    await benchMoto(print, identity, rates.identity)
    await benchSignIn(print, ours.url)
  } finally {
    for (const child of running) await stop(child)
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** A start may use both cores, as anybody's does; under load the server has one. */
async function startSallyport(
  folder: string,
  start: (command: string, parameters: string[]) => ChildProcess = onCore0,
) {
  const port = await freePort()
  const startedAt = performance.now()
  const child = start(process.execPath, [sallyport, 'serve', '--port', String(port), '--data', folder])
  const url = `http://127.0.0.1:${port}`
  await firstAnswer(`${url}/healthz`)
  return { process: child, url, startMs: performance.now() - startedAt }
}

async function startBare() {
  const port = await freePort()
  const program = `require('node:http').createServer((q, s) => { q.on('data', () => {}); q.on('end', () => { s.setHeader('content-type', 'text/xml'); s.end('x'.repeat(400)) }) }).listen(${port}, '127.0.0.1')`
  const child = onCore0(process.execPath, ['-e', program])
  const url = `http://127.0.0.1:${port}`
  await firstAnswer(url)
  return { process: child, url }
}

async function firstAnswer(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
}

interface Key {
  AccessKeyId: string
  SecretAccessKey: string
}

function createAdministrator(folder: string): Key {
  const run = (parameters: string[], input = '') =>
    execFileSync(process.execPath, [sallyport, ...parameters, '--data', folder, '--json'], { input, encoding: 'utf8' })
  const account = [
    'account',
    'create',
    '--name',
    'Bench',
    '--email',
    'root@example.com',
    '--phone',
    '+43 1 2345678',
    '--password-stdin',
  ]
  const { AccountId } = JSON.parse(run(account, password)) as { AccountId: string }
  return JSON.parse(
    run(['user', 'create', '--account', AccountId, '--name', 'admin', '--administrator', '--access-key']),
  ) as Key
}

interface SignedCall {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** Signed once by a client that is not ours; the signature is good for 15 minutes, and is verified at each request. */
async function signedCall(url: string, key: Key, service: string, body: string): Promise<SignedCall> {
  const client = new AwsClient({
    accessKeyId: key.AccessKeyId,
    secretAccessKey: key.SecretAccessKey,
    service,
    region: 'us-east-1',
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const request = await client.sign(`${url}/`, { method: 'POST', headers, body })
  return { url, headers: Object.fromEntries(request.headers), body }
}

/** Requests a second that were answered with 200. The Host stays the one that was signed. */
async function load({ url, headers, body }: SignedCall): Promise<number> {
  const result = await autocannon({ url, method: 'POST', headers, body, connections, duration: loadSeconds })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refusals and ${result.errors} errors under load`)
  return result['2xx'] / result.duration
}

async function benchMoto(print: Print, call: SignedCall, ours: number): Promise<void> {
  const port = await freePort()
  if (spawnSync('moto_server', ['--version']).error !== undefined) {
    print('moto is not installed here: not compared')
    return
  }
  const child = onCore0('moto_server', ['-H', '127.0.0.1', '-p', String(port)])
  try {
    await firstAnswer(`http://127.0.0.1:${port}`)
    const rate = await load({ ...call, url: `http://127.0.0.1:${port}` })
    print(
      `moto's server, GetCallerIdentity, signature not checked: ${rate.toFixed(0)} req/s; ours is ${(ours / rate).toFixed(0)} × (hold: ≥ 20)`,
    )
  } finally {
    await stop(child)
  }
}

/** Email, then password, of a root user without a device: everything that a sign-in does besides the hash shows here. */
async function benchSignIn(print: Print, url: string): Promise<void> {
  const hash = await hashQueue.run(ownSource('bench'), (place) => hashPassword(place, password))
  const alone: number[] = []
  const signIns: number[] = []
  for (let round = 0; round < signInRounds; round++) {
    const startedAt = performance.now()
    await hashQueue.run(ownSource('bench'), (place) => verifyPassword(place, hash, password))
    alone.push(performance.now() - startedAt)
    signIns.push(await timeSignIn(url))
  }
  const besides = median(signIns) / median(alone) - 1
  print(
    `password hash alone: ${median(alone).toFixed(1)} ms; password step of a sign-in: ${median(signIns).toFixed(1)} ms, ${(100 * besides).toFixed(0)} % besides (hold: ≤ 5 %)`,
  )
}

async function timeSignIn(url: string): Promise<number> {
  const client = createHttpClient(url)
  const { antiForgery } = (await client.get('/sign-in/state')).json<{ antiForgery: string }>()
  const headers = { 'X-Anti-Forgery': antiForgery, 'Content-Type': 'application/json' }
  await client.post('/sign-in/root-email', { email: 'root@example.com' }, { headers })
  const startedAt = performance.now()
  const answer = await client.post('/sign-in/password', { password }, { headers })
  const took = performance.now() - startedAt
  if (answer.status !== 200) throw new Error(`the sign-in was refused: ${answer.text}`)
  return took
}

const residentMb = (child: ChildProcess): number => {
  const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}
