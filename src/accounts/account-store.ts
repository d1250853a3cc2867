/** Accounts and their root users. Email and phone are sealed; the email is found by its HMAC. */
import { createHmac } from 'node:crypto'
import { type AccountId, parseAccountId } from '../core/account-id.ts'
import type { PasswordHash } from '../credentials/password/hash-password.ts'
import type { Sealer } from '../credentials/seal.ts'
import type { Tx } from '../storage/schema.ts'

export interface Account {
  readonly accountId: AccountId
  readonly name: string
  readonly email: string
  readonly passwordHash: PasswordHash
  readonly passwordVersion: number
  readonly passwordLastUsedAt: number | null
  readonly createdAt: number
}

export interface NewAccount {
  readonly accountId: AccountId
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly passwordHash: PasswordHash
}

/** Addresses are compared without regard to case, as mail providers do. */
export function emailIndexOf(sealer: Sealer, email: string): string {
  return createHmac('sha256', sealer.subkey('email-index')).update(email.trim().toLowerCase()).digest('base64url')
}

export async function insertAccount(
  tx: Tx,
  sealer: Sealer,
  account: NewAccount,
  now: number,
): Promise<'inserted' | 'email-taken'> {
  const rows = await tx
    .insertInto('accounts')
    .values({
      account_id: account.accountId,
      name: account.name,
      email_index: emailIndexOf(sealer, account.email),
      email_sealed: sealer.seal(Buffer.from(account.email), emailContext(account.accountId)),
      phone_sealed: sealer.seal(Buffer.from(account.phone), ['accounts', account.accountId, 'phone']),
      password_hash: account.passwordHash,
      password_version: 1,
      password_last_used_at: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('email_index').doNothing())
    .returning('account_id')
    .execute()
  return rows.length === 1 ? 'inserted' : 'email-taken'
}

export async function anyAccountExists(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('accounts').select('account_id').limit(1).executeTakeFirst()) !== undefined
}

export async function findAccount(tx: Tx, sealer: Sealer, accountId: AccountId): Promise<Account | undefined> {
  const row = await tx.selectFrom('accounts').selectAll().where('account_id', '=', accountId).executeTakeFirst()
  return row && toAccount(sealer, row)
}

export async function findAccountByEmail(tx: Tx, sealer: Sealer, email: string): Promise<Account | undefined> {
  const index = emailIndexOf(sealer, email)
  const row = await tx.selectFrom('accounts').selectAll().where('email_index', '=', index).executeTakeFirst()
  return row && toAccount(sealer, row)
}

/** By account id or alias, as the IAM user sign-in form takes either. */
export async function findAccountIdByName(tx: Tx, idOrAlias: string): Promise<AccountId | undefined> {
  if (/^[0-9]{12}$/.test(idOrAlias)) {
    const row = await tx
      .selectFrom('accounts')
      .select('account_id')
      .where('account_id', '=', idOrAlias)
      .executeTakeFirst()
    return row && parseAccountId(row.account_id)
  }
  const row = await tx
    .selectFrom('account_aliases')
    .select('account_id')
    .where('alias', '=', idOrAlias)
    .executeTakeFirst()
  return row && parseAccountId(row.account_id)
}

export async function findAlias(tx: Tx, accountId: AccountId): Promise<string | undefined> {
  const row = await tx
    .selectFrom('account_aliases')
    .select('alias')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.alias
}

/** All of them, by id. */
export async function listAccounts(
  tx: Tx,
  sealer: Sealer,
): Promise<(Account & { readonly alias: string | undefined })[]> {
  const rows = await tx
    .selectFrom('accounts')
    .leftJoin('account_aliases', 'account_aliases.account_id', 'accounts.account_id')
    .selectAll('accounts')
    .select('account_aliases.alias')
    .orderBy('accounts.account_id')
    .execute()
  return rows.map((row) => ({ ...toAccount(sealer, row), alias: row.alias ?? undefined }))
}

/** An account has one alias: this one in place of a former one. False: another account has it. Whoever calls holds the account's lock. */
export async function replaceAlias(tx: Tx, accountId: AccountId, alias: string, now: number): Promise<boolean> {
  await tx.deleteFrom('account_aliases').where('account_id', '=', accountId).execute()
  const rows = await tx
    .insertInto('account_aliases')
    .values({ account_id: accountId, alias, created_at: now })
    .onConflict((conflict) => conflict.column('alias').doNothing())
    .returning('alias')
    .execute()
  return rows.length === 1
}

/** False: the account has no such alias. */
export async function removeAlias(tx: Tx, accountId: AccountId, alias: string): Promise<boolean> {
  const rows = await tx
    .deleteFrom('account_aliases')
    .where('account_id', '=', accountId)
    .where('alias', '=', alias)
    .returning('alias')
    .execute()
  return rows.length === 1
}

const emailContext = (accountId: string) => ['accounts', accountId, 'email']

interface AccountRow {
  account_id: string
  name: string
  email_sealed: string
  password_hash: string
  password_version: number
  password_last_used_at: number | null
  created_at: number
}

function toAccount(sealer: Sealer, row: AccountRow): Account {
  return {
    accountId: parseAccountId(row.account_id),
    name: row.name,
    email: sealer.open(row.email_sealed, emailContext(row.account_id)).toString(),
    // What stands in this column was written by `insertAccount`, from a hash.
    passwordHash: row.password_hash as PasswordHash,
    passwordVersion: row.password_version,
    passwordLastUsedAt: row.password_last_used_at,
    createdAt: row.created_at,
  }
}
