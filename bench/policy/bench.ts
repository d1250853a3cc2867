/**
 * One policy decision: ours beside casbin and Cedar, on the same workloads, in one run. Every engine must decide every
 * request alike before anything is timed. Rounds are interleaved, so that a busy moment of the machine hits all.
 */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compilePolicy } from '../../src/policy/compile/compile-policy.ts'
import { decide } from '../../src/policy/decide/decide.ts'
import { explain } from '../../src/policy/explain/explain.ts'
import { contextEntries } from '../../src/policy/request/context.ts'
import type { Request } from '../../src/policy/request/types.ts'
import type { PolicyStack } from '../../src/policy/types.ts'
import { casbin, cedarWasm, type Engine, ours, parsed, stackOf } from './engines.ts'
import { benchPatterns } from './patterns.ts'
import {
  fullStackWorkload,
  growthWorkload,
  largeWorkload,
  mediumWorkload,
  smallWorkload,
  type Workload,
} from './workloads.ts'

type Print = (line: string) => void

const rounds = 10
/** A round of one engine takes about so long, or one decision where that takes longer. */
const roundMilliseconds = 12
/** Before anything is timed, each engine decides so often, or for so long, so that all of it is compiled. */
const warmUpDecisions = 100_000
const warmUpMillisecondsMax = 400
/** Engines that need longer than this for a decision get two rounds: 10,000 rules would take minutes. */
const slowMicroseconds = 12_000

interface Timing {
  readonly best: number
  readonly median: number
}

export async function benchPolicy(print: Print): Promise<void> {
  print('policy decisions, µs of processor time: best (median) of interleaved rounds; × is how many times ours')
  print('every action has been asked about before; its first request is measured below')
  print("casbin: its loop over all rules, with our matchers, since it has none of AWS's")
  print('cedar-wasm: through its npm package, which takes each request as JSON')
  const growth = new Map<number, number>()
  for (const build of [smallWorkload, mediumWorkload, largeWorkload, fullStackWorkload]) await measure(build(), print)
  for (const count of [10, 100, 1_000, 10_000]) growth.set(count, await measure(growthWorkload(count), print))
  const ratio = (growth.get(10_000) ?? Number.NaN) / (growth.get(10) ?? Number.NaN)
  print(`growth from 10 to 10,000 statements: ×${ratio.toFixed(2)} (target at most ×3)`)
  measureFirstOfAction(print)
  benchPatterns(print)
  measureCompile(print)
  measureExplain(print)
  measureMemory(print)
}

/** @returns the best time of ours, in microseconds */
async function measure(workload: Workload, print: Print): Promise<number> {
  const stack = stackOf(workload)
  const engines = [ours(workload, stack), await casbin(workload), cedarWasm(workload)]
  const allowed = compare(workload, engines)
  const timings = time(workload, engines)
  print(
    `${workload.name}: ${workload.what}; ${workload.requests.length} requests, ${allowed} allowed, decided alike by all`,
  )
  const own = timings.get('sallyport')?.best ?? Number.NaN
  for (const { name } of engines) {
    const { best, median } = timings.get(name) ?? { best: Number.NaN, median: Number.NaN }
    const beside = name === 'sallyport' ? `target ≤ ${workload.target}` : `×${figure(best / own)}`
    print(`  ${name.padEnd(12)} ${figure(best).padStart(9)} (${figure(median)})  ${beside}`)
  }
  return own
}

/** @throws where two engines differ: then no figure would mean anything */
function compare(workload: Workload, engines: readonly Engine[]): number {
  let allowed = 0
  workload.requests.forEach((request, index) => {
    const answers = engines.map((engine) => engine.allows(index))
    if (answers.some((answer) => answer !== answers[0])) {
      const context = JSON.stringify([...contextEntries(request.context)])
      const said = engines
        .map((engine, at) => `${engine.name} ${answers[at] === true ? 'allows' : 'denies'}`)
        .join(', ')
      throw new Error(`${workload.name}: ${said} ${request.action} on ${request.resource} with ${context}`)
    }
    if (answers[0] === true) allowed++
  })
  return allowed
}

function time(workload: Workload, engines: readonly Engine[]): ReadonlyMap<string, Timing> {
  const count = workload.requests.length
  const plans = engines.map((engine) => {
    const single = warmUp(engine, count)
    const repeats = Math.max(1, Math.floor((roundMilliseconds * 1_000) / single))
    return { engine, repeats, times: [] as number[], rounds: single > slowMicroseconds ? 2 : rounds }
  })
  for (let round = 0; round < rounds; round++) {
    for (const plan of plans) {
      if (round < plan.rounds) plan.times.push(run(plan.engine, count, plan.repeats))
    }
  }
  return new Map(plans.map(({ engine, times }) => [engine.name, summarize(times)]))
}

/** Keeps the engine's answers in use, so that no call of it can be left out. */
const seen = { allowed: 0 }

/** @returns microseconds a decision, roughly */
function warmUp(engine: Engine, count: number): number {
  const start = performance.now()
  let single = run(engine, count, 1)
  for (let done = 0; done < warmUpDecisions && performance.now() - start < warmUpMillisecondsMax; ) {
    const repeats = Math.max(1, Math.floor(1_000 / Math.max(single, 0.01)))
    single = run(engine, count, repeats)
    done += repeats
  }
  return Math.max(single, 0.01)
}

/** Microseconds a decision. */
function run(engine: Engine, count: number, repeats: number): number {
  const start = process.cpuUsage()
  for (let done = 0; done < repeats; done++) if (engine.allows(done % count)) seen.allowed++
  return spentSince(start) / repeats
}

/** Microseconds of processor time: unlike the clock on the wall, it does not run while other processes do. */
function spentSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return user + system
}

function summarize(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b)
  return { best: sorted[0] ?? Number.NaN, median: sorted[sorted.length >> 1] ?? Number.NaN }
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** The statements that can match an action are gathered when it is first asked about; the figures above are of later requests. */
function measureFirstOfAction(print: Print): void {
  const workload = largeWorkload()
  const byAction = new Map(workload.requests.map((request) => [request.action, request]))
  const [warm, ...firsts] = byAction.values()
  if (warm === undefined) return
  const times = Array.from({ length: 40 }, () => {
    // What is known of actions goes with the compiled policies and their lists.
    const stack = stackOf(workload)
    if (decide(stack, warm).effect === 'allow') seen.allowed++
    const start = process.cpuUsage()
    for (const request of firsts) if (decide(stack, request).effect === 'allow') seen.allowed++
    return spentSince(start) / firsts.length
  })
  const { best, median } = summarize(times)
  print(`first request of an action, large: ${figure(best)} (${figure(median)}) µs`)
}

function measureCompile(print: Print): void {
  const workload = mediumWorkload()
  const policies = workload.identity.map((document) => parsed(document, 'identity'))
  const statements = policies.reduce((sum, policy) => sum + policy.statements.length, 0)
  const [request] = workload.requests
  if (request === undefined) return
  const compile = (): PolicyStack => ({ identity: policies.map((policy) => compilePolicy(policy)), scps: [], rcps: [] })
  const times = timesOf(100, () => {
    // The first decision builds the index of the list, which is part of compiling.
    if (decide(compile(), request).effect === 'allow') seen.allowed++
  })
  print(`compile and index: ${perStatement(times, statements)} a statement (target ≤ 20)`)
  const texts = workload.identity.map((document) => JSON.stringify(document))
  const parsing = timesOf(40, () => {
    for (const document of workload.identity) seen.allowed += parsed(document, 'identity').statements.length
  })
  print(
    `parse: ${perStatement(parsing, statements)} a statement, ${texts.reduce((sum, text) => sum + text.length, 0)} characters in all`,
  )
}

function measureExplain(print: Print): void {
  const workload = mediumWorkload()
  const stack = stackOf(workload)
  const statements = workload.identity.reduce((sum, document) => sum + document.Statement.length, 0)
  let at = 0
  const next = (): Request => workload.requests[at++ % workload.requests.length] as Request // never out of bounds
  const times = timesOf(400, () => {
    if (explain(stack, next()).decision.effect === 'allow') seen.allowed++
  })
  print(`explain: ${perStatement(times, statements)} a statement (target ≤ 1)`)
}

function timesOf(repeats: number, work: () => void): number[] {
  for (let done = 0; done < repeats; done++) work()
  return Array.from({ length: repeats }, () => {
    const start = process.cpuUsage()
    work()
    return spentSince(start)
  })
}

function perStatement(times: readonly number[], statements: number): string {
  const { best, median } = summarize(times.map((microseconds) => microseconds / statements))
  return `${figure(best)} (${figure(median)}) µs`
}

/** What stays in memory of 10,000 statements: parsed, compiled and indexed, without the text. */
function measureMemory(print: Print): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what the flag above adds
  const workload = growthWorkload(10_000)
  const heap = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = heap()
  const stack = stackOf(workload)
  for (const request of workload.requests) if (decide(stack, request).effect === 'allow') seen.allowed++
  const bytes = (heap() - before) / 10_000
  if (stack.identity.length === 0) throw new TypeError('the stack has to live until here')
  print(`memory: ${(bytes / 1_024).toFixed(2)} KB a statement, document included (target ≤ 4)`)
}
