/** What `parsePolicy` made, and nothing else: a document changed by hand is compiled by nobody. */

import type { Policy, PolicyKind } from '../types.ts'

const made = new WeakSet<Policy>()

/** Freezes all of it: what was read is what is compiled, whenever that is. */
export function sealParsed<P extends Policy>(policy: P): P {
  freeze(policy)
  made.add(policy)
  return policy
}

/** The same policy by another Id. @throws TypeError for what `parsePolicy` did not make */
export function renamePolicy<Kind extends PolicyKind>(policy: Policy<Kind>, id: string): Policy<Kind> {
  if (!isParsed(policy)) throw new TypeError('got a policy that parsePolicy did not make')
  return sealParsed({ ...policy, id: { value: id, line: policy.line, column: policy.column } })
}

export function isParsed(policy: Policy): boolean {
  return made.has(policy)
}

/** Documents are bounded in depth: policy, statements, elements, values. */
function freeze(value: object): void {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null && !Object.isFrozen(member)) freeze(member)
  }
  Object.freeze(value)
}
