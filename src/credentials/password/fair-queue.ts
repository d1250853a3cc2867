/**
 * A waiting line that nobody can fill for others. Who holds a device cookie has a place of its own; all others wait in an open lane,
 * where sources take turns: first the addresses, and for each address the names. However many connections somebody opens, another
 * source's turn comes after one turn of each.
 */
import { type Connection, createOpenLane, type Source, type Waiter } from './open-lane.ts'

/** More work came than can be done in reasonable time. The caller answers 503 with Retry-After. */
export class QueueFull extends Error {
  readonly code = 'busy'

  constructor() {
    super('got more work than the queue takes')
    this.name = 'QueueFull'
  }
}

declare const placeBrand: unique symbol

/** Proof that work is done in its turn: only a queue makes one. */
export interface Place {
  readonly [placeBrand]: true
}

export interface FairQueue {
  /** Runs the task in its turn. Rejects with `QueueFull`, without running it, when others need the place more. */
  run<T>(source: Source, task: (place: Place) => Promise<T>): Promise<T>
  /** How many wait, by lane. */
  lengths(): { readonly trusted: number; readonly open: number }
  /** Whether the cookie's own place is taken: what it asks for besides waits with the others. */
  isWaiting(cookie: string): boolean
}

/** Takes a waiter out of the line, if it still stands there. */
type Leave = () => void

/** At most `runningMax` tasks at once, and `openMax` waiting in the open lane. */
export function createFairQueue(limits: { readonly runningMax: number; readonly openMax: number }): FairQueue {
  const place = Object.freeze({}) as Place // the brand exists for the type checker only
  const trusted = new Map<string, Waiter>()
  const open = createOpenLane()
  const connections = new WeakSet<object>()
  let running = 0
  let trustedHadTurn = false

  /** The lanes take turns, so that neither keeps the other waiting. */
  function takeNext(): Waiter | undefined {
    const [oldest] = trusted
    const next = oldest !== undefined && (!trustedHadTurn || open.length() === 0) ? oldest : undefined
    trustedHadTurn = next !== undefined
    if (next === undefined) return open.takeNext()
    trusted.delete(next[0])
    return next[1]
  }

  /** Undefined: there is no room. */
  function enter(waiter: Waiter): Leave | undefined {
    const { cookie } = waiter.source
    if (cookie !== undefined && !trusted.has(cookie)) {
      trusted.set(cookie, waiter)
      return () => {
        if (trusted.get(cookie) === waiter) trusted.delete(cookie)
      }
    }
    if (open.length() >= limits.openMax && !open.makeRoomFor(waiter.source)) return undefined
    open.add(waiter)
    return () => open.remove(waiter)
  }

  function wait(source: Source): Promise<void> {
    const closed = source.connection?.closed
    if (closed?.aborted === true) return Promise.reject(new QueueFull())
    return new Promise<void>((resolve, reject) => {
      const refuse = () => reject(new QueueFull())
      const leave = enter({ source, begin: resolve, refuse })
      if (leave === undefined) return refuse()
      closed?.addEventListener(
        'abort',
        () => {
          leave()
          refuse()
        },
        { once: true },
      )
    })
  }

  /** One place for each connection, waiting or running. */
  async function withConnection<T>(connection: Connection | undefined, work: () => Promise<T>): Promise<T> {
    if (connection === undefined) return work()
    if (connections.has(connection.key)) throw new QueueFull()
    connections.add(connection.key)
    try {
      return await work()
    } finally {
      connections.delete(connection.key)
    }
  }

  async function runInTurn<T>(source: Source, task: (place: Place) => Promise<T>): Promise<T> {
    if (running < limits.runningMax) running++
    else await wait(source)
    try {
      return await task(place)
    } finally {
      // The place is handed to the next in line without becoming free, so nobody who comes now passes the line.
      const next = takeNext()
      if (next === undefined) running--
      else next.begin()
    }
  }

  return {
    lengths: () => ({ trusted: trusted.size, open: open.length() }),
    isWaiting: (cookie) => trusted.has(cookie),
    run: (source, task) => withConnection(source.connection, () => runInTurn(source, task)),
  }
}
