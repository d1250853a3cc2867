import type { AuditSink } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Sealer } from '../credentials/seal.ts'
import type { Tx } from '../storage/schema.ts'
import type { Storage } from '../storage/storage.ts'

/** What the steps are given. */
export interface SignInParts {
  readonly storage: Storage
  readonly sealer: Sealer
  /** Seals temporary credentials. */
  readonly tokenSealer: Sealer
  readonly audit: AuditSink<Tx>
  readonly clock: Clock
  readonly random: Random
}
