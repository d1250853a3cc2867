import { execFileSync } from 'node:child_process'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { createDatabase } from './postgres.ts'

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('each database is fresh, empty and apart from the others', async () => {
  const [one, other] = await Promise.all([createDatabase(), createDatabase()])
  onTestFinished(async () => {
    await Promise.all([one.drop(), other.drop()])
  })
  await query(one.url, 'CREATE TABLE marks (id int)')
  const tables = "SELECT count(*)::int AS count FROM pg_tables WHERE schemaname = 'public'"
  expect(await query(one.url, tables)).toEqual([{ count: 1 }])
  expect(await query(other.url, tables)).toEqual([{ count: 0 }])
})

test('a dropped database is gone, also while somebody is connected', async () => {
  const database = await createDatabase()
  const client = new pg.Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  await database.drop()
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist')
  await client.end().catch(() => {})
})

test('the server is PostgreSQL 18, writes durably, and listens on loopback only', async () => {
  const url = inject('postgresUrl')
  const setting = async (name: string) => (await query(url, `SHOW ${name}`))[0]?.[name]
  expect(await setting('server_version')).toMatch(/^18\./)
  expect(await setting('fsync')).toBe('on')
  expect(await setting('synchronous_commit')).toBe('on')
  expect(await setting('listen_addresses')).toBe('127.0.0.1')
})

test('a run that is killed leaves no server behind', async () => {
  // A process of its own starts a server, prints its address, and is killed the hard way.
  const script = `
    import { startPostgres } from './test/support/postgres-server.ts'
    console.log((await startPostgres()).url)
    process.kill(process.pid, 'SIGKILL')`
  let url = ''
  try {
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } catch (error) {
    url = (error as { stdout: string }).stdout.trim()
  }
  expect(url).toMatch(/^postgres:/)
  await expect
    .poll(
      () =>
        query(url, 'SELECT 1').then(
          () => 'answers',
          () => 'gone',
        ),
      { timeout: 20_000 },
    )
    .toBe('gone')
})
