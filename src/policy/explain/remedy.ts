/**
 * Changes that together allow the request. They are made one after the other on paper, and after each one that changes the
 * request the statements that are about it are asked again: a change may lift several obstacles, or put up a new one. A key
 * that one change has set is kept by the next ones.
 */

import { spend } from '../compile/work.ts'
import type { Change, Obstacle, PolicyStack } from '../types.ts'
import { type Block, findBlocks, type View } from './blocking.ts'
import { policyChange, toObstacle } from './obstacles.ts'
import { isAbout, type PlacedStatement, type Question, type Station } from './stations.ts'
import { type Setting, trying } from './trying.ts'

/** What has been changed so far. */
interface Draft {
  readonly settings: Setting[]
  readonly narrowed: Set<PlacedStatement>
  readonly added: Set<Station>
}

type Statements = ReadonlyMap<Station, readonly PlacedStatement[]>

/**
 * @param obstacles of the request as it is, in the order of `findBlocks`
 * @throws TooMuchWork
 */
export function findRemedy(
  stack: PolicyStack,
  question: Question,
  stations: readonly Station[],
  obstacles: readonly Obstacle[],
): readonly Change[] {
  const about = pick(stations, (station) => station.statements.filter((placed) => isAbout(placed, question)))
  const matchedAtFirst = pick(stations, (station) => matched(about.get(station), question))
  return makePlan('smallest') ?? makePlan('structural') ?? []

  function makePlan(choice: 'smallest' | 'structural'): readonly Change[] | undefined {
    const draft: Draft = { settings: [], narrowed: new Set(), added: new Set() }
    const changes: Change[] = []
    let now = matchedAtFirst
    // Each change settles a statement, a layer or a key for good, so few more are needed than there are obstacles.
    for (let left = obstacles.length * 2 + 8; left > 0; left--) {
      const [block] = findBlocks(stack, question.request, stations, (station) => toView(station, now, draft, question))
      if (block === undefined) return changes
      const change =
        choice === 'smallest' ? smallestChange(block, changes, draft) : policyChange(block, question.request)
      if (change === undefined) return undefined
      note(change, block, draft)
      changes.push(change)
      if (change.kind !== 'context') continue
      now = trying(question, draft.settings, (changed) =>
        pick(stations, (station) => matched(about.get(station), changed)),
      )
    }
    return undefined
  }

  /** Undefined: what is in the way forbids, so that no other way would be smaller. */
  function smallestChange(block: Block, changes: readonly Change[], { settings }: Draft): Change | undefined {
    const kept = new Set(settings.map(([key]) => key))
    // Before anything is changed, the first thing in the way is the first obstacle, already looked at.
    const known = changes.length === 0 ? obstacles[0] : undefined
    const obstacle = known ?? trying(question, settings, (changed) => toObstacle(block, changed, kept))
    return obstacle.forbids ? undefined : obstacle.changes[0]
  }
}

function pick(
  stations: readonly Station[],
  statementsOf: (station: Station) => readonly PlacedStatement[],
): Statements {
  return new Map(stations.map((station) => [station, statementsOf(station)]))
}

function matched(about: readonly PlacedStatement[] = [], question: Question): readonly PlacedStatement[] {
  return about.filter(({ statement }) => statement.condition === undefined || statement.condition(question))
}

function note(change: Change, block: Block, draft: Draft): void {
  if (change.kind === 'context') draft.settings.push(...change.context)
  else if (block.kind === 'denied') draft.narrowed.add(block.by)
  else if (block.kind === 'not-allowed') draft.added.add(block.station)
}

function toView(station: Station, statements: Statements, draft: Draft, question: Question): View {
  const matching = statements.get(station) ?? []
  spend(question, matching.length)
  return {
    denies: matching.filter((placed) => placed.statement.effect === 'Deny' && !draft.narrowed.has(placed)),
    allows: matching.filter(({ statement }) => statement.effect === 'Allow'),
    added: draft.added.has(station),
  }
}
