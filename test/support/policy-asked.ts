/** What the closures of a compiled policy see, for tests that ask one of them alone. */
import { decisionSteps } from '../../src/policy/compile/work.ts'
import type { Asked } from '../../src/policy/request/asked.ts'
import { contextEntries } from '../../src/policy/request/context.ts'
import type { Context } from '../../src/policy/request/types.ts'

export function toAsked(context: Context, steps = decisionSteps): Asked {
  return { values: new Map(contextEntries(context)), left: steps }
}
