/** Decisions are made when policies are compiled, and only handed out when a request is decided. */

import type { CompiledStatement } from '../compile/statement.ts'
import type { Decision, Layer } from '../types.ts'

export const implicitDeny = {
  rcp: Object.freeze({ effect: 'implicit-deny', layer: 'rcp' }),
  scp: Object.freeze({ effect: 'implicit-deny', layer: 'scp' }),
  resource: Object.freeze({ effect: 'implicit-deny', layer: 'resource' }),
  identity: Object.freeze({ effect: 'implicit-deny', layer: 'identity' }),
  boundary: Object.freeze({ effect: 'implicit-deny', layer: 'boundary' }),
  session: Object.freeze({ effect: 'implicit-deny', layer: 'session' }),
  /** What root cannot do at all. */
  root: Object.freeze({ effect: 'implicit-deny', layer: 'root' }),
} as const satisfies Record<string, Decision>

/** The layers that hold policies. */
export type PolicyLayer = Exclude<keyof typeof implicitDeny, 'root'>

export const allowedAsRoot: Decision = Object.freeze({ effect: 'allow', layer: 'root' })
export const allowedWithoutPermission: Decision = Object.freeze({ effect: 'allow', layer: 'no-permission-needed' })

export function toDecision(statement: CompiledStatement, layer: Layer, policyId: string | undefined): Decision {
  const { effect, source } = statement
  return Object.freeze({
    effect: effect === 'Allow' ? 'allow' : 'explicit-deny',
    layer,
    ...(policyId !== undefined && { policyId }),
    statement: source.index,
    ...(source.sid && { sid: source.sid.value }),
  })
}

export function toUnreadable(policyId: string | undefined): Decision {
  return Object.freeze({ effect: 'explicit-deny', layer: 'unreadable', ...(policyId !== undefined && { policyId }) })
}
