/**
 * Who an access key belongs to, read from the store at each request: what was deleted, switched off or ended before the request
 * began is not accepted, on any server (design: decision 7). Only unsealed secrets are kept in memory, by their sealed form.
 */
import type { CredentialReader, FoundCredential } from '../aws-api/operation.ts'
import type { AccountId } from '../core/account-id.ts'
import type { Principal } from '../core/caller.ts'
import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import { accountIdOfAccessKey } from '../credentials/access-key.ts'
import type { Sealer } from '../credentials/seal.ts'
import { openSessionToken } from '../credentials/session-token.ts'
import { noteAccessKeyUse, secretContext } from '../iam/access-keys/access-key-store.ts'
import { findPrincipal, rootPrincipal, toUserPrincipal } from '../iam/principals/find-principal.ts'
import { findSession, noteSessionUse } from '../iam/sessions/session-store.ts'
import { compileOnce } from '../storage/compile-once.ts'
import type { Storage } from '../storage/storage.ts'

interface Parts {
  readonly storage: Storage
  readonly sealer: Sealer
  readonly tokenSealer: Sealer
  readonly clock: Clock
}

/** More than the keys in use on one server; past it all are unsealed anew. */
const unsealedMax = 10_000

/** A key's last use is written at most this often, by each server. */
const lastUsedStepMs = 60_000

export function createCredentialReader(parts: Parts): CredentialReader {
  const unsealed = new Map<string, Secret<string>>()
  const lastNoted = new Map<string, number>()

  function unseal(sealed: string, accountId: string, accessKeyId: string): Secret<string> {
    const known = unsealed.get(sealed)
    if (known !== undefined) return known
    const secret = new Secret(parts.sealer.open(sealed, secretContext(accountId, accessKeyId)).toString())
    if (unsealed.size >= unsealedMax) unsealed.clear()
    unsealed.set(sealed, secret)
    return secret
  }

  const asked = new Map<string, Promise<FoundCredential>>()

  /** One look-up for all requests of a key that have begun by the end of this turn of the event loop: none is older than its answer. */
  function findOnce(accessKeyId: string): Promise<FoundCredential> {
    const known = asked.get(accessKeyId)
    if (known !== undefined) return known
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      asked.delete(accessKeyId)
      return findLongTerm(accessKeyId)
    })
    asked.set(accessKeyId, answer)
    return answer
  }

  async function findLongTerm(accessKeyId: string): Promise<FoundCredential> {
    const accountId = accountIdOfAccessKey(accessKeyId)
    const [row] = accountId === undefined ? [] : await findKeyRows(parts.storage.reader, [accountId, accessKeyId])
    if (accountId === undefined || row === undefined) return { found: false, reason: 'unknown' }
    const principal = toPrincipal(accountId, row)
    if (principal === undefined) return { found: false, reason: 'unknown' }
    if (row.status !== 'Active') return { found: false, reason: 'inactive' }
    return {
      found: true,
      caller: { principal, accessKeyId },
      secretAccessKey: unseal(row.secret_sealed, accountId, accessKeyId),
      secretVersion: row.secret_sealed,
    }
  }

  async function findTemporary(accessKeyId: string, token: string): Promise<FoundCredential> {
    const facts = openSessionToken(parts.tokenSealer, token)
    if (facts === undefined || facts.accessKeyId !== accessKeyId) return { found: false, reason: 'token-invalid' }
    const now = parts.clock.now()
    if (now >= facts.expiresAt) return { found: false, reason: 'token-expired' }
    const session = await findSession(parts.storage.reader, facts.accountId, facts.sessionId, now)
    const record = session && (await findPrincipal(parts.storage.reader, facts.accountId, facts.principalId))
    if (session === undefined || record === undefined) return { found: false, reason: 'token-expired' }
    const { sessionId: id, console, issuedAt: createdAt, authenticatedAt } = facts
    const mfa = facts.mfaSerial === undefined ? {} : { mfaSerial: facts.mfaSerial }
    return {
      found: true,
      caller: {
        principal: record.principal,
        accessKeyId,
        session: { id, console, createdAt, authenticatedAt, ...mfa },
      },
      secretAccessKey: facts.secretAccessKey,
      // A temporary key id has one secret for all its life.
      secretVersion: accessKeyId,
    }
  }

  return {
    async find(accessKeyId, sessionToken) {
      if (accessKeyId.startsWith('ASIA')) {
        return sessionToken === undefined
          ? { found: false, reason: 'token-missing' }
          : findTemporary(accessKeyId, sessionToken)
      }
      return sessionToken === undefined ? findOnce(accessKeyId) : { found: false, reason: 'token-invalid' }
    },

    async noteUse({ principal, accessKeyId, session }, { service, region, now }) {
      if (session !== undefined) return noteSessionUse(parts.storage.reader, principal.accountId, session.id, now)
      if (now - (lastNoted.get(accessKeyId) ?? 0) < lastUsedStepMs) return
      if (lastNoted.size >= unsealedMax) lastNoted.clear()
      lastNoted.set(accessKeyId, now)
      await noteAccessKeyUse(parts.storage.reader, {
        accountId: principal.accountId,
        accessKeyId,
        region,
        service,
        now,
      })
    },
  }
}

/** Asked at each request. */
const findKeyRows = compileOnce((db) =>
  db
    .selectFrom('access_keys as k')
    .leftJoin('users as u', (join) =>
      join.onRef('u.account_id', '=', 'k.account_id').onRef('u.user_id', '=', 'k.principal_id'),
    )
    .select(['k.principal_id', 'k.secret_sealed', 'k.status', 'u.user_id', 'u.user_name', 'u.path', 'u.administrator'])
    .where('k.account_id', '=', '')
    .where('k.access_key_id', '=', '')
    .compile(),
)

type KeyRow = Awaited<ReturnType<typeof findKeyRows>>[number]

/** Undefined: the key's user is gone. */
function toPrincipal(accountId: AccountId, row: KeyRow): Principal | undefined {
  if (row.principal_id === accountId) return rootPrincipal(accountId)
  const { user_id, user_name, path, administrator } = row
  if (user_id === null || user_name === null || path === null || administrator === null) return undefined
  return toUserPrincipal({ account_id: accountId, user_id, user_name, path, administrator })
}
