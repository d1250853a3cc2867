/**
 * PostgreSQL goes away in every way that it can: the answer is a clear 503 before long, nothing is granted, and once it is back
 * everything works by itself (security: F-15, F-24).
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetUserCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { systemRandom } from '../../src/core/random.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { authenticatorApp } from '../support/authenticator-app.ts'
import { createHttpClient, type HttpClient } from '../support/http-client.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { type SdkClients, sdkClients } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { type Browser, enterPassword, newBrowser, type TestServer } from '../support/test-server.ts'
import { type PooledClient, pooledClient } from './pooled-client.ts'
import { newRacePrincipal, type RacePrincipal, stepAt, stepMs } from './race-principal.ts'
import { patience } from './rounds.ts'
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts'
import { insertTestAccount, insertTestUser, testPassword } from './two-servers.ts'

const email = 'root@example.com'
const unavailable = { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }

const data = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-away-'))
let database: TestDatabase
let proxy: TcpProxy
/** Opened past the proxy. */
let store: Store
let server: ServerProcess
let accountId: AccountId
let aws: SdkClients
let client: HttpClient
let pooled: PooledClient

beforeAll(async () => {
  database = await createDatabase()
  const { hostname: host, port } = new URL(database.url)
  proxy = await tcpProxy({ host, port: Number(port) })
  store = await openStore({ dataFolder: data, databaseUrl: database.url }, systemRandom)
  accountId = await insertTestAccount(store, email)
  const through = new URL(database.url)
  through.host = `127.0.0.1:${proxy.port}`
  server = await startServer({ data, databaseUrl: through.href })
  aws = sdkClients(server.url, await insertTestUser(store, accountId, 'administrator', true))
  client = createHttpClient(server.url)
  pooled = pooledClient(server.url)
})
afterAll(async () => {
  pooled.close()
  expect(await server.stop()).toBe(0)
  await store.storage.close()
  await proxy.close()
  await database.drop()
  fs.rmSync(data, { recursive: true })
})
beforeEach(async () => {
  await proxy.set('pass')
  await expect.poll(readiness, { timeout: 20_000 }).toBe(200)
})

/** Looked into once a second, so it may be as old as that. */
const readiness = async (): Promise<number> => (await client.get('/readyz')).status

let names = 0
const createUser = async (): Promise<string> => {
  const UserName = `user-${++names}`
  await aws.iam.send(new CreateUserCommand({ UserName }))
  return UserName
}

const openBrowser = (): Browser => newBrowser({ url: server.url } as TestServer)

const enterCode = (principal: RacePrincipal, now: number) => {
  const body = JSON.stringify({ serial: principal.serial, code: principal.codeAt(now) })
  return pooled.request('POST', '/sign-in/mfa', principal.browsers[0] ?? {}, body)
}

async function administer(statement: string): Promise<void> {
  const connection = new pg.Client({ connectionString: database.url })
  await connection.connect()
  await connection.query(statement)
  await connection.end()
}

const killConnections =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sallyport' and pid <> pg_backend_pid()"

describe.each(['refuse', 'stall'] as const)('a database that cannot be reached (%s)', (mode) => {
  test('is a 503, grants nothing, and is back by itself', patience, async () => {
    const signedIn = openBrowser()
    const account = { accountId, email, password: testPassword }
    expect((await enterPassword(signedIn, account)).status).toBe(200)
    const atPassword = openBrowser()
    await atPassword.post('/sign-in/root-email', { email })
    const atCodes = await newRacePrincipal(store, { signIns: 1 })
    const before = await createUser()

    await proxy.set(mode)
    const startedAt = performance.now()
    await expect(createUser()).rejects.toMatchObject(unavailable)
    await expect(aws.iam.send(new GetUserCommand({ UserName: before }))).rejects.toMatchObject(unavailable)
    await expect(aws.sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(unavailable)
    // More at once than there are connections: none waits for the ones before it.
    const burst = Array.from({ length: 40 }, () => aws.sts.send(new GetCallerIdentityCommand({})))
    const outcomes = await Promise.allSettled(burst)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable })
    const now = Date.now()
    expect((await enterCode(atCodes, now)).status).toBe(503)
    expect((await atPassword.get('/sign-in/state')).status).toBe(503)
    expect((await signedIn.get('/console/session')).status).toBe(503)
    expect((await client.get('/healthz')).status).toBe(200)
    console.log(
      `${mode}: eight answers one after the other and a burst took ${Math.round(performance.now() - startedAt)} ms`,
    )
    await expect.poll(readiness, { timeout: 10_000 }).toBe(503)

    await proxy.set('pass')
    const works = () => createUser().then(() => 'works', String)
    await expect.poll(works, { timeout: 10_000 }).toBe('works')
    expect((await atPassword.post('/sign-in/password', { password: testPassword })).status).toBe(200)
    // The code was not used up.
    const stillGood = Date.now() - now < stepMs
    expect((await enterCode(atCodes, stillGood ? now : Date.now())).status).toBe(200)
    expect((await signedIn.get('/console/session')).status).toBe(200)
  })
})

test('connections killed under load cost single requests, and no more', patience, async () => {
  let stop = false
  let done = 0
  const acknowledged: string[] = []
  const refused: unknown[] = []
  const work = async (): Promise<void> => {
    while (!stop) {
      try {
        acknowledged.push(await createUser())
        // A transaction that computes, for the picture, between two statements.
        const name = `phone-${++names}`
        await aws.iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }))
      } catch (error) {
        refused.push(error)
      }
      done++
    }
  }
  const working = Array.from({ length: 8 }, work)
  for (let kill = 1; kill <= 20; kill++) {
    await expect.poll(() => done, { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(kill * 4)
    await administer(killConnections)
  }
  stop = true
  await Promise.all(working)
  for (const error of refused) expect(error).toMatchObject(unavailable)
  await createUser()
  const there = new Set<string>()
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await aws.iam.send(new ListUsersCommand({ ...(Marker === undefined ? {} : { Marker }) }))
    for (const { UserName = '' } of page.Users ?? []) there.add(UserName)
    Marker = page.Marker
    more = page.IsTruncated === true
  }
  expect(acknowledged.filter((name) => !there.has(name))).toEqual([])
  console.log(`20 kills: ${acknowledged.length} users created, ${refused.length} requests refused`)
})

test('connections that fell silent are replaced', patience, async () => {
  const burst = () =>
    Promise.all(
      Array.from({ length: 20 }, () =>
        aws.sts.send(new GetCallerIdentityCommand({})).then(
          () => 'works',
          (error: Error) => error.name,
        ),
      ),
    )
  expect(new Set(await burst())).toEqual(new Set(['works']))
  proxy.silence()
  expect(await burst()).toContain('ServiceUnavailable')
  expect(new Set(await burst())).toEqual(new Set(['works']))
})

/** As the end of a message of PostgreSQL's protocol, so that `synchronous_commit` is none. */
const commit = 'commit\0'

describe('a connection that is cut between COMMIT and its answer', () => {
  test('leaves a change done once, and does not call it undone', patience, async () => {
    const name = `user-${++names}`
    proxy.cut(commit)
    await expect(aws.iam.send(new CreateUserCommand({ UserName: name }))).rejects.toMatchObject(unavailable)
    await proxy.set('pass')
    await expect(aws.iam.send(new CreateUserCommand({ UserName: name }))).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
    })
  })

  test('grants no session for the code, which is used up', patience, async () => {
    const principal = await newRacePrincipal(store, { signIns: 1 })
    const now = Date.now()
    proxy.cut(commit)
    const answer = await enterCode(principal, now)
    expect(answer.status).toBe(503)
    expect(answer.json<{ error: { message: string } }>().error.message).toMatch(/^It is not known whether/)
    await proxy.set('pass')
    expect((await enterCode(principal, now)).status).toBe(409)
    const { last_step } = await store.storage.reader
      .selectFrom('mfa_devices')
      .select('last_step')
      .where('serial', '=', principal.serial)
      .executeTakeFirstOrThrow()
    expect(last_step).toBe(stepAt(now))
  })

  test('enables a device once', patience, async () => {
    const UserName = await createUser()
    const create = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName })
    const device = (await aws.iam.send(create)).VirtualMFADevice
    const app = authenticatorApp(Buffer.from(device?.Base32StringSeed ?? []).toString())
    const enable = (now: number) => {
      const codes = { AuthenticationCode1: app.codeAt(now - stepMs), AuthenticationCode2: app.codeAt(now) }
      return aws.iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber: device?.SerialNumber, ...codes }))
    }
    const now = Date.now()
    proxy.cut(commit)
    await expect(enable(now)).rejects.toMatchObject(unavailable)
    await proxy.set('pass')
    await expect(enable(now)).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' })
  })
})

test('a lock that somebody holds is a 503 for those who need it, and for nobody else', patience, async () => {
  const principal = await newRacePrincipal(store, { signIns: 1 })
  const holder = new pg.Client({ connectionString: database.url })
  await holder.connect()
  await holder.query('begin')
  await holder.query(`select 1 from accounts where account_id = '${principal.accountId}' for update`)
  const now = Date.now()
  expect((await enterCode(principal, now)).status).toBe(503)
  await createUser()
  await holder.query('rollback')
  await holder.end()
  const stillGood = Date.now() - now < stepMs
  expect((await enterCode(principal, stillGood ? now : Date.now())).status).toBe(200)
})

test('a server whose database is silent stops all the same', patience, async () => {
  const through = new URL(database.url)
  through.host = `127.0.0.1:${proxy.port}`
  const other = await startServer({ data, databaseUrl: through.href })
  await proxy.set('stall')
  expect(await other.stop()).toBe(0)
})
