/**
 * The statements of one effect whose action matches, arranged by resource. Few are simply gone through. Many are found
 * by a hash of the literal beginning of their ARN's sixth part (`user/alice`, `bucket-17/`): one pass over the request's
 * own sixth part makes the hash of each of its beginnings, so that a request meets only the statements whose resource can
 * match, however many there are. Equal hashes of different texts do no harm, for each candidate is tested in full.
 *
 * Where a star in front may reach over colons (compile/resource.ts), what a pattern has behind its fifth colon may stand
 * behind a later one of the request's ARN, so each of them is tried.
 */

import type { TextTest } from '../compile/any-of.ts'
import { tailStart } from '../compile/arn.ts'
import type { ConditionTest } from '../compile/condition.ts'
import type { PrincipalTest } from '../compile/principal.ts'
import type { ResourcePattern } from '../compile/resource.ts'
import type { CompiledStatement } from '../compile/statement.ts'
import type { Request } from '../request/types.ts'
import type { Decision } from '../types.ts'

export interface Entry {
  readonly decision: Decision
  readonly principal: PrincipalTest | undefined
  /** undefined: every resource. */
  readonly resource: TextTest | undefined
  readonly condition: ConditionTest | undefined
}

export interface Bucket {
  /** Set where a statement asks for nothing but the action: the answer for every request. */
  readonly always: Decision | undefined
  readonly entries: readonly Entry[]
  readonly tails: Tails | undefined
}

interface Tails {
  /** Lengths of the beginnings in `open`, ascending. */
  readonly lengths: readonly number[]
  /** The longest sixth part in `whole`. */
  readonly wholeMax: number
  /** A pattern of these roams. */
  readonly roams: boolean
  /** By the hash of a beginning after which anything may follow. */
  readonly open: ReadonlyMap<number, readonly Entry[]>
  /** By the hash of a whole sixth part. */
  readonly whole: ReadonlyMap<number, readonly Entry[]>
}

export const emptyBucket: Bucket = { always: undefined, entries: [], tails: undefined }

/** Below this, going through the list is faster than hashing. */
const listMax = 8

export interface Placed {
  readonly statement: CompiledStatement
  readonly decision: Decision
}

export function toBucket(statements: readonly Placed[]): Bucket {
  if (statements.length === 0) return emptyBucket
  const always = statements.find(
    ({ statement: { principal, resource, condition } }) => !principal && !resource && !condition,
  )
  if (always !== undefined) return { always: always.decision, entries: [], tails: undefined }
  const bound = statements.filter(isBound)
  if (bound.length <= listMax) return { always: undefined, entries: statements.map(toWhole), tails: undefined }
  const entries = statements.filter((placed) => !isBound(placed)).map(toWhole)
  return { always: undefined, entries, tails: toTails(bound) }
}

/**
 * All patterns begin with text. An entry found by a hash stands for one pattern, so a statement may be met several times;
 * those with principals, whose closest match counts, are kept whole.
 */
function isBound({ statement: { resources, principal } }: Placed): boolean {
  return principal === undefined && resources !== undefined && resources.every(({ tailPrefix }) => tailPrefix !== '')
}

function toWhole(placed: Placed): Entry {
  return toEntry(placed, placed.statement.resource)
}

function toEntry({ statement, decision }: Placed, resource: TextTest | undefined): Entry {
  return { decision, principal: statement.principal, resource, condition: statement.condition }
}

/** The decision of the first statement that matches. */
export function findDecision(bucket: Bucket, request: Request, bounded: boolean): Decision | undefined {
  if (bucket.always !== undefined) return bucket.always
  return firstMatch(bucket.entries, request, bounded) ?? (bucket.tails && findByTail(bucket.tails, request))
}

export function matches(entry: Entry, request: Request, bounded: boolean): boolean {
  return (
    (entry.resource === undefined || entry.resource(request.resource, request.context)) &&
    (entry.principal === undefined || entry.principal(request.principal, bounded) > 0) &&
    (entry.condition === undefined || entry.condition(request.context))
  )
}

function firstMatch(entries: readonly Entry[], request: Request, bounded: boolean): Decision | undefined {
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]
    if (entry !== undefined && matches(entry, request, bounded)) return entry.decision
  }
  return undefined
}

/** FNV-1a's, over UTF-16 units. */
const hashStart = 0x811c9dc5 | 0
const hashStep = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193)

function findByTail(tails: Tails, request: Request): Decision | undefined {
  const { resource } = request
  for (let start = tailStart(resource); start >= 0; start = nextPart(resource, start)) {
    const decision = findFrom(start, tails, request)
    if (decision !== undefined || !tails.roams) return decision
  }
  return undefined
}

function nextPart(resource: string, start: number): number {
  const colon = resource.indexOf(':', start)
  return colon < 0 ? -1 : colon + 1
}

function findFrom(start: number, { lengths, open, whole, wholeMax }: Tails, request: Request): Decision | undefined {
  const { resource } = request
  const hasWhole = resource.length - start <= wholeMax
  let hash = hashStart
  let next = 0
  for (let at = start; at < resource.length; at++) {
    if (next === lengths.length && !hasWhole) return undefined
    hash = hashStep(hash, resource.charCodeAt(at))
    if (at - start + 1 !== lengths[next]) continue
    next++
    const entries = open.get(hash)
    const decision = entries && firstMatch(entries, request, false)
    if (decision !== undefined) return decision
  }
  const entries = hasWhole ? whole.get(hash) : undefined
  return entries && firstMatch(entries, request, false)
}

function toTails(statements: readonly Placed[]): Tails {
  const lengths = new Set<number>()
  const open = new Map<number, Entry[]>()
  const whole = new Map<number, Entry[]>()
  let wholeMax = 0
  let roams = false
  for (const placed of statements) {
    for (const pattern of placed.statement.resources ?? []) {
      const entry = toEntry(placed, pattern.matches)
      add(pattern.isWholeTail ? whole : open, hashOf(pattern), entry)
      if (pattern.isWholeTail) wholeMax = Math.max(wholeMax, pattern.tailPrefix.length)
      else lengths.add(pattern.tailPrefix.length)
      roams ||= pattern.roams
    }
  }
  return { lengths: [...lengths].sort((a, b) => a - b), open, whole, wholeMax, roams }
}

function hashOf({ tailPrefix }: ResourcePattern): number {
  let hash = hashStart
  for (let at = 0; at < tailPrefix.length; at++) hash = hashStep(hash, tailPrefix.charCodeAt(at))
  return hash
}

function add(map: Map<number, Entry[]>, hash: number, entry: Entry): void {
  const entries = map.get(hash)
  if (entries === undefined) map.set(hash, [entry])
  else entries.push(entry)
}
