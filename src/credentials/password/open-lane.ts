/** The line of those who have no place of their own: addresses take turns, and at each address the names. */

/** Whose turn it is. Texts are only compared. */
export interface Source {
  /** The device cookie of the named principal, looked up and not merely shown. It holds one place, whatever else is waiting. */
  readonly cookie: string | undefined
  readonly address: string
  readonly name: string
  /**
   * The connection that waits for the answer: it holds one place at most, also where it sends several requests at once. Whoever hangs
   * up leaves the line.
   */
  readonly connection?: Connection
}

export interface Connection {
  /** Names the connection among all that are open. */
  readonly key: object
  /** Aborted when the other side is gone. */
  readonly closed: AbortSignal
}

export interface Waiter {
  readonly source: Source
  begin(): void
  refuse(): void
}

/** Those who wait at one address, by name. Maps keep their order: the first has the next turn and then goes to the end. */
interface AddressLine {
  length: number
  readonly names: Map<string, Waiter[]>
}

export function createOpenLane() {
  const addresses = new Map<string, AddressLine>()
  let length = 0

  /** One waiter has been taken out of the line of its name. */
  function shrink(address: string, line: AddressLine, name: string): void {
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
    shrink(address, line, name)
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
    shrink(crowded, line, busiest)
    return true
  }

  return {
    length: () => length,
    takeNext,
    makeRoomFor,
    /** Does nothing when the waiter's turn has come. */
    remove(waiter: Waiter) {
      const { address, name } = waiter.source
      const line = addresses.get(address)
      const waiters = line?.names.get(name) ?? []
      const at = waiters.indexOf(waiter)
      if (line === undefined || at < 0) return
      waiters.splice(at, 1)
      shrink(address, line, name)
    },
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
