/** The embedded store with 1,000 users and with 1,000,000: GetUser's and a sign-in's look-ups must not notice (hold: ≤ × 1.3). */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { findAccountByEmail } from '../src/accounts/account-store.ts'
import { createAccount } from '../src/accounts/create-account.ts'
import { systemRandom } from '../src/core/random.ts'
import { findUserByName } from '../src/iam/principals/find-principal.ts'
import { openStore, type Store } from '../src/open-store.ts'

const usersPerAccount = 1_000
const lookupsPerRound = 2_000
const rounds = 7

export async function benchScale(print: (line: string) => void): Promise<void> {
  const small = await fill(1)
  const large = await fill(1_000)
  const rows = {
    'user by name (GetUser)': (filled: Filled, turn: number) =>
      findUserByName(filled.store.storage.reader, filled.accountId, `User-${(turn * 7919) % usersPerAccount}`),
    'account by email (sign-in)': (filled: Filled) =>
      findAccountByEmail(filled.store.storage.reader, filled.store.sealer, 'root@example.com'),
  }
  for (const [name, lookUp] of Object.entries(rows)) {
    const times = { small: [] as number[], large: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      times.small.push(await microseconds(small, lookUp))
      times.large.push(await microseconds(large, lookUp))
    }
    const best = { small: Math.min(...times.small), large: Math.min(...times.large) }
    const ratio = (best.large / best.small).toFixed(2)
    print(
      `${name}: ${best.small.toFixed(1)} µs with 1,000 users, ${best.large.toFixed(1)} µs with 1,000,000: × ${ratio} (hold: ≤ × 1.3)`,
    )
  }
  for (const { store, folder } of [small, large]) {
    await store.storage.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

interface Filled {
  readonly store: Store
  readonly folder: string
  readonly accountId: Parameters<typeof findUserByName>[1]
}

/** One real account, and others of which only the users' rows exist. */
async function fill(accounts: number): Promise<Filled> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-scale-'))
  const store = await openStore({ dataFolder: folder }, systemRandom)
  const form = {
    name: 'Bench',
    email: 'root@example.com',
    phone: '+43 1 2345678',
    password: 'four small boats at the quay',
  }
  const created = await createAccount({ ...store, random: systemRandom }, form, 0)
  if (!created.created) throw new Error('the account could not be made')
  for (let account = 0; account < accounts; account++) {
    const accountId = account === 0 ? created.accountId : String(200_000_000_000 + account * 7_919)
    await sql`insert into users (account_id, user_id, user_name, user_name_lower, path, administrator, password_hash, password_epoch, password_last_used_at, created_at)
      with recursive n(i) as (select 0 union all select i + 1 from n where i < ${usersPerAccount - 1})
      select ${accountId}, 'AIDA' || hex(randomblob(8)), 'User-' || i, 'user-' || i, '/', 0, null, 0, null, 0 from n`.execute(
      store.storage.reader,
    )
  }
  return { store, folder, accountId: created.accountId }
}

async function microseconds(
  filled: Filled,
  lookUp: (filled: Filled, turn: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now()
  for (let turn = 0; turn < lookupsPerRound; turn++) {
    if ((await lookUp(filled, turn)) === undefined) throw new Error('a look-up found nothing')
  }
  return ((performance.now() - startedAt) * 1000) / lookupsPerRound
}
