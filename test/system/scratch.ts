import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { runSallyport } from '../support/cli.ts'
import type { Finished, RunOptions } from '../support/run-process.ts'
import { testPassword } from './two-servers.ts'

/** A folder for this test alone, not made yet below it. */
export function scratchFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-cli-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Every file below, with its mode and its content's hash: equal before and after means that nothing was touched. */
export function snapshot(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return ['nothing']
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      const mode = (fs.statSync(file).mode & 0o777).toString(8)
      const content = entry.isFile() ? createHash('sha256').update(fs.readFileSync(file)).digest('hex') : 'folder'
      return `${path.relative(folder, file)} ${mode} ${content}`
    })
    .toSorted()
}

/** Every row of every table of a PostgreSQL database. */
export async function databaseSnapshot(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    )
    const rows: string[] = []
    for (const { name } of tables.rows) {
      const { rows: found } = await client.query<{ row: string }>(`select t::text as row from ${name} t order by 1`)
      rows.push(...found.map(({ row }) => `${name} ${row}`), `${name} end`)
    }
    return rows
  } finally {
    await client.end()
  }
}

/** `sallyport account create` with a form that is right; flags say where. */
export function createAccountBy(
  flags: readonly string[],
  options: RunOptions & { readonly email?: string } = {},
): Promise<Finished> {
  const { email = 'root@example.com', ...rest } = options
  const form = ['--name', 'Example Corp', '--email', email, '--phone', '+43 1 2345678', '--password-stdin']
  return runSallyport(['account', 'create', ...form, ...flags], { input: `${testPassword}\n`, ...rest })
}
