/**
 * What stands in the way of a request, all of it and not only the first: the same rules as decide.ts, over layers that
 * have been looked at one by one. explain.test.ts holds the two equal.
 */

import type { Reach } from '../compile/principal.ts'
import {
  callerRules,
  classOf,
  grantNeeds,
  isCrossAccount,
  isDeniedToRoot,
  resourcePolicyMustAllow,
} from '../decide/rules.ts'
import type { Request } from '../request/types.ts'
import type { PolicyStack } from '../types.ts'
import type { PlacedStatement, Station } from './stations.ts'

/** What a layer says. */
export interface View {
  readonly denies: readonly PlacedStatement[]
  readonly allows: readonly PlacedStatement[]
  /** A statement that is not there yet allows: the effect of a proposed change. */
  readonly added: boolean
}

export type Block =
  | { readonly kind: 'unreadable'; readonly station: Station }
  | { readonly kind: 'denied'; readonly station: Station; readonly by: PlacedStatement }
  | { readonly kind: 'not-allowed'; readonly station: Station }
  | { readonly kind: 'denied-to-root' }

export function findBlocks(
  stack: PolicyStack,
  request: Request,
  stations: readonly Station[],
  viewOf: (station: Station) => View,
): readonly Block[] {
  const applied = stations.filter(({ skipped }) => skipped === undefined)
  const blocks: Block[] = []
  for (const station of applied) {
    if (station.unreadable !== undefined) blocks.push({ kind: 'unreadable', station })
    for (const by of viewOf(station).denies) blocks.push({ kind: 'denied', station, by })
  }
  if (isDeniedToRoot(request.principal, request.action)) blocks.push({ kind: 'denied-to-root' })
  const needed = new Set(layersToAllow(stack, request, applied, viewOf))
  for (const station of applied) {
    const { allows, added } = viewOf(station)
    if (needed.has(station.layer) && allows.length === 0 && !added) blocks.push({ kind: 'not-allowed', station })
  }
  return blocks
}

/** The layers that have to hold an Allow, given what the resource policy grants (rules.ts, steps 2 to 7). */
function layersToAllow(
  stack: PolicyStack,
  request: Request,
  applied: readonly Station[],
  viewOf: (station: Station) => View,
): readonly Station['layer'][] {
  const rules = callerRules[classOf(request.principal)]
  const layers: Station['layer'][] = ['rcp', 'scp']
  if (rules.identity === 'none') return [...layers, 'resource']
  const crossesAccounts = isCrossAccount(request)
  const isRequired = crossesAccounts || resourcePolicyMustAllow(stack.resource?.kind, request.action, request.resource)
  if (isRequired) layers.push('resource')
  const resource = applied.find(({ layer }) => layer === 'resource')
  const reach = crossesAccounts || resource === undefined ? 0 : reachOf(viewOf(resource), request)
  const needs = grantNeeds[reach]
  // Where the resource policy has to allow and does not yet, the statement to add would name the caller directly.
  const escapes = rules.escapes && (!needs.filters || (isRequired && !crossesAccounts && reach === 0))
  if (escapes) return layers
  if (rules.identity === 'policies' && needs.identity) layers.push('identity')
  return [...layers, 'boundary', 'session']
}

function reachOf({ allows, added }: View, request: Request): Reach {
  if (added) return 3
  let best: Reach = 0
  for (const { statement } of allows) {
    const reach = statement.principal?.(request.principal, false) ?? 0
    if (reach > best) best = reach
  }
  return best
}
