import type { Work } from '../compile/work.ts'
import type { ContextValue } from './types.ts'

/** What the closures of a compiled policy see of a request: the values of its context, and what may be spent on it. */
export interface Asked extends Work {
  /** By key, in lower case. */
  values: ReadonlyMap<string, ContextValue>
}
