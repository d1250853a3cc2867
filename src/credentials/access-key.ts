/** Access keys and unique ids in the forms that AWS gives them. */
import { type AccountId, parseAccountId } from '../core/account-id.ts'
import { parseBase32, toBase32 } from '../core/base32.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'

/** `AKIA`: long-term key. `ASIA`: temporary credentials. */
export type AccessKeyPrefix = 'AKIA' | 'ASIA'

/** IAM user, group, role, managed policy, policy version, instance profile, server certificate. */
export type UniqueIdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'ANVA' | 'AIPA' | 'ASCA'

// After the prefix, 80 bits in base32. Of the first 48: one bit that is always set, so that the fifth character is Q or later and
// tells such ids from AWS's older ones, then 40 bits of account id, then 7 bits that belong to the key.
const accountMarkBit = 1n << 47n
const accountShift = 7n
const accountMask = (1n << 40n) - 1n

/**
 * Twenty characters that carry the account id as AWS's do (`aws sts get-access-key-info` reads it from there). 39 of their bits
 * are random: ids may collide once in many thousands of keys of one account, so the store must refuse a second one.
 */
export function newAccessKeyId(random: Random, accountId: AccountId, prefix: AccessKeyPrefix): string {
  const bytes = random.bytes(10)
  const low = BigInt(bytes.readUIntBE(0, 6)) & ((1n << accountShift) - 1n)
  const head = accountMarkBit | (BigInt(accountId) << accountShift) | low
  bytes.writeUIntBE(Number(head), 0, 6)
  return prefix + toBase32(bytes)
}

/** The account that an access key id names; undefined for what is none, and for AWS's older ids, which name none. */
export function accountIdOfAccessKey(accessKeyId: string): AccountId | undefined {
  if (!/^A[KS]IA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined
  const head = BigInt(parseBase32(accessKeyId.slice(4)).readUIntBE(0, 6))
  if ((head & accountMarkBit) === 0n) return undefined
  const digits = ((head >> accountShift) & accountMask).toString().padStart(12, '0')
  return digits.length === 12 ? parseAccountId(digits) : undefined
}

/** Forty characters of A-Z, a-z, 0-9, + and /: 240 random bits. */
export function newSecretAccessKey(random: Random): Secret<string> {
  return new Secret(random.bytes(30).toString('base64'))
}

/** Twenty-one characters: the prefix that names the kind, and 85 random bits. */
export function newUniqueId(random: Random, prefix: UniqueIdPrefix): string {
  return prefix + toBase32(random.bytes(11)).slice(0, 17)
}
