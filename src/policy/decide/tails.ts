/** The index of a bucket: statements by the literal beginning of their ARN's sixth part (bucket.ts). */

import type { TextTest } from '../compile/any-of.ts'
import { tailStart } from '../compile/arn.ts'
import type { ConditionTest } from '../compile/condition.ts'
import type { ResourcePattern } from '../compile/resource.ts'
import type { CompiledStatement } from '../compile/statement.ts'
import { spend } from '../compile/work.ts'
import type { Asked } from '../request/asked.ts'
import type { Decision } from '../types.ts'

/** One pattern of a statement. */
interface Entry {
  readonly decision: Decision
  readonly resource: TextTest
  readonly condition: ConditionTest | undefined
  /** Place of the statement in `ruledOut`. */
  readonly statement: number
}

/** Patterns with the same hash. */
interface Group {
  /** Its place in `ruledOut`. */
  readonly place: number
  readonly entries: Entry[]
}

interface Beginnings {
  /** Lengths of the beginnings in `open`, ascending. */
  readonly lengths: readonly number[]
  /** The longest sixth part in `whole`. */
  readonly wholeMax: number
  /** The longest of both. */
  readonly longest: number
  /** By the hash of a beginning after which anything may follow. */
  readonly open: ReadonlyMap<number, Group>
  /** By the hash of a whole sixth part. */
  readonly whole: ReadonlyMap<number, Group>
}

export interface Tails {
  /** Patterns whose sixth part stands behind the fifth colon, and those whose sixth part may stand behind a later one. */
  readonly settled: Beginnings | undefined
  readonly roaming: Beginnings | undefined
  /** 1: a group of which nothing matches, a statement whose condition fails. As far as the request at hand knows. */
  readonly ruledOut: Uint8Array
  /** The places in `ruledOut` that are set. */
  readonly marks: Int32Array
  marked: number
}

/** What the index is made of. */
interface Placed {
  readonly statement: CompiledStatement
  readonly decision: Decision
}

export function toTails(statements: readonly Placed[]): Tails {
  let places = statements.length
  const newGroup = (): Group => ({ place: places++, entries: [] })
  const settled = toBeginnings(statements, ({ roams }) => !roams, newGroup)
  const roaming = toBeginnings(statements, ({ roams }) => roams, newGroup)
  return { settled, roaming, ruledOut: new Uint8Array(places), marks: new Int32Array(places), marked: 0 }
}

function toBeginnings(
  statements: readonly Placed[],
  isMeant: (pattern: ResourcePattern) => boolean,
  newGroup: () => Group,
): Beginnings | undefined {
  const lengths = new Set<number>()
  const open = new Map<number, Group>()
  const whole = new Map<number, Group>()
  let wholeMax = 0
  for (const [place, { statement, decision }] of statements.entries()) {
    for (const pattern of (statement.resources ?? []).filter(isMeant)) {
      const map = pattern.isWholeTail ? whole : open
      const hash = hashOf(pattern)
      const group = map.get(hash) ?? newGroup()
      map.set(hash, group)
      group.entries.push({ decision, resource: pattern.matches, condition: statement.condition, statement: place })
      if (pattern.isWholeTail) wholeMax = Math.max(wholeMax, pattern.tailPrefix.length)
      else lengths.add(pattern.tailPrefix.length)
    }
  }
  if (open.size === 0 && whole.size === 0) return undefined
  const ascending = [...lengths].sort((a, b) => a - b)
  return { lengths: ascending, open, whole, wholeMax, longest: Math.max(ascending.at(-1) ?? 0, wholeMax) }
}

/** The decision of a statement that matches. */
export function findByTail(tails: Tails, resource: string, asked: Asked): Decision | undefined {
  const { settled, roaming } = tails
  const first = tailStart(resource)
  if (first < 0) return undefined
  forget(tails)
  const decision = settled && findFrom(first, settled, tails, resource, asked)
  if (decision !== undefined || roaming === undefined) return decision
  for (let start = first; start >= 0; start = nextPart(resource, start)) {
    spend(asked, Math.min(resource.length - start, roaming.longest) + 1)
    const found = findFrom(start, roaming, tails, resource, asked)
    if (found !== undefined) return found
  }
  return undefined
}

function nextPart(resource: string, start: number): number {
  const colon = resource.indexOf(':', start)
  return colon < 0 ? -1 : colon + 1
}

/** FNV-1a's, over UTF-16 units. */
const hashStart = 0x811c9dc5 | 0
const hashStep = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193)

function findFrom(
  start: number,
  { lengths, open, whole, wholeMax }: Beginnings,
  tails: Tails,
  resource: string,
  asked: Asked,
): Decision | undefined {
  const hasWhole = resource.length - start <= wholeMax
  let hash = hashStart
  let next = 0
  for (let at = start; at < resource.length; at++) {
    if (next === lengths.length && !hasWhole) return undefined
    hash = hashStep(hash, resource.charCodeAt(at))
    if (at - start + 1 !== lengths[next]) continue
    next++
    const group = open.get(hash)
    const decision = group && askGroup(group, tails, resource, asked)
    if (decision !== undefined) return decision
  }
  const group = hasWhole ? whole.get(hash) : undefined
  return group && askGroup(group, tails, resource, asked)
}

/** Patterns are compared with the whole resource, so a group that another colon led to has nothing new to say. */
function askGroup({ place, entries }: Group, tails: Tails, resource: string, asked: Asked): Decision | undefined {
  const { ruledOut } = tails
  if (ruledOut[place] === 1) return undefined
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]
    if (entry === undefined || ruledOut[entry.statement] === 1 || !entry.resource(resource, asked)) continue
    if (entry.condition === undefined || entry.condition(asked)) return entry.decision
    ruleOut(tails, entry.statement)
  }
  ruleOut(tails, place)
  return undefined
}

function ruleOut(tails: Tails, place: number): void {
  tails.ruledOut[place] = 1
  tails.marks[tails.marked++] = place
}

/** What an earlier request found out, which may have ended anywhere. */
function forget(tails: Tails): void {
  while (tails.marked > 0) tails.ruledOut[tails.marks[--tails.marked] ?? 0] = 0
}

function hashOf({ tailPrefix }: ResourcePattern): number {
  let hash = hashStart
  for (let at = 0; at < tailPrefix.length; at++) hash = hashStep(hash, tailPrefix.charCodeAt(at))
  return hash
}
