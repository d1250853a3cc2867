/**
 * Session tokens: temporary credentials that carry the facts of their session, sealed. Whether they are still good, by `expiresAt` and by
 * the session's row, is the caller's to check at each use.
 */
import type { AccountId } from '../core/account-id.ts'
import { Secret } from '../core/secret.ts'
import { SealBroken, type Sealer } from './seal.ts'

/** Times are in milliseconds. */
export interface SessionTokenFacts {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret<string>
  readonly accountId: AccountId
  readonly principalKind: 'root' | 'user'
  /** The account id for root, `AIDA…` for an IAM user. */
  readonly principalId: string
  readonly sessionId: string
  /** True for the console's own calls. */
  readonly console: boolean
  readonly issuedAt: number
  readonly expiresAt: number
  /** When the person last proved every factor. */
  readonly authenticatedAt: number
  /** The device that was used at sign-in; absent: without MFA. */
  readonly mfaSerial?: string
}

const context = ['session token', '2'] as const

/** The facts in this order; JSON, so that what a fact holds cannot become another one. */
type Row = [
  accessKeyId: string,
  secretAccessKey: string,
  accountId: AccountId,
  principalKind: 'root' | 'user',
  principalId: string,
  sessionId: string,
  console: boolean,
  issuedAt: number,
  expiresAt: number,
  authenticatedAt: number,
  mfaSerial: string | null,
]

export function sealSessionToken(sealer: Sealer, facts: SessionTokenFacts): string {
  const row: Row = [
    facts.accessKeyId,
    facts.secretAccessKey.reveal(),
    facts.accountId,
    facts.principalKind,
    facts.principalId,
    facts.sessionId,
    facts.console,
    facts.issuedAt,
    facts.expiresAt,
    facts.authenticatedAt,
    facts.mfaSerial ?? null,
  ]
  return sealer.seal(Buffer.from(JSON.stringify(row)), context)
}

/** Undefined for what `sealSessionToken` did not make with this sealer's key. */
export function openSessionToken(sealer: Sealer, text: string): SessionTokenFacts | undefined {
  const plain = openOrUndefined(sealer, text)
  if (plain === undefined) return undefined
  // The seal vouches that `sealSessionToken` wrote this, and the version in the context that it wrote this very row.
  const row = JSON.parse(plain.toString()) as Row
  const mfaSerial = row[10]
  return {
    accessKeyId: row[0],
    secretAccessKey: new Secret(row[1]),
    accountId: row[2],
    principalKind: row[3],
    principalId: row[4],
    sessionId: row[5],
    console: row[6],
    issuedAt: row[7],
    expiresAt: row[8],
    authenticatedAt: row[9],
    ...(mfaSerial === null ? {} : { mfaSerial }),
  }
}

function openOrUndefined(sealer: Sealer, text: string): Buffer | undefined {
  try {
    return sealer.open(text, context)
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}
