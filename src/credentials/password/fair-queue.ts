/**
 * A waiting line that nobody can fill for others. Who holds a device cookie has a place of its own; all others wait in an open lane,
 * where sources take turns: first the addresses, and for each address the names. However many connections somebody opens, another
 * source's turn comes after one turn of each.
 */

/** More work came than can be done in reasonable time. The caller answers 503 with Retry-After. */
export class QueueFull extends Error {
  readonly code = 'busy'

  constructor() {
    super('got more work than the queue takes')
    this.name = 'QueueFull'
  }
}

/** Whose turn it is. Texts are only compared. */
export interface Source {
  /** The device cookie of the named principal, looked up and not merely shown. It holds one place, whatever else is waiting. */
  readonly cookie: string | undefined
  readonly address: string
  readonly name: string
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
}

interface Waiter {
  readonly source: Source
  begin(): void
  refuse(): void
}

/** At most `runningMax` tasks at once, and `openMax` waiting in the open lane. */
export function createFairQueue(limits: { readonly runningMax: number; readonly openMax: number }): FairQueue {
  const place = Object.freeze({}) as Place // the brand exists for the type checker only
  const trusted = new Map<string, Waiter>()
  const open = createOpenLane()
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

  function wait(source: Source): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { source, begin: resolve, refuse: () => reject(new QueueFull()) }
      const { cookie } = source
      if (cookie !== undefined && !trusted.has(cookie)) {
        trusted.set(cookie, waiter)
        return
      }
      if (open.length() >= limits.openMax && !open.makeRoomFor(source)) waiter.refuse()
      else open.add(waiter)
    })
  }

  return {
    lengths: () => ({ trusted: trusted.size, open: open.length() }),
    async run(source, task) {
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
    },
  }
}

/** Those who wait at one address, by name. Maps keep their order: the first has the next turn and then goes to the end. */
interface AddressLine {
  length: number
  readonly names: Map<string, Waiter[]>
}

function createOpenLane() {
  const addresses = new Map<string, AddressLine>()
  let length = 0

  function remove(address: string, line: AddressLine, name: string): void {
    length--
    line.length--
    if (line.names.get(name)?.length === 0) line.names.delete(name)
    if (line.length === 0) addresses.delete(address)
  }

  function takeNext(): Waiter | undefined {
    const [address, line] = first(addresses) ?? []
    const [name, waiters] = (line && first(line.names)) ?? []
    const next = waiters?.shift()
    if (address === undefined || line === undefined || name === undefined || waiters === undefined) return undefined
    toEnd(addresses, address, line)
    toEnd(line.names, name, waiters)
    remove(address, line, name)
    return next
  }

  /**
   * Sends away the last comer of the name with the most waiting, at the address with the most waiting, when the newcomer would still
   * have fewer waiting than those there. False: nobody holds more than the newcomer would.
   */
  function makeRoomFor({ address, name }: Source): boolean {
    const own = addresses.get(address)
    const [crowded, line] = largest(addresses, (each) => each.length) ?? []
    if (crowded === undefined || line === undefined) return false
    if (crowded !== address && (own?.length ?? 0) + 1 >= line.length) return false
    const [busiest, waiters] = largest(line.names, (each) => each.length) ?? []
    if (busiest === undefined || waiters === undefined) return false
    if (crowded === address && (line.names.get(name)?.length ?? 0) + 1 >= waiters.length) return false
    waiters.pop()?.refuse()
    remove(crowded, line, busiest)
    return true
  }

  return {
    length: () => length,
    takeNext,
    makeRoomFor,
    add(waiter: Waiter) {
      const { address, name } = waiter.source
      const line = getOrSet(addresses, address, () => ({ length: 0, names: new Map<string, Waiter[]>() }))
      getOrSet(line.names, name, () => []).push(waiter)
      line.length++
      length++
    },
  }
}

const first = <K, V>(map: ReadonlyMap<K, V>): readonly [K, V] | undefined => map.entries().next().value

function toEnd<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key)
  map.set(key, value)
}

function getOrSet<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** The last of the largest: who came later has waited less. */
function largest<K, V>(map: ReadonlyMap<K, V>, sizeOf: (value: V) => number): readonly [K, V] | undefined {
  let found: readonly [K, V] | undefined
  for (const entry of map) if (found === undefined || sizeOf(entry[1]) >= sizeOf(found[1])) found = entry
  return found
}
