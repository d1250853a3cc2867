import { buildContext } from './build-context.ts'
import { contextEntries } from './context.ts'
import type { Context, ContextValue } from './types.ts'

/** A key in lower case and its new value; undefined: absent. */
export type Setting = readonly [key: string, value: ContextValue | undefined]

/** The same context but for some keys. */
export function withValues(context: Context, settings: readonly Setting[]): Context {
  const values = new Map(contextEntries(context))
  for (const [key, value] of settings) {
    if (value === undefined) values.delete(key)
    else values.set(key, value)
  }
  return buildContext(values)
}
