/**
 * Changes that together allow the request. They are made one after the other on paper, and after each one the
 * statements that are about the request are asked again: a change may lift several obstacles, or put up a new one. A key
 * that one change has set is kept by the next ones.
 */

import { type Setting, withValues } from '../request/with-values.ts'
import type { Change, Obstacle, PolicyStack } from '../types.ts'
import { type Block, findBlocks, type View } from './blocking.ts'
import { toObstacle } from './obstacles.ts'
import { type Asked, isAbout, type PlacedStatement, type Station } from './stations.ts'

/** What has been changed so far. */
interface Draft {
  readonly settings: Setting[]
  readonly narrowed: Set<PlacedStatement>
  readonly added: Set<Station>
}

export function findRemedy(
  stack: PolicyStack,
  asked: Asked,
  stations: readonly Station[],
  obstacles: readonly Obstacle[],
): readonly Change[] {
  const about = new Map(
    stations.map((station) => [station, station.statements.filter((placed) => isAbout(placed, asked))]),
  )
  return makePlan('smallest') ?? makePlan('structural') ?? []

  function makePlan(choice: 'smallest' | 'structural'): readonly Change[] | undefined {
    const draft: Draft = { settings: [], narrowed: new Set(), added: new Set() }
    const changes: Change[] = []
    // Each change settles a statement, a layer or a key for good, so few more are needed than there are obstacles.
    for (let left = obstacles.length * 2 + 8; left > 0; left--) {
      const context = withValues(asked.request.context, draft.settings)
      const changed = { ...asked, request: { ...asked.request, context } }
      const view = (station: Station) => toView(about.get(station) ?? [], station, changed, draft)
      const [block] = findBlocks(stack, changed.request, stations, view)
      if (block === undefined) return changes
      // Before anything is changed, the first thing in the way is the first obstacle, already looked at.
      const known = changes.length === 0 ? obstacles[0] : undefined
      const obstacle = known ?? toObstacle(block, changed, new Set(draft.settings.map(([key]) => key)))
      const change = choice === 'smallest' ? obstacle.changes[0] : obstacle.changes.at(-1)
      if (change === undefined || (choice === 'smallest' && obstacle.forbids)) return undefined
      note(change, block, draft)
      changes.push(change)
    }
    return undefined
  }
}

function note(change: Change, block: Block, draft: Draft): void {
  if (change.kind === 'context') draft.settings.push(...change.context)
  else if (block.kind === 'denied') draft.narrowed.add(block.by)
  else draft.added.add(block.station)
}

function toView(about: readonly PlacedStatement[], station: Station, { request }: Asked, draft: Draft): View {
  const matched = about.filter(
    (placed) => !draft.narrowed.has(placed) && (placed.statement.condition?.(request.context) ?? true),
  )
  return {
    denies: matched.filter(({ statement }) => statement.effect === 'Deny'),
    allows: matched.filter(({ statement }) => statement.effect === 'Allow'),
    added: draft.added.has(station),
  }
}
