import type { Context, ContextValue } from '../types.ts'

/** The request's value of a key, which is in lower case. */
export function findValue(context: Context, key: string): ContextValue | undefined {
  return typeof context === 'function' ? context(key) : context.get(key)
}
