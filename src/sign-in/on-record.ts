import type { AuditEvent } from '../core/audit.ts'
import { StorageUnavailable } from '../core/errors.ts'
import type { Tx } from '../storage/schema.ts'
import type { SignInParts } from './parts.ts'
import { attemptLost } from './refusals.ts'
import { WebRefusal } from './web.ts'

/**
 * What follows the reservation of an attempt. However it fails, by a wrong code or by a fault of this program, the attempt is spent, so it is on
 * record: `failure` is the event. A success writes its own, in its own transaction.
 */
export async function onRecord<T>(
  parts: SignInParts,
  failure: (tx: Tx) => Promise<AuditEvent>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    try {
      await parts.storage.transaction(async (tx) => parts.audit.record(tx, await failure(tx)))
    } catch (unrecorded) {
      // What cannot be stored now cannot be recorded now either, and the answer says so.
      if (error instanceof StorageUnavailable) throw error
      if (unrecorded instanceof StorageUnavailable) throw unrecorded
      throw new AggregateError([error, unrecorded], 'a failed attempt could not be recorded')
    }
    const refusal = error instanceof StorageUnavailable && !error.outcomeUnknown ? attemptLost(error) : error
    if (refusal instanceof WebRefusal) refusal.recorded = true
    throw refusal
  }
}
