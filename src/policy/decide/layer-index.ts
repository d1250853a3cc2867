/**
 * The policies of one layer, found by action. For each action that is asked about, the statements that can match are
 * gathered once and remembered, in a memory that is bounded by its number of actions and of statements.
 */

import { checkKind, statementsOf } from '../compile/compile-policy.ts'
import { type CompiledStatement, matchesAction } from '../compile/statement.ts'
import type { Asked } from '../request/asked.ts'
import { rcpServices } from '../services.ts'
import type { CompiledPolicy, Decision, PolicyKind } from '../types.ts'
import { type Bucket, emptyBucket, type Placed, toBucket } from './bucket.ts'
import { type PolicyLayer, toDecision, toUnreadable } from './decisions.ts'

/** What the layer says about one action. */
export interface Slot {
  readonly deny: Bucket
  readonly allow: Bucket
  /** Entries held, for the bound. */
  readonly weight: number
  /** RCPs reach the action's service. */
  readonly rcpReaches: boolean
}

export interface LayerIndex {
  /** Of the first policy: what a resource is, its policy says. */
  readonly kind: PolicyKind | undefined
  /** A policy of the layer cannot be read. */
  readonly unreadable: Decision | undefined
  readonly statements: readonly Placed[]
  /** Numbers of the statements that name the action outright; `undefined` until the first request. */
  actions: ActionIndex | undefined
  readonly slots: Map<string, Slot>
  weight: number
  /** Most requests of a burst ask for one action. */
  lastAction: string | undefined
  lastSlot: Slot
}

interface ActionIndex {
  readonly exact: ReadonlyMap<string, readonly number[]>
  /** By service: statements that have a pattern with a wildcard for it. */
  readonly byService: ReadonlyMap<string, readonly number[]>
  /** `*` and NotAction. */
  readonly anyService: readonly number[]
}

/** More actions than AWS's largest service has; a caller could otherwise fill the memory with made-up names. */
const slotsMax = 4_096

/** A slot holds up to all statements, so their sum is bounded too: about 100 bytes each. */
const weightMax = 65_536

const emptySlot: Slot = { deny: emptyBucket, allow: emptyBucket, weight: 0, rcpReaches: false }

/** What may stand in a layer. A managed policy that AssumeRole was given by its ARN is an identity policy. */
const kindsOf: Readonly<Record<PolicyLayer, readonly PolicyKind[]>> = {
  rcp: ['rcp'],
  scp: ['scp'],
  resource: ['resource', 'trust'],
  identity: ['identity'],
  boundary: ['boundary'],
  session: ['session', 'identity'],
}

/** Indexes of lists, as long as the lists live. */
const ofList = newIndexes<readonly CompiledPolicy[]>()
const ofPolicy = newIndexes<CompiledPolicy>()

/** Of lists without a policy. */
const ofNothing: Readonly<Record<PolicyLayer, LayerIndex>> = {
  rcp: newIndex([], 'rcp'),
  scp: newIndex([], 'scp'),
  resource: newIndex([], 'resource'),
  identity: newIndex([], 'identity'),
  boundary: newIndex([], 'boundary'),
  session: newIndex([], 'session'),
}

/** One policy, and one list, may stand in several layers: decisions name the layer. */
function newIndexes<Key extends object>(): Readonly<Record<PolicyLayer, WeakMap<Key, LayerIndex>>> {
  return {
    rcp: new WeakMap(),
    scp: new WeakMap(),
    resource: new WeakMap(),
    identity: new WeakMap(),
    boundary: new WeakMap(),
    session: new WeakMap(),
  }
}

/**
 * The index of a list of policies, kept by the list's identity. INVARIANT(frozen): a list is frozen when it is indexed,
 * so that nobody can change it in place and be decided by what it held before. Comparing its members on every request
 * would cost more than the rest of the decision.
 */
export function indexOfList(policies: readonly CompiledPolicy[], layer: PolicyLayer): LayerIndex {
  if (!Array.isArray(policies)) throw new TypeError(`got no list of policies in the layer ${layer}`)
  if (policies.length === 0) return ofNothing[layer]
  if (policies.length === 1) return indexOfPolicy(policies[0], layer)
  const known = ofList[layer].get(policies)
  if (known !== undefined) return known
  const frozen: readonly CompiledPolicy[] = Object.freeze(policies)
  const index = newIndex(
    Array.from({ length: frozen.length }, (_, place) => frozen[place] as CompiledPolicy), // newIndex checks each
    layer,
  )
  ofList[layer].set(policies, index)
  return index
}

export function indexOfPolicy(policy: CompiledPolicy, layer: PolicyLayer): LayerIndex {
  const known = ofPolicy[layer].get(policy)
  if (known !== undefined) return known
  const index = newIndex([policy], layer)
  ofPolicy[layer].set(policy, index)
  return index
}

function newIndex(policies: readonly CompiledPolicy[], layer: PolicyLayer): LayerIndex {
  // INVARIANT(kinds): a layer is asked through its index only, so no policy of a wrong kind is ever asked.
  for (const policy of policies) checkKind(policy, kindsOf[layer], `the layer ${layer}`)
  const unreadable = policies.find(({ policy }) => policy === undefined)
  return {
    kind: policies[0]?.kind,
    unreadable: unreadable && toUnreadable(unreadable.id),
    statements: policies.flatMap((policy) => place(policy, layer)),
    actions: undefined,
    slots: new Map(),
    weight: 0,
    lastAction: undefined,
    lastSlot: emptySlot,
  }
}

function place(policy: CompiledPolicy, layer: PolicyLayer): readonly Placed[] {
  return statementsOf(policy).map((statement) => ({ statement, decision: toDecision(statement, layer, policy.id) }))
}

/** What is asked for, in any case of letters. */
interface AskedFor extends Asked {
  readonly action: string
}

/** What the layer says about an action. */
export function slotOf(index: LayerIndex, asked: AskedFor): Slot {
  const { action } = asked
  if (action === index.lastAction) return index.lastSlot
  const slot = index.slots.get(action) ?? fillSlot(index, asked)
  index.lastAction = action
  index.lastSlot = slot
  return slot
}

function fillSlot(index: LayerIndex, asked: AskedFor): Slot {
  const action = asked.action.toLowerCase()
  const service = action.slice(0, Math.max(0, action.indexOf(':')))
  const statements = candidates(index, action, service)
    .map((number) => index.statements[number])
    .filter((placed) => placed !== undefined)
    .filter(({ statement }) => matchesAction(statement, action, asked))
  const slot: Slot = {
    deny: toBucket(statements.filter(({ statement }) => statement.effect === 'Deny')),
    allow: toBucket(statements.filter(({ statement }) => statement.effect === 'Allow')),
    weight: statements.length + 1,
    rcpReaches: rcpServices.has(service),
  }
  if (index.slots.size >= slotsMax || index.weight + slot.weight > weightMax) {
    index.slots.clear()
    index.weight = 0
  }
  index.slots.set(asked.action, slot)
  index.weight += slot.weight
  return slot
}

/** Statement numbers in order, each once. */
function candidates(index: LayerIndex, action: string, service: string): readonly number[] {
  index.actions ??= indexActions(index.statements.map(({ statement }) => statement))
  const { exact, byService, anyService } = index.actions
  const numbers = new Set([...(exact.get(action) ?? []), ...(byService.get(service) ?? []), ...anyService])
  return [...numbers].sort((a, b) => a - b)
}

function indexActions(statements: readonly CompiledStatement[]): ActionIndex {
  const exact = new Map<string, number[]>()
  const byService = new Map<string, number[]>()
  const anyService: number[] = []
  for (const [number, statement] of statements.entries()) {
    if (statement.notAction || statement.actions.some((pattern) => pattern.isEverything)) {
      anyService.push(number)
      continue
    }
    for (const { literal, text } of statement.actions) {
      if (literal !== undefined) add(exact, literal, number)
      else add(byService, text.slice(0, text.indexOf(':')), number)
    }
  }
  return { exact, byService, anyService }
}

function add(map: Map<string, number[]>, key: string, number: number): void {
  const numbers = map.get(key)
  if (numbers === undefined) map.set(key, [number])
  else if (numbers.at(-1) !== number) numbers.push(number)
}
