/**
 * The embedded store with 1,000 users and with 1,000,000, ten to an account: GetUser's and a sign-in's look-ups must not notice
 * (hold: ≤ × 1.3). Whom a look-up names is spread over the whole store, so that no part of it stays at hand by being asked for again.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { findAccountByEmail, insertAccount } from '../src/accounts/account-store.ts'
import { type AccountId, parseAccountId } from '../src/core/account-id.ts'
import { systemRandom } from '../src/core/random.ts'
import type { PasswordHash } from '../src/credentials/password/hash-password.ts'
import { findUserByName } from '../src/iam/principals/find-principal.ts'
import { openStore, type Store } from '../src/open-store.ts'

const usersPerAccount = 10
const lookupsPerRound = 2_000
const rounds = 7

interface Filled {
  readonly store: Store
  readonly folder: string
  readonly accounts: number
}

type LookUp = (filled: Filled, turn: number) => Promise<unknown>

const lookUps: Readonly<Record<string, LookUp>> = {
  'user by name (GetUser)': (filled, turn) =>
    findUserByName(
      filled.store.storage.reader,
      accountIdOf(spread(turn, filled.accounts)),
      `User-${turn % usersPerAccount}`,
    ),
  'account by email (sign-in)': (filled, turn) =>
    findAccountByEmail(filled.store.storage.reader, filled.store.sealer, emailOf(spread(turn, filled.accounts))),
}

export async function benchScale(print: (line: string) => void): Promise<void> {
  const small = await fill(100)
  const large = await fill(100_000)
  for (const [name, lookUp] of Object.entries(lookUps)) {
    const times = { small: [] as number[], large: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      times.small.push(await microseconds(small, lookUp, round))
      times.large.push(await microseconds(large, lookUp, round))
    }
    const best = { small: Math.min(...times.small), large: Math.min(...times.large) }
    const ratio = (best.large / best.small).toFixed(2)
    print(
      `${name}: ${best.small.toFixed(1)} µs with 100 accounts and 1,000 users, ${best.large.toFixed(1)} µs with 100,000 and 1,000,000: × ${ratio} (hold: ≤ × 1.3)`,
    )
  }
  for (const { store, folder } of [small, large]) {
    await store.storage.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Two neighbouring turns are far apart: 7,919 is a prime that divides no number of accounts. */
const spread = (turn: number, accounts: number): number => (turn * 7_919) % accounts

const accountIdOf = (account: number): AccountId => parseAccountId(String(200_000_000_000 + account * 7_919))
const emailOf = (account: number): string => `root-${account}@example.com`

/** Whole rows, sealed as always; only the password is nobody's, since a hash takes as long as a thousand rows. */
async function fill(accounts: number): Promise<Filled> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-scale-'))
  const store = await openStore({ dataFolder: folder }, systemRandom)
  const passwordHash = '' as PasswordHash // never verified here
  await store.storage.transaction(async (tx) => {
    for (let account = 0; account < accounts; account++) {
      const form = { name: `Account ${account}`, email: emailOf(account), phone: '+43 1 2345678' }
      const accountId = accountIdOf(account)
      await insertAccount(tx, store.sealer, { ...form, accountId, passwordHash }, 0)
    }
    await sql`insert into users (account_id, user_id, user_name, user_name_lower, path, administrator, password_hash, password_version, password_last_used_at, created_at)
      with recursive n(i) as (select 0 union all select i + 1 from n where i < ${usersPerAccount - 1})
      select a.account_id, 'AIDA' || hex(randomblob(8)), 'User-' || i, 'user-' || i, '/', 0, null, 0, null, 0 from accounts as a, n`.execute(
      tx,
    )
  })
  return { store, folder, accounts }
}

async function microseconds(filled: Filled, lookUp: LookUp, round: number): Promise<number> {
  const first = round * lookupsPerRound
  const startedAt = performance.now()
  for (let turn = first; turn < first + lookupsPerRound; turn++) {
    if ((await lookUp(filled, turn)) === undefined) throw new Error('a look-up found nothing')
  }
  return ((performance.now() - startedAt) * 1000) / lookupsPerRound
}
