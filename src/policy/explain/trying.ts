/** The same question with other values in its context. */

import { spend } from '../compile/work.ts'
import { asDeclared } from '../request/build-context.ts'
import type { ContextValue } from '../request/types.ts'
import type { Question } from './stations.ts'

/** A key in lower case and its new value; undefined: absent. */
export type Setting = readonly [key: string, value: ContextValue | undefined]

/**
 * What `ask` finds under the settings, of which each key is one. The context is changed in place and put back: copying it for each
 * value that is tried would take longer than trying them.
 */
export function trying<T>(question: Question, settings: readonly Setting[], ask: (changed: Question) => T): T {
  const { values } = question
  spend(question, (settings.length + 1) * settingSteps)
  const before = settings.map(([key]): Setting => [key, values.get(key)])
  put(values, settings)
  try {
    return ask(question)
  } finally {
    put(values, before)
  }
}

/** What it costs to try one. */
const settingSteps = 16

function put(values: Map<string, ContextValue>, settings: readonly Setting[]): void {
  for (const [key, value] of settings) {
    if (value === undefined) values.delete(key)
    else values.set(key, typeof value === 'string' ? asDeclared(key, value) : value)
  }
}
