/**
 * Refusals before anybody is known: a full queue, a price that was not paid, a form that cannot be read. None of them costs a write,
 * else whoever is refused makes the server write. They are counted in memory; each minute's count is one event for each reason.
 */
import { nobody } from '../core/account-id.ts'
import type { AuditEvent, AuditSink } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import type { Tx } from '../storage/schema.ts'
import type { Storage } from '../storage/storage.ts'

export interface RefusalCounts {
  /** `path` and `code` are of the program's own tables, never what was typed. */
  note(path: string, code: string): void
  /** Writes what has been counted since the last time; what cannot be written now is kept for the next time. */
  flush(): Promise<void>
}

interface Count {
  readonly code: string
  readonly since: number
  readonly byPath: Map<string, number>
}

/** `server` names this server among those of the store. */
export function createRefusalCounts(
  storage: Storage,
  audit: AuditSink<Tx>,
  clock: Clock,
  server: string,
): RefusalCounts {
  let counts = new Map<string, Count>()

  return {
    note: (path, code) => add(counts, { code, since: clock.now(), byPath: new Map([[path, 1]]) }),
    async flush() {
      if (counts.size === 0) return
      const taken = counts
      counts = new Map()
      try {
        await storage.transaction(async (tx) => {
          for (const count of taken.values()) await audit.record(tx, toEvent(count, server, clock.now()))
        })
      } catch (error) {
        for (const count of counts.values()) add(taken, count)
        counts = taken
        throw error
      }
    },
  }
}

function add(counts: Map<string, Count>, count: Count): void {
  const known = counts.get(count.code)
  if (known === undefined) counts.set(count.code, count)
  else for (const [path, more] of count.byPath) known.byPath.set(path, (known.byPath.get(path) ?? 0) + more)
}

function toEvent({ code, since, byPath }: Count, server: string, now: number): AuditEvent {
  const total = [...byPath.values()].reduce((sum, each) => sum + each, 0)
  return {
    accountId: nobody,
    time: now,
    identity: { type: 'operator', accountId: nobody },
    eventSource: 'signin.amazonaws.com',
    eventName: 'RefusedRequests',
    eventType: 'AwsConsoleSignIn',
    readOnly: false,
    sourceIpAddress: 'sallyport',
    userAgent: 'sallyport',
    errorCode: code,
    errorMessage: `${total} ${total === 1 ? 'request' : 'requests'} refused`,
    requestParameters: null,
    responseElements: null,
    additionalEventData: {
      Server: server,
      Count: total,
      Since: new Date(since).toISOString(),
      Paths: Object.fromEntries(byPath),
    },
    host: '',
  }
}
