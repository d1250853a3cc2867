/** `sallyport serve`: what it prints, what it makes, its one-time set-up link, how it stops (issue "Command line"; security: F-30). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { setupLinkMs } from '../../src/accounts/setup-link.ts'
import { systemRandom } from '../../src/core/random.ts'
import { openStore } from '../../src/open-store.ts'
import { canaries } from '../support/canaries.ts'
import { runSallyport } from '../support/cli.ts'
import { freePort } from '../support/free-port.ts'
import { createHttpClient } from '../support/http-client.ts'
import { createDatabase } from '../support/postgres.ts'
import { environment, root, runProcess } from '../support/run-process.ts'
import { sdkClients } from '../support/sdk.ts'
import { startServer } from '../support/server-process.ts'
import { newBrowser, type TestServer } from '../support/test-server.ts'
import { pooledClient } from './pooled-client.ts'
import { createAccountBy, scratchFolder, snapshot } from './scratch.ts'
import { testPassword } from './two-servers.ts'

const script = path.join(root, 'dist/cli/sallyport.js')

interface Spawned {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** The address, once it has said that it is ready. */
  ready(): Promise<string>
  exit(): Promise<readonly [code: number | null, signal: string | null]>
}

function spawnProgram(
  program: string,
  parameters: readonly string[],
  options: { cwd?: string; group?: boolean } = {},
): Spawned {
  const child = spawn(program, parameters, {
    cwd: options.cwd ?? root,
    env: environment(),
    detached: options.group === true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'close') as Promise<[number | null, string | null]>
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(options.group === true ? -(child.pid ?? 0) : (child.pid ?? 0), 'SIGKILL')
  })
  const address = () => /^ready (\S+)$/m.exec(stdout)?.[1] ?? ''
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ready: async () => {
      await expect.poll(address, { timeout: 60_000 }).toMatch(/^http/)
      return address()
    },
    exit: () => exited,
  }
}

const setUpForm = (token: string) => ({
  token,
  accountName: 'Example Corp',
  email: 'root@example.com',
  phone: '+43 1 2345678',
  password: testPassword,
})

const setUp = (url: string, token: string) => newBrowser({ url } as TestServer).post('/setup', setUpForm(token))

test('a first start says what it serves, where the data is and the set-up link, and is ready once', async () => {
  canaries.add(testPassword, 'a password')
  const cwd = scratchFolder()
  const port = await freePort()
  const server = spawnProgram(process.execPath, [script, 'serve', '--port', String(port)], { cwd })
  const url = await server.ready()
  expect(url).toBe(`http://127.0.0.1:${port}`)
  const lines = server.stdout().trimEnd().split('\n')
  expect(lines).toEqual([
    `Sallyport serves the console and the AWS API (iam, sts) at ${url}`,
    'Data: .sallyport',
    'No account exists yet. Create one within 60 minutes, with this link, which works once:',
    expect.stringMatching(new RegExp(`^  ${url}/setup#token=[\\w-]{43}$`)),
    `ready ${url}`,
  ])
  const modes = snapshot(cwd).map((line) => line.split(' ').slice(0, 2).join(' '))
  expect(modes).toEqual([
    '.sallyport 700',
    '.sallyport/key 600',
    '.sallyport/sallyport.db 600',
    '.sallyport/sallyport.db-shm 600',
    '.sallyport/sallyport.db-wal 600',
  ])
  expect(fs.readFileSync(path.join(cwd, '.sallyport/key'), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)

  // Serving tells the operator nothing more on standard output.
  expect((await createHttpClient(url).get('/readyz')).status).toBe(200)
  expect((await setUp(url, /token=([\w-]+)/.exec(lines[3] ?? '')?.[1] ?? '')).status).toBe(201)
  server.child.kill('SIGTERM')
  expect(await server.exit()).toEqual([0, null])
  expect(server.stdout().trimEnd().split('\n')).toEqual(lines)
  expect(server.stderr()).toBe('')
  // All is in the one file: a copy of the folder is a backup.
  expect(fs.readdirSync(path.join(cwd, '.sallyport')).toSorted()).toEqual(['key', 'sallyport.db'])
})

describe('the set-up link', () => {
  test('is needed on localhost, works once, and is not printed once an account exists', async () => {
    const data = scratchFolder()
    const server = await startServer({ data })
    const token = server.setupToken()
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    for (const forged of ['', wrong]) {
      const refused = await setUp(server.url, forged)
      expect(refused.status).toBe(403)
      expect(refused.json()).toMatchObject({ error: { code: 'SetupLinkInvalid' } })
    }
    // Many at once: one account.
    const outcomes = await Promise.all([1, 2, 3, 4].map(async () => (await setUp(server.url, token)).status))
    expect(outcomes.toSorted()).toEqual([201, 403, 403, 403])
    expect((await setUp(server.url, token)).status).toBe(403)
    expect(await server.stop()).toBe(0)
    const next = await startServer({ data })
    expect(next.stdout()).not.toContain('setup')
    expect(next.stdout().match(/^ready /gm)).toHaveLength(1)
    expect((await setUp(next.url, token)).status).toBe(403)
    expect(await next.stop()).toBe(0)
  })

  test('ends with its hour', async () => {
    const data = scratchFolder()
    const server = await startServer({ data })
    const { storage } = await openStore({ dataFolder: data }, systemRandom)
    const links = await storage.reader.selectFrom('setup_links').selectAll().execute()
    expect(links).toHaveLength(1)
    expect(Math.abs((links[0]?.expires_at ?? 0) - Date.now() - setupLinkMs)).toBeLessThan(60_000)
    await storage.reader.updateTable('setup_links').set({ expires_at: Date.now() }).execute()
    await storage.close()
    expect((await setUp(server.url, server.setupToken())).status).toBe(403)
    expect(await server.stop()).toBe(0)
  })

  test('of an earlier start is void after the next', async () => {
    const data = scratchFolder()
    const first = await startServer({ data })
    const old = first.setupToken()
    expect(await first.stop()).toBe(0)
    const second = await startServer({ data })
    expect(second.setupToken()).not.toBe(old)
    expect((await setUp(second.url, old)).status).toBe(403)
    expect((await setUp(second.url, second.setupToken())).status).toBe(201)
    expect(await second.stop()).toBe(0)
  })

  test('is void once the command line has made an account', async () => {
    const data = scratchFolder()
    const server = await startServer({ data })
    expect((await createAccountBy(['--data', data])).code).toBe(0)
    expect((await setUp(server.url, server.setupToken())).status).toBe(403)
    expect(await server.stop()).toBe(0)
  })
})

test('servers that start at the same moment on a new database share it', async () => {
  const database = await createDatabase()
  onTestFinished(() => database.drop())
  const data = scratchFolder()
  const servers = await Promise.all([0, 1, 2].map(() => startServer({ data, databaseUrl: database.url })))
  expect(fs.readdirSync(data)).toEqual(['key'])
  const { AccountId } = JSON.parse(
    (await createAccountBy(['--json', '--data', data, '--database-url', database.url])).stdout,
  )
  for (const server of servers) {
    expect(await server.stop()).toBe(0)
    expect(server.stdout()).toContain('Data: PostgreSQL\n')
  }
  expect(AccountId).toMatch(/^\d{12}$/)
})

describe('a stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s during the start is a clean one, too', async (signal) => {
    const data = path.join(scratchFolder(), 'data')
    const server = spawnProgram(process.execPath, [script, 'serve', '--port', '0', '--data', data])
    await expect.poll(() => fs.existsSync(data), { timeout: 30_000, interval: 1 }).toBe(true)
    server.child.kill(signal)
    expect(await server.exit()).toEqual([0, null])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('by %s under load drops no request', async (signal) => {
    const data = scratchFolder()
    const accountId = (await createAccountBy(['--data', data])).stdout.trim()
    const flags = [
      '--account',
      accountId,
      '--name',
      'admin',
      '--administrator',
      '--access-key',
      '--json',
      '--data',
      data,
    ]
    const key = JSON.parse((await runSallyport(['user', 'create', ...flags])).stdout)
    const server = spawnProgram(process.execPath, [script, 'serve', '--port', '0', '--data', data])
    const url = await server.ready()
    const { sts } = sdkClients(url, { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey })
    const answered = { pooled: 0, signed: 0 }
    const failures: string[] = []
    /** Until nobody listens any more. What fails in another way was dropped. */
    const ask = async (kind: keyof typeof answered, once: () => Promise<unknown>) => {
      for (;;) {
        try {
          await once()
          answered[kind]++
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException
          // A new connection that the kernel has taken and nobody has accepted is reset when the listening ends: its request was
          // never seen. That no other one is lost this way, the record shows below.
          const unseen = kind === 'signed' && code === 'ECONNRESET'
          if (code !== 'ECONNREFUSED' && !unseen) failures.push(String(error))
          return
        }
      }
    }
    const pool = pooledClient(url, 8)
    onTestFinished(() => pool.close())
    const load = [
      ...Array.from({ length: 8 }, () =>
        ask('pooled', async () => expect((await pool.request('GET', '/sign-in/state', {})).status).toBe(200)),
      ),
      ...Array.from({ length: 2 }, () => ask('signed', () => sts.send(new GetCallerIdentityCommand({})))),
    ]
    // A browser's connection that nothing is sent on does not hold it up.
    const idle = new http.Agent({ keepAlive: true })
    onTestFinished(() => idle.destroy())
    await new Promise((resolve) =>
      http.get(`${url}/healthz`, { agent: idle }, (answer) => answer.resume().once('end', resolve)),
    )
    await expect.poll(() => Math.min(answered.pooled, answered.signed), { timeout: 60_000 }).toBeGreaterThan(20)
    server.child.kill(signal)
    expect(await server.exit()).toEqual([0, null])
    await Promise.all(load)
    expect(failures).toEqual([])
    expect(server.stderr()).toBe('')
    const record = await runSallyport(['events', '--json', '--limit', '1000000', '--data', data])
    expect(record.stdout.split('"eventName":"GetCallerIdentity"').length - 1).toBe(answered.signed)
  })
})

test('npm start -- FLAGS is sallyport serve FLAGS, and npx sallyport any command, in the checkout', async () => {
  const data = scratchFolder()
  const port = await freePort()
  const server = spawnProgram('npm', ['start', '--', '--port', String(port), '--data', data], { group: true })
  expect(await server.ready()).toBe(`http://127.0.0.1:${port}`)
  const created = await runProcess(
    'npx',
    [
      'sallyport',
      'account',
      'create',
      '--name',
      'A',
      '--email',
      'root@example.com',
      '--phone',
      '+4312345678',
      '--password-stdin',
      '--json',
      '--data',
      data,
    ],
    { input: testPassword },
  )
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"AccountId":"\d{12}"\}\n$/) })
  // Ctrl-C in a terminal goes to npm and to what it started; npm then ends by the signal itself.
  process.kill(-(server.child.pid ?? 0), 'SIGINT')
  await server.exit()
  expect(fs.readdirSync(data).toSorted()).toEqual(['key', 'sallyport.db'])
})
