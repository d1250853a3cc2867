import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { canaries } from './canaries.ts'
import { freePort } from './free-port.ts'
import { environment, root } from './run-process.ts'

export interface ServerOptions {
  /** Its data folder; without one it gets a temporary one that goes with it. */
  readonly data?: string
  readonly databaseUrl?: string
  readonly port?: number
  /** Further flags of `sallyport serve`. */
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`, as the server itself printed it. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly data: string
  readonly startMs: number
  stdout(): string
  stderr(): string
  /** The token of the one-time set-up link, while it prints one. */
  setupToken(): string
  /** SIGTERM, and its exit code. Its output and data folder are searched for every secret that the test knows. */
  stop(): Promise<number | null>
  /** SIGKILL; the data stays for a next process, until `remove()`. */
  kill9(): Promise<void>
  /** Removes the data folder, if it is a temporary one. */
  remove(): void
}

/** Slow disks and busy cores included; the aim for a start is 400 ms. */
const startMsMax = 30_000

/** `sallyport serve` as a process of its own, ready for requests. Rejects with its output when it ends before. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const port = options.port ?? (await freePort())
  const data = options.data ?? fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-data-'))
  const script = path.join(root, 'dist/cli/sallyport.js')
  const flags = ['serve', '--port', String(port), '--data', data]
  if (options.databaseUrl) flags.push('--database-url', options.databaseUrl)
  const startedAt = performance.now()
  const child = spawn(process.execPath, [script, ...flags, ...(options.flags ?? [])], {
    cwd: root,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  endWithThisProcess(child)
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = await waitUntilReady(child, exited, output)
  return {
    url,
    port,
    pid: child.pid ?? 0,
    data,
    startMs: performance.now() - startedAt,
    ...output,
    setupToken: () => parseSetupToken(output.stdout() + output.stderr()),
    stop: async () => {
      child.kill('SIGTERM')
      const code = await exited
      canaries.scan(output.stdout() + output.stderr(), 'the log of the server')
      scanFolder(data)
      if (!options.data) fs.rmSync(data, { recursive: true, force: true })
      return code
    },
    kill9: async () => {
      child.kill('SIGKILL')
      await exited
    },
    remove: () => {
      if (!options.data) fs.rmSync(data, { recursive: true, force: true })
    },
  }
}

/**
 * A test that fails before it stops its server, and a run that is killed, leave it to this: a shell that ends the server
 * when the pipe to it closes, which happens whatever way this process goes.
 */
function endWithThisProcess(child: ChildProcess): void {
  const watch = spawn('sh', ['-c', 'cat >/dev/null; kill -9 "$1"', 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watch.stdin.on('error', () => {})
  child.once('exit', () => watch.kill('SIGKILL'))
}

function collect(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return { stdout: () => stdout, stderr: () => stderr }
}

function waitUntilReady(
  child: ChildProcess,
  exited: Promise<number | null>,
  output: ReturnType<typeof collect>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`sallyport serve ${reason}\n${output.stdout()}${output.stderr()}`))
    }
    const timer = setTimeout(fail, startMsMax, `was not ready within ${startMsMax} ms`)
    child.stdout?.on('data', () => {
      const ready = /^ready (https?:\/\/\S+)$/m.exec(output.stdout())
      if (!ready?.[1]) return
      clearTimeout(timer)
      resolve(ready[1])
    })
    child.once('error', (error) => fail(error.message))
    void exited.then((code) => fail(`ended with ${code}`))
  })
}

/** The token stands in the fragment of the link, so that no log of a proxy ever sees it. */
function parseSetupToken(text: string): string {
  const token = /\/setup#token=([\w-]+)/.exec(text)?.[1]
  if (!token) throw new Error(`got no set-up link in the output of the server:\n${text}`)
  return token
}

/** Everything in a data folder but the key itself: a stolen database must open nothing. */
export function scanFolder(folder: string): void {
  if (!fs.existsSync(folder)) return
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isFile()) canaries.scan(fs.readFileSync(file), file)
  }
}
