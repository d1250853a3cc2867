/** Servers as processes of their own: on core 0, with the load on core 1, and what they cost. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../../test/support/free-port.ts'
import { root } from '../../test/support/run-process.ts'

export const sallyport = path.join(root, 'dist/cli/sallyport.js')

const own = String(process.pid)

/** Whether server and load can each have a core. */
export const canPin = ['0', '1'].every((core) => spawnSync('taskset', ['-c', core, 'true']).status === 0)

/** What is started afterwards inherits it, unless it is started with `onCore0`. Returns the way back. */
export function pinToCore1(): () => void {
  if (!canPin) return () => {}
  const before = execFileSync('taskset', ['-c', '-p', own], { encoding: 'utf8' }).split(': ')[1]?.trim() ?? '0,1'
  const pin = (cores: string) => execFileSync('taskset', ['-a', '-c', '-p', cores, own], { stdio: 'ignore' })
  pin('1')
  return () => pin(before)
}

type Start = (command: string, parameters: readonly string[]) => ChildProcess

export const onAnyCore: Start = (command, parameters) => spawn(command, parameters)
export const onCore0: Start = (command, parameters) =>
  canPin ? spawn('taskset', ['-c', '0', command, ...parameters]) : spawn(command, parameters)

export interface RunningServer {
  readonly process: ChildProcess
  readonly port: number
  readonly url: string
  readonly startMs: number
}

export const startSallyport = (start: Start, folder: string): Promise<RunningServer> =>
  startServer(start, '/healthz', (port) => [
    process.execPath,
    [sallyport, 'serve', '--port', String(port), '--data', folder],
  ])

/** node:http alone, which reads the same request and answers as many bytes: what no server on Node can do without. */
export const startBare = (): Promise<RunningServer> =>
  startServer(onCore0, '/', (port) => [
    process.execPath,
    [
      '-e',
      `require('node:http').createServer((q, s) => { q.on('data', () => {}); q.on('end', () => { s.setHeader('content-type', 'text/xml'); s.end('x'.repeat(400)) }) }).listen(${port}, '127.0.0.1')`,
    ],
  ])

/** Undefined: it ended instead of answering, as a program that is not installed does. */
export async function startMoto(): Promise<RunningServer | undefined> {
  for (const [command, parameters] of [
    ['moto_server', []],
    ['python3', ['-m', 'moto.server']],
  ] as const) {
    try {
      return await startServer(onCore0, '/', (port) => [
        command,
        [...parameters, '-H', '127.0.0.1', '-p', String(port)],
      ])
    } catch {
      // The other way to start it may be there.
    }
  }
  return undefined
}

async function startServer(
  start: Start,
  askFor: string,
  program: (port: number) => readonly [command: string, parameters: readonly string[]],
): Promise<RunningServer> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = start(...program(port))
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it answered`)))
  })
  ended.catch(() => {})
  child.stdout?.resume()
  child.stderr?.resume()
  const url = `http://127.0.0.1:${port}`
  await Promise.race([firstAnswer(`${url}${askFor}`), ended])
  return { process: child, port, url, startMs: performance.now() - startedAt }
}

const patienceMs = 60_000

async function firstAnswer(url: string): Promise<void> {
  for (const until = performance.now() + patienceMs; performance.now() < until; ) {
    try {
      await fetch(url)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  throw new Error(`${url} does not answer`)
}

export function stop({ process: child }: RunningServer): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}

export function residentMb({ process: child }: RunningServer): number {
  const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024
}

/** Linux counts a process's time in hundredths of a second, whatever the machine. */
const tickMs = 10

/** Milliseconds of processor time so far, of all threads: user and system (proc(5), fields 14 and 15 of `stat`). */
export function processorMs({ process: child }: RunningServer): number {
  const stat = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8')
  // The second field is the name, in parentheses, and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}
