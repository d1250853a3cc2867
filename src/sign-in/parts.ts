import type { AuditSink } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Sealer } from '../credentials/seal.ts'
import type { Tx } from '../storage/schema.ts'
import type { SharedTime } from '../storage/shared-time.ts'
import type { Storage } from '../storage/storage.ts'
import type { RefusalCounts } from './refusal-counts.ts'

/** What the steps are given. */
export interface SignInParts {
  readonly storage: Storage
  readonly sealer: Sealer
  /** Seals temporary credentials. */
  readonly tokenSealer: Sealer
  readonly audit: AuditSink<Tx>
  readonly refusals: RefusalCounts
  readonly clock: Clock
  /** For what servers of one store compare: attempts, and proofs of work. */
  readonly sharedTime: SharedTime
  readonly random: Random
}
