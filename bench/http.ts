/**
 * The server as a process of its own, on one core, under load from the other: signed calls with a thousand access keys beside a bare
 * node:http server and beside moto's; its start and memory; a sign-in beside the password hash alone.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hashPassword, hashQueue, ownSource, verifyPassword } from '../src/credentials/password/hash-password.ts'
import { createHttpClient } from '../test/support/http-client.ts'
import { createAccessKeys, keyCount, root, signWithEach } from './http/access-keys.ts'
import { type Answered, loadKeptConnections, loadNewConnections, type SignedRequest } from './http/load.ts'
import {
  canPin,
  onAnyCore,
  onCore0,
  pinToCore1,
  processorMs,
  type RunningServer,
  residentMb,
  startBare,
  startMoto,
  startSallyport,
  stop,
} from './http/processes.ts'

type Print = (line: string) => void

const loadSeconds = 5
const connections = 32
const loadRounds = 3
const startRounds = 7
const signInRounds = 30

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export async function benchHttp(print: Print): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-bench-'))
  const running: RunningServer[] = []
  let unpin = () => {}
  try {
    await benchStart(print, folder)
    const keys = await createAccessKeys(folder)
    if (!canPin) print('NOT PINNED: without taskset and two cores, server and load take time from each other')
    unpin = pinToCore1()
    const ours = await startSallyport(onCore0, folder)
    running.push(ours)
    const bare = await startBare()
    running.push(bare)
    const identity = await signWithEach(keys, ours.url, 'sts', 'Action=GetCallerIdentity&Version=2011-06-15')
    const summary = await signWithEach(keys, ours.url, 'iam', 'Action=GetAccountSummary&Version=2010-05-08')
    await benchSignedCalls(print, ours, bare, { identity, summary })
    await benchMoto(print, ours, bare, identity)
    await benchSignIn(print, ours.url)
  } finally {
    unpin()
    for (const server of running) await stop(server)
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** A start may use every core, as anybody's does; under load the server has one. */
async function benchStart(print: Print, folder: string): Promise<void> {
  const starts: number[] = []
  for (let round = 0; round < startRounds; round++) {
    const server = await startSallyport(onAnyCore, folder)
    starts.push(server.startMs)
    await stop(server)
  }
  print(
    `start to first answer: ${median(starts).toFixed(0)} ms median, ${Math.min(...starts).toFixed(0)} ms best of ${startRounds} (hold: ≤ 400 ms)`,
  )
}

/**
 * What a load cost the server: the best of its rounds. Peers are compared by processor time: a rate shrinks with whoever else is
 * running, and where the server is not busy it is the client's own.
 */
interface Cost {
  perSecond: number
  microseconds: number
}

const newCost = (): Cost => ({ perSecond: 0, microseconds: Number.POSITIVE_INFINITY })

async function take(cost: Cost, server: RunningServer, load: () => Promise<Answered>): Promise<void> {
  const before = processorMs(server)
  const { answers, perSecond } = await load()
  cost.perSecond = Math.max(cost.perSecond, perSecond)
  cost.microseconds = Math.min(cost.microseconds, ((processorMs(server) - before) * 1000) / answers)
}

const toText = ({ perSecond, microseconds }: Cost): string =>
  `${microseconds.toFixed(1)} µs of processor time each; ${perSecond.toFixed(0)} req/s, server ${((perSecond * microseconds) / 10_000).toFixed(0)} % busy`

/** How many times less processor time than the other. */
const times = (cost: Cost, other: Cost, digits: number): string =>
  (other.microseconds / cost.microseconds).toFixed(digits)

async function benchSignedCalls(
  print: Print,
  ours: RunningServer,
  bare: RunningServer,
  calls: Readonly<Record<'identity' | 'summary', readonly SignedRequest[]>>,
): Promise<void> {
  const costs = { bare: newCost(), identity: newCost(), summary: newCost() }
  const load = (server: RunningServer, requests: readonly SignedRequest[]) => () =>
    loadKeptConnections({ port: server.port, requests, connections, seconds: loadSeconds })
  for (let round = 0; round < loadRounds; round++) {
    await take(costs.bare, bare, load(bare, calls.identity))
    await take(costs.identity, ours, load(ours, calls.identity))
    await take(costs.summary, ours, load(ours, calls.summary))
  }
  print(`bare node:http, same requests: ${toText(costs.bare)}`)
  print(`GetCallerIdentity, ${keyCount} keys: ${toText(costs.identity)}`)
  print(`GetAccountSummary, ${keyCount} keys: ${toText(costs.summary)}`)
  print(
    `  × bare, by processor time: ${times(costs.identity, costs.bare, 2)} (hold: ≥ 0.40) and ${times(costs.summary, costs.bare, 2)} (hold: ≥ 0.19)`,
  )
  print(`resident memory after this load: ${residentMb(ours).toFixed(0)} MB (hold: ≤ 115 MB)`)
}

/** moto closes each connection after its answer; so all are asked on new ones. It knows none of the keys, and checks no signature. */
async function benchMoto(
  print: Print,
  ours: RunningServer,
  bare: RunningServer,
  requests: readonly SignedRequest[],
): Promise<void> {
  const moto = await startMoto()
  if (moto === undefined) {
    print("NOT COMPARED WITH MOTO: its server does not start here (`pip install 'moto[server]'`)")
    return
  }
  try {
    const costs = { bare: newCost(), ours: newCost(), moto: newCost() }
    const load = (server: RunningServer) => () =>
      loadNewConnections({ port: server.port, requests, connections, seconds: loadSeconds })
    for (let round = 0; round < loadRounds; round++) {
      await take(costs.bare, bare, load(bare))
      await take(costs.ours, ours, load(ours))
      await take(costs.moto, moto, load(moto))
    }
    print('GetCallerIdentity, a new connection for each request:')
    print(`  bare node:http: ${toText(costs.bare)}`)
    print(`  sallyport: ${toText(costs.ours)}`)
    print(`  moto's server, without signatures: ${toText(costs.moto)}`)
    print(`  moto takes ${times(costs.ours, costs.moto, 1)} × our processor time`)
  } finally {
    await stop(moto)
  }
}

/** Email, then password, of a root user without a device: everything that a sign-in does besides the hash shows here. */
async function benchSignIn(print: Print, url: string): Promise<void> {
  const hash = await hashQueue.run(ownSource('bench'), (place) => hashPassword(place, root.password))
  const alone: number[] = []
  const signIns: number[] = []
  for (let round = 0; round < signInRounds; round++) {
    const startedAt = performance.now()
    await hashQueue.run(ownSource('bench'), (place) => verifyPassword(place, hash, root.password))
    alone.push(performance.now() - startedAt)
    signIns.push(await timeSignIn(url))
  }
  const ratio = (median(signIns) / median(alone)).toFixed(2)
  print(
    `password hash alone: ${median(alone).toFixed(1)} ms; password step of a sign-in, HTTP included: ${median(signIns).toFixed(1)} ms = × ${ratio} (hold: ≤ × 1.25)`,
  )
}

async function timeSignIn(url: string): Promise<number> {
  const client = createHttpClient(url)
  const { antiForgery } = (await client.get('/sign-in/state')).json<{ antiForgery: string }>()
  const headers = { 'X-Anti-Forgery': antiForgery, 'Content-Type': 'application/json' }
  await client.post('/sign-in/root-email', { email: root.email }, { headers })
  const startedAt = performance.now()
  const answer = await client.post('/sign-in/password', { password: root.password }, { headers })
  const took = performance.now() - startedAt
  if (answer.status !== 200) throw new Error(`the sign-in was refused: ${answer.text}`)
  return took
}
