import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { purgeExpired } from './purge-expired.ts'
import { migrate } from './storage/migrations/migrate.ts'
import { connectStorage } from './storage/storage.ts'

const now = Date.UTC(2026, 10, 24, 9, 0, 10)
const minuteMs = 60_000
const dayMs = 86_400_000
const today = Math.floor(now / dayMs)

test('sweeps what nothing can use any more, and nothing else', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-purge-'))
  const storage = await connectStorage({ engine: 'sqlite', folder })
  onTestFinished(async () => {
    await storage.close()
    fs.rmSync(folder, { recursive: true })
  })
  await migrate(storage)
  const { reader } = storage
  const signIn = (hash: string, expires_at: number) => ({
    ...{ account_id: '', sign_in_hash: hash, state: '{}', version: 1, expires_at },
  })
  await reader
    .insertInto('sign_ins')
    .values([signIn('over', now - minuteMs - 1), signIn('just over', now - minuteMs), signIn('open', now)])
    .execute()
  const session = (session_hash: string, expires_at: number) => ({
    ...{ account_id: '123456789012', session_hash, principal_id: 'p', created_at: 0, authenticated_at: 0 },
    ...{ last_seen_at: 0, expires_at, mfa_serial: null, ended_at: null },
  })
  await reader
    .insertInto('sessions')
    .values([session('long over', now - dayMs - 1), session('just over', now - 1), session('alive', now + 1)])
    .execute()
  await reader
    .insertInto('setup_links')
    .values([
      { token_hash: 'long over', expires_at: now - dayMs - 1, used_at: null },
      { token_hash: 'open', expires_at: now + 1, used_at: null },
    ])
    .execute()
  const attempts = (kind: 'password' | 'mfa', subject: string, period: number) => ({
    ...{ account_id: '123456789012', subject, kind, period: String(period), failures: 3, next_attempt_at: 0 },
  })
  await reader
    .insertInto('attempts')
    .values([
      attempts('password', 'today', today),
      attempts('password', 'yesterday', today - 1),
      attempts('password', 'before', today - 2),
      attempts('mfa', 'of the first password', 1),
    ])
    .execute()
  const device = (
    serial: string,
    more: { wizard_session: string | null; created_at: number; principal_id?: string },
  ) => ({
    ...{ account_id: '123456789012', serial, name: serial, path: '/', seed_sealed: '', enabled_at: null },
    ...{ last_step: -1, drift_set: 0, drift: 0, verified_at: null, principal_id: null },
    ...more,
  })
  const old = now - 31 * minuteMs
  await reader
    .insertInto('mfa_devices')
    .values([
      device('left in a wizard', { wizard_session: 's', created_at: old }),
      device('in a wizard', { wizard_session: 's', created_at: now - minuteMs }),
      device('made by API', { wizard_session: null, created_at: old }),
      device('enabled', { wizard_session: null, created_at: old, principal_id: 'p' }),
    ])
    .execute()

  await purgeExpired(storage, now)

  const left = async (table: 'sign_ins' | 'sessions' | 'setup_links' | 'attempts' | 'mfa_devices', column: string) =>
    (await reader.selectFrom(table).selectAll().execute())
      .map((row) => (row as Record<string, unknown>)[column])
      .toSorted()
  expect(await left('sign_ins', 'sign_in_hash')).toEqual(['just over', 'open'])
  expect(await left('sessions', 'session_hash')).toEqual(['alive', 'just over'])
  expect(await left('setup_links', 'token_hash')).toEqual(['open'])
  expect(await left('attempts', 'subject')).toEqual(['of the first password', 'today', 'yesterday'])
  expect(await left('mfa_devices', 'serial')).toEqual(['enabled', 'in a wizard', 'made by API'])
})
