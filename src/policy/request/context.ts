/** What an opaque Context stands for: a map from keys in lower case to values. */

import type { Context, ContextValue } from './types.ts'

export type ContextValues = ReadonlyMap<string, ContextValue>

/** Known to this file alone, so that nothing else is taken for a context: no copy, no object with one as prototype, no proxy. */
const made = new WeakMap<Context, ContextValues>()

/** @param values keys in lower case; not to be changed any more */
export function sealContext(values: ContextValues): Context {
  const context = Object.freeze({}) as Context // the brand exists for the type checker only
  made.set(context, values)
  return context
}

/** Undefined: `buildContext` did not make it. */
export function findValues(context: Context): ContextValues | undefined {
  return made.get(context)
}

/**
 * The keys, in lower case, and values of a context, for printing.
 *
 * @throws TypeError for what `buildContext` did not make
 *
 * @example
 * [...contextEntries(buildContext([['aws:SecureTransport', 'true']]))] // [['aws:securetransport', 'true']]
 */
export function contextEntries(context: Context): IterableIterator<[key: string, value: ContextValue]> {
  const values = findValues(context)
  if (values === undefined) throw new TypeError('got a context that buildContext did not make')
  return values.entries()
}
