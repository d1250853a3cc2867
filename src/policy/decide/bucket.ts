/**
 * The statements of one effect whose action matches, arranged by resource. Few are simply gone through. Many are found
 * by a hash of the literal beginning of their ARN's sixth part (`user/alice`, `bucket-17/`): one pass over the request's
 * own sixth part makes the hash of each of its beginnings, so that a request meets only the statements whose resource can
 * match, however many there are. Equal hashes of different texts do no harm, for each candidate is tested in full.
 *
 * Where a star in front may reach over colons (compile/resource.ts), what a pattern has behind its fifth colon may stand
 * behind a later one of the request's ARN, so each of them is tried. However many colons and patterns lead to a statement, each
 * of its patterns is compared once, and its condition once.
 */

import type { TextTest } from '../compile/any-of.ts'
import type { ConditionTest } from '../compile/condition.ts'
import type { PrincipalTest } from '../compile/principal.ts'
import type { CompiledStatement } from '../compile/statement.ts'
import type { Asked } from '../request/asked.ts'
import type { Principal } from '../request/types.ts'
import type { Decision } from '../types.ts'
import { findByTail, type Tails, toTails } from './tails.ts'

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

/** What is decided, of a request. */
export interface AskedAbout extends Asked {
  readonly principal: Principal
  readonly resource: string
}

export const emptyBucket: Bucket = { always: undefined, entries: [], tails: undefined }

/** Below this, going through the list is faster than hashing. */
export const listMax = 8

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

function toWhole({ statement, decision }: Placed): Entry {
  const { principal, resource, condition } = statement
  return { decision, principal, resource, condition }
}

/** The decision of the first statement that matches. */
export function findDecision(bucket: Bucket, asked: AskedAbout, bounded: boolean): Decision | undefined {
  if (bucket.always !== undefined) return bucket.always
  return firstMatch(bucket.entries, asked, bounded) ?? (bucket.tails && findByTail(bucket.tails, asked.resource, asked))
}

export function matches(entry: Entry, asked: AskedAbout, bounded: boolean): boolean {
  return (
    (entry.resource === undefined || entry.resource(asked.resource, asked)) &&
    (entry.principal === undefined || entry.principal(asked.principal, bounded) > 0) &&
    (entry.condition === undefined || entry.condition(asked))
  )
}

function firstMatch(entries: readonly Entry[], asked: AskedAbout, bounded: boolean): Decision | undefined {
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]
    if (entry !== undefined && matches(entry, asked, bounded)) return entry.decision
  }
  return undefined
}
