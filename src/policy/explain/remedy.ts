/**
 * One change for each obstacle, such that together they allow the request. Changes can get in each other's way (a key
 * that one Deny wants absent, another statement wants present), so what is proposed is checked: the statements that are
 * about the request are asked again under the changed context, without the Denies that were narrowed, with the Allows
 * that were added.
 */

import type { Change, Context, Obstacle, PolicyStack } from '../types.ts'
import { type Block, findBlocks, type View } from './blocking.ts'
import { patch } from './obstacles.ts'
import { type Asked, isAbout, type PlacedStatement, type Station } from './stations.ts'

export function findRemedy(
  stack: PolicyStack,
  asked: Asked,
  stations: readonly Station[],
  blocks: readonly Block[],
  obstacles: readonly Obstacle[],
): readonly Change[] {
  const { request } = asked
  const about = new Map(
    stations.map((station) => [station, station.statements.filter((placed) => isAbout(placed, asked))]),
  )
  const smallest = obstacles.map(({ changes }) => changes[0])
  const structural = obstacles.map(({ changes }) => changes.at(-1))
  for (const changes of [smallest, structural]) {
    const plan = changes.filter((change) => change !== undefined)
    if (plan.length === obstacles.length && isEnough(plan)) return plan
  }
  return []

  function isEnough(plan: readonly Change[]): boolean {
    const settings = plan.flatMap((change) => (change.kind === 'context' ? change.context : []))
    const context = patch(request.context, settings)
    const narrowed = new Set<PlacedStatement>()
    const added = new Set<Station>()
    for (const [index, change] of plan.entries()) {
      const block = blocks[index]
      if (block?.kind === 'denied' && change.kind === 'narrow-deny') narrowed.add(block.by)
      if (block?.kind === 'not-allowed' && change.kind === 'add-statement') added.add(block.station)
    }
    const changed = { ...request, context }
    return findBlocks(stack, changed, stations, (station) => toView(station, context, narrowed, added)).length === 0
  }

  function toView(
    station: Station,
    context: Context,
    narrowed: ReadonlySet<PlacedStatement>,
    added: ReadonlySet<Station>,
  ): View {
    const matched = (about.get(station) ?? []).filter(
      (placed) => !narrowed.has(placed) && (placed.statement.condition?.(context) ?? true),
    )
    return {
      denies: matched.filter(({ statement }) => statement.effect === 'Deny'),
      allows: matched.filter(({ statement }) => statement.effect === 'Allow'),
      added: added.has(station),
    }
  }
}
