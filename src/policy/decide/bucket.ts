/**
 * The statements of one effect whose action matches, arranged by resource. Few are simply gone through. Many are put in
 * a radix tree on the literal beginning of their ARN's sixth part (`user/alice`, `bucket-17/`), so that a request meets
 * only those whose resource can match, however many statements there are.
 */

import { type ArnTest, tailStart } from '../compile/arn.ts'
import type { ConditionTest } from '../compile/condition.ts'
import type { PrincipalTest } from '../compile/principal.ts'
import type { CompiledStatement, ResourcePattern } from '../compile/statement.ts'
import type { Decision, Request } from '../types.ts'

export interface Entry {
  readonly decision: Decision
  readonly principal: PrincipalTest | undefined
  /** undefined: every resource. */
  readonly resource: ArnTest | undefined
  readonly condition: ConditionTest | undefined
}

export interface Bucket {
  /** Set where a statement asks for nothing but the action: the answer for every request. */
  readonly always: Decision | undefined
  readonly entries: readonly Entry[]
  readonly tree: Node | undefined
}

interface Node {
  label: string
  /** By the first character of the label. */
  readonly children: Map<number, Node>
  /** The tail ends here. */
  readonly whole: Entry[]
  /** Anything may follow. */
  readonly open: Entry[]
}

export const emptyBucket: Bucket = { always: undefined, entries: [], tree: undefined }

/** Below this, going through the list is faster than walking the tree. */
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
  if (always !== undefined) return { always: always.decision, entries: [], tree: undefined }
  const bound = statements.filter(isBound)
  const treed = bound.length > listMax ? new Set(bound) : new Set<Placed>()
  const tree = treed.size > 0 ? newNode('') : undefined
  const entries: Entry[] = []
  for (const placed of statements) {
    if (tree !== undefined && treed.has(placed)) {
      for (const pattern of placed.statement.resources ?? []) insert(tree, pattern, toEntry(placed, pattern.matches))
    } else {
      entries.push(toEntry(placed, placed.statement.resource))
    }
  }
  return { always: undefined, entries, tree }
}

/** Entries in a tree may stand for one statement several times, so only statements that decide alone are put there. */
function isBound({ statement }: Placed): boolean {
  return statement.resources !== undefined && statement.principal === undefined
}

function toEntry({ statement, decision }: Placed, resource: ArnTest | undefined): Entry {
  return { decision, principal: statement.principal, resource, condition: statement.condition }
}

/** The decision of the first statement that matches. */
export function findDecision(bucket: Bucket, request: Request, bounded: boolean): Decision | undefined {
  if (bucket.always !== undefined) return bucket.always
  return firstMatch(bucket.entries, request, bounded) ?? (bucket.tree && findInTree(bucket.tree, request))
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

function findInTree(root: Node, request: Request): Decision | undefined {
  const { resource } = request
  let at = tailStart(resource)
  if (at < 0) return undefined
  let node = root
  for (;;) {
    const open = firstMatch(node.open, request, false)
    if (open !== undefined) return open
    if (at === resource.length) return firstMatch(node.whole, request, false)
    const child = node.children.get(resource.charCodeAt(at))
    if (child === undefined || !resource.startsWith(child.label, at)) return undefined
    at += child.label.length
    node = child
  }
}

function newNode(label: string): Node {
  return { label, children: new Map(), whole: [], open: [] }
}

function insert(root: Node, pattern: ResourcePattern, entry: Entry): void {
  let node = root
  let rest = pattern.tailPrefix
  while (rest !== '') {
    const child = node.children.get(rest.charCodeAt(0))
    if (child === undefined) {
      const leaf = newNode(rest)
      node.children.set(rest.charCodeAt(0), leaf)
      node = leaf
      break
    }
    const common = commonLength(child.label, rest)
    node = common === child.label.length ? child : divide(node, child, common)
    rest = rest.slice(common)
  }
  if (pattern.isWholeTail) node.whole.push(entry)
  else node.open.push(entry)
}

/** Puts a node between a parent and its child, where their labels part. */
function divide(parent: Node, child: Node, length: number): Node {
  const middle = newNode(child.label.slice(0, length))
  parent.children.set(middle.label.charCodeAt(0), middle)
  child.label = child.label.slice(length)
  middle.children.set(child.label.charCodeAt(0), child)
  return middle
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length++
  return length
}
