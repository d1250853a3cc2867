/**
 * The tables, once for SQLite and PostgreSQL: `text` and `bigint` columns only. Times are milliseconds, flags 0 or 1,
 * sealed columns are what `credentials/seal` wrote. Every key begins with the account id.
 */
import type { Kysely } from 'kysely'

export interface Schema {
  meta: { name: string; value: string }
  accounts: {
    account_id: string
    name: string
    /** HMAC of the lower-case address: finds the account, tells nothing. */
    email_index: string
    email_sealed: string
    phone_sealed: string
    password_hash: string
    /** Counts the passwords that root has had; attempts at MFA codes are counted per password. */
    password_version: number
    password_last_used_at: number | null
    created_at: number
  }
  account_aliases: { account_id: string; alias: string; created_at: number }
  users: {
    account_id: string
    user_id: string
    user_name: string
    user_name_lower: string
    path: string
    administrator: number
    password_hash: string | null
    /** Counts the changes of the password, its removal included; attempts at MFA codes are counted for each. */
    password_version: number
    /** When the user was given the login profile that it has; null exactly where `password_hash` is. */
    password_created_at: number | null
    password_last_used_at: number | null
    created_at: number
  }
  tags: {
    account_id: string
    resource_id: string
    tag_key: string
    /** What makes two keys one: `iam/tags.ts` says how. */
    tag_key_compared: string
    tag_value: string
  }
  access_keys: {
    account_id: string
    access_key_id: string
    /** The account id for root, `AIDA…` for a user: so everywhere below. */
    principal_id: string
    secret_sealed: string
    status: 'Active' | 'Inactive'
    created_at: number
    last_used_at: number | null
    last_used_region: string | null
    last_used_service: string | null
  }
  mfa_devices: {
    account_id: string
    serial: string
    /** The name that was asked for; the serial of root's first device does not show it. */
    name: string
    path: string
    seed_sealed: string
    created_at: number
    /** Set while a console wizard has not enabled the device yet: such a device goes when the wizard is left. */
    wizard_session: string | null
    /** Null: assigned to nobody. */
    principal_id: string | null
    enabled_at: number | null
    /** INVARIANT(last-step): only ever grows. The newest time step whose code was accepted, -1 before the first. */
    last_step: number
    /** How many steps the device's clock is off, as the two codes of enrolment or resync showed. */
    drift_set: number
    /** How many steps it is off now, as sign-ins have shown since. */
    drift: number
    /** When a code of this device last completed a sign-in. */
    verified_at: number | null
  }
  sessions: {
    account_id: string
    session_hash: string
    principal_id: string
    created_at: number
    authenticated_at: number
    last_seen_at: number
    expires_at: number
    mfa_serial: string | null
    ended_at: number | null
  }
  /** Half-done sign-ins: the server's side of the state machine. `account_id` is empty while nobody is known. */
  sign_ins: {
    account_id: string
    sign_in_hash: string
    state: string
    version: number
    expires_at: number
  }
  trusted_browsers: {
    account_id: string
    principal_id: string
    token_hash: string
    created_at: number
    password_failures: number
    mfa_failures: number
  }
  /** Attempts at a secret, counted per principal (or per typed name that is nobody's) and kind. */
  attempts: {
    account_id: string
    subject: string
    kind: 'password' | 'mfa'
    /** What the count belongs to: the day for passwords, the password's version for MFA codes. */
    period: string
    failures: number
    next_attempt_at: number
  }
  /** Proofs of work that were spent, until they end. */
  spent_proofs: { proof_id: string; expires_at: number }
  events: { account_id: string; event_seq: number; event_id: string; record: string }
  setup_links: { token_hash: string; expires_at: number; used_at: number | null }
}

/** A transaction, or the connection outside of one. */
export type Tx = Kysely<Schema>
