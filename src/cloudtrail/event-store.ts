/**
 * Where events are kept. The event of a change is written in the change's transaction; those of reads are appended together, many
 * in one statement, and each read is answered only after its own has been written.
 */
import { findAlias } from '../accounts/account-store.ts'
import type { AuditEvent, AuditSink } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { createUuids, type Random } from '../core/random.ts'
import { compileOnce } from '../storage/compile-once.ts'
import type { Tx } from '../storage/schema.ts'
import type { Storage } from '../storage/storage.ts'
import { toRecord } from './to-record.ts'

/** Events in one statement; more than requests that are answered in one turn of the event loop. */
const rowsMax = 64

/** `insertEvents[n - 1]` inserts n events. */
const insertEvents = Array.from({ length: rowsMax }, (_, index) =>
  compileOnce((db) => {
    const row = { account_id: '', event_seq: 0, event_id: '', record: '' }
    return db
      .insertInto('events')
      .values(Array.from({ length: index + 1 }, () => row))
      .compile()
  }),
)

export function createAuditSink(storage: Storage, clock: Clock, random: Random): AuditSink<Tx> {
  const nextSequence = createSequence(clock)
  const nextId = createUuids(random)
  let waiting: { event: AuditEvent; resolve: () => void; reject: (error: unknown) => void }[] = []

  async function write(tx: Tx, events: readonly AuditEvent[]): Promise<void> {
    const aliases = new Map<string, string | undefined>()
    for (const event of events) {
      if (isRoot(event) && !aliases.has(event.accountId))
        aliases.set(event.accountId, await findAlias(tx, event.accountId))
    }
    const values = events.flatMap((event) => {
      const eventId = nextId()
      const alias = isRoot(event) ? aliases.get(event.accountId) : undefined
      return [event.accountId, nextSequence(), eventId, JSON.stringify(toRecord(event, eventId, alias))]
    })
    const insert = insertEvents[events.length - 1]
    if (insert === undefined) throw new RangeError(`got ${events.length} events, expected 1 to ${rowsMax}`)
    await insert(tx, values)
  }

  async function flush(): Promise<void> {
    const batch = waiting.slice(0, rowsMax)
    waiting = waiting.slice(rowsMax)
    if (waiting.length > 0) setImmediate(flushOnceQuiet, 0)
    const events = batch.map((entry) => entry.event)
    try {
      await storage.append((tx) => write(tx, events))
      for (const entry of batch) entry.resolve()
    } catch (error) {
      for (const entry of batch) entry.reject(error)
    }
  }

  /** Waits while each turn of the event loop brings more events, up to a full statement: one commit then serves them all. */
  function flushOnceQuiet(seen: number): void {
    if (waiting.length > seen && waiting.length < rowsMax) setImmediate(flushOnceQuiet, waiting.length)
    else void flush()
  }

  return {
    record: (tx, event) => write(tx, [event]),
    recordRead: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject })
        if (waiting.length === 1) setImmediate(flushOnceQuiet, 0)
      }),
  }
}

const isRoot = ({ identity }: AuditEvent): boolean =>
  identity.type === 'root' || (identity.type === 'caller' && identity.caller.principal.kind === 'root')

/**
 * Numbers that only grow within a process and follow the time: events of one millisecond keep their order, and a clock that is set
 * back does not mix old and new. Below 2^53 until the year 2255.
 */
function createSequence(clock: Clock): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, clock.now() * 1000)
    return last
  }
}

/** The records, newest first, of one account or of all. */
export async function listRecords(tx: Tx, accountId: string | undefined, limit: number): Promise<string[]> {
  let query = tx.selectFrom('events').select('record').orderBy('event_seq', 'desc').limit(limit)
  if (accountId !== undefined) query = query.where('account_id', '=', accountId)
  return (await query.execute()).map((row) => row.record)
}
