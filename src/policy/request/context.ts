/** What an opaque Context is inside the engine: a map from keys in lower case to values. */

import type { Context, ContextValue } from './types.ts'

/** Known to this file alone, so that nothing else can be taken for a context. */
const values = Symbol('values')

interface ContextInside extends Context {
  readonly [values]: ReadonlyMap<string, ContextValue>
}

/** @param map keys in lower case; not to be changed any more */
export function sealContext(map: ReadonlyMap<string, ContextValue>): Context {
  // Not enumerable: a copy by spreading is no context, whatever was changed in it.
  return Object.freeze(Object.defineProperty({}, values, { value: map })) as Context
}

export function isContext(context: Context): boolean {
  return (context as Partial<ContextInside>)[values] !== undefined
}

/** The request's value of a key, which is in lower case. Nothing is allocated: this runs inside `decide`. */
export function findValue(context: Context, key: string): ContextValue | undefined {
  return (context as ContextInside)[values].get(key)
}

/**
 * The keys, in lower case, and values of a context, for printing.
 *
 * @example
 * [...contextEntries(buildContext([['aws:SecureTransport', 'true']]))] // [['aws:securetransport', 'true']]
 */
export function contextEntries(context: Context): IterableIterator<[key: string, value: ContextValue]> {
  return (context as ContextInside)[values].entries()
}
