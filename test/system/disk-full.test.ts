/**
 * A full disk is a clear 503 and loses nothing; once there is room again everything works without a restart (security: F-14).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetUserCommand,
  type IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listRecords } from '../../src/cloudtrail/event-store.ts'
import { systemRandom } from '../../src/core/random.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { authenticatorApp } from '../support/authenticator-app.ts'
import { runSallyport } from '../support/cli.ts'
import { createHttpClient } from '../support/http-client.ts'
import { environment, root } from '../support/run-process.ts'
import { sdkClients } from '../support/sdk.ts'
import { startServer } from '../support/server-process.ts'
import { enterPassword, newBrowser, type TestServer } from '../support/test-server.ts'
import { pooledClient } from './pooled-client.ts'
import { newRacePrincipal, stepMs } from './race-principal.ts'
import { patience } from './rounds.ts'
import { fileSizeLimit, makeSmallDisk, type SmallDisk } from './small-disk.ts'
import { insertTestAccount, insertTestUser, testPassword } from './two-servers.ts'

const disks: readonly [string, () => SmallDisk][] = [
  ['a full disk', makeSmallDisk],
  ['a limit on the size of files', () => fileSizeLimit(fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-limit-')))],
]

const email = 'root@example.com'
const unavailable = { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }
const refusedByBrowserRoute = {
  error: { code: 'ServiceUnavailable', message: expect.stringMatching(/^Nothing was changed\./) },
}

async function withStore<T>({ folder }: SmallDisk, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ dataFolder: folder }, systemRandom)
  try {
    return await work(store)
  } finally {
    await store.storage.close()
  }
}

const prepare = (disk: SmallDisk) =>
  withStore(disk, async (store) => {
    const accountId = await insertTestAccount(store, email)
    const administrator = await insertTestUser(store, accountId, 'administrator', true)
    return { accountId, administrator, atCodes: await newRacePrincipal(store, { signIns: 1 }) }
  })

/** The little that still fits into what the store has taken before, until the first refusal. */
async function createUntilFull(iam: IAMClient): Promise<{ created: readonly string[]; refused: unknown }> {
  const created: string[] = []
  for (let i = 0; i < 1000; i++) {
    try {
      await iam.send(new CreateUserCommand({ UserName: `last-${i}` }))
      created.push(`last-${i}`)
    } catch (refused) {
      return { created, refused }
    }
  }
  throw new Error('the disk is not full')
}

const namesOf = async (iam: IAMClient): Promise<readonly string[]> =>
  ((await iam.send(new ListUsersCommand({}))).Users ?? []).map((user) => user.UserName ?? '').toSorted()

describe.each(disks)('%s', (_name, makeDisk) => {
  test('refuses changes, sign-ins and recorded reads, loses nothing, and passes', patience, async () => {
    const disk = makeDisk()
    onTestFinished(() => disk.remove())
    const { accountId, administrator, atCodes } = await prepare(disk)
    const server = await startServer({ data: disk.folder })
    onTestFinished(async () => void (await server.stop()))
    const { iam, sts } = sdkClients(server.url, administrator)
    const client = createHttpClient(server.url)
    // The address is all that a browser needs to know.
    const open = () => newBrowser({ url: server.url } as TestServer)
    const account = { accountId, email, password: testPassword }
    const signedIn = open()
    expect((await enterPassword(signedIn, account)).status).toBe(200)
    const atPassword = open()
    await atPassword.post('/sign-in/root-email', { email })
    await iam.send(new CreateUserCommand({ UserName: 'before' }))
    const create = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' })
    const device = (await iam.send(create)).VirtualMFADevice
    const app = authenticatorApp(Buffer.from(device?.Base32StringSeed ?? []).toString())
    const enable = () => {
      const now = Date.now()
      const codes = { AuthenticationCode1: app.codeAt(now - stepMs), AuthenticationCode2: app.codeAt(now) }
      return iam.send(new EnableMFADeviceCommand({ UserName: 'before', SerialNumber: device?.SerialNumber, ...codes }))
    }
    const pooled = pooledClient(server.url)
    onTestFinished(() => pooled.close())
    const enterCode = (now: number) => {
      const body = JSON.stringify({ serial: atCodes.serial, code: atCodes.codeAt(now) })
      return pooled.request('POST', '/sign-in/mfa', atCodes.browsers[0] ?? {}, body)
    }
    expect((await client.get('/readyz')).status).toBe(200)

    disk.fill(server.pid)
    const { created, refused } = await createUntilFull(iam)
    expect(refused).toMatchObject(unavailable)
    // Changes; and reads, since none goes unrecorded.
    await expect(iam.send(new CreateUserCommand({ UserName: 'during' }))).rejects.toMatchObject(unavailable)
    await expect(enable()).rejects.toMatchObject(unavailable)
    await expect(iam.send(new GetUserCommand({ UserName: 'before' }))).rejects.toMatchObject(unavailable)
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(unavailable)
    // No sign-in gets on: by an email, a password right or wrong, a code.
    const answers = [
      await open().post('/sign-in/root-email', { email }),
      await atPassword.post('/sign-in/password', { password: testPassword }),
      await atPassword.post('/sign-in/password', { password: 'none that was ever set' }),
      // A sign-out that is not stored would be none.
      await signedIn.post('/console/sign-out', {}),
    ]
    for (const answer of answers) {
      expect({ status: answer.status, ...answer.json() }).toMatchObject({ status: 503, ...refusedByBrowserRoute })
      expect(answer.header('set-cookie')).toBe(undefined)
    }
    const codeWhileFull = Date.now()
    expect((await enterCode(codeWhileFull)).status).toBe(503)
    expect((await client.get('/healthz')).status).toBe(200)
    // Looked into once a second, so it may be as old as that.
    await expect
      .poll(async () => (await client.get('/readyz')).text, { timeout: 10_000 })
      .toBe('{"status":"unavailable"}')
    expect((await client.get('/readyz')).status).toBe(503)
    if (disk.kind === 'tmpfs') {
      const flags = ['--account', accountId, '--name', 'by-command', '--data', disk.folder]
      const { code, stderr } = await runSallyport(['user', 'create', ...flags])
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^sallyport: [^\n]+\n$/) })
    }

    disk.free(server.pid)
    const works = () => iam.send(new CreateUserCommand({ UserName: 'after' })).then(() => 'works', String)
    await expect.poll(works, { timeout: 10_000 }).toBe('works')
    await expect.poll(async () => (await client.get('/readyz')).status, { timeout: 10_000 }).toBe(200)
    expect(await namesOf(iam)).toEqual(['administrator', 'after', 'before', ...created].toSorted())
    await enable()
    // Neither the sign-ins nor the code were used up; the code is still the one of its step, or the next one is.
    expect((await atPassword.post('/sign-in/password', { password: testPassword })).status).toBe(200)
    const stillGood = Date.now() - codeWhileFull < stepMs
    expect((await enterCode(stillGood ? codeWhileFull : Date.now())).status).toBe(200)
    expect((await signedIn.post('/console/sign-out', {})).status).toBe(204)

    const { records, integrity } = await withStore(disk, async ({ storage }) => ({
      records: (await listRecords(storage.reader, accountId, 100_000)).map((record) => JSON.parse(record)),
      integrity: (await sql`pragma integrity_check`.execute(storage.reader)).rows,
    }))
    expect(integrity).toEqual([{ integrity_check: 'ok' }])
    const recorded = records.filter((record) => record.eventName === 'CreateUser' && record.errorCode === undefined)
    const names = recorded.map((record) => record.requestParameters.userName).toSorted()
    expect(names).toEqual(['after', 'before', ...created].toSorted())
  })
})

test('a full disk behind the log does not end the server', async () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-log-'))
  onTestFinished(() => fs.rmSync(data, { recursive: true }))
  const full = fs.openSync('/dev/full', 'w')
  const script = path.join(root, 'dist/cli/sallyport.js')
  const server = spawn(process.execPath, [script, 'serve', '--port', '0', '--data', data], {
    env: environment(),
    stdio: ['ignore', 'pipe', full],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  fs.closeSync(full)
  let output = ''
  server.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await expect.poll(() => /^ready (\S+)$/m.exec(output)?.[1], { timeout: 30_000 }).toMatch(/^http/)
  const url = /^ready (\S+)$/m.exec(output)?.[1] ?? ''
  // Each of these refusals is logged.
  const { sts } = sdkClients(url, {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'no-such-key-in-this-server',
  })
  for (let i = 0; i < 5; i++) {
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  }
  expect((await createHttpClient(url).get('/healthz')).status).toBe(200)
  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
})
