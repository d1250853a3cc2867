/** From what blocks a request to the ways of lifting it. */

import type { CompiledStatement } from '../compile/statement.ts'
import { toAsciiLower } from '../request/fold.ts'
import type { Request } from '../request/types.ts'
import type { Change, Layer, Obstacle } from '../types.ts'
import type { Block } from './blocking.ts'
import { conditionText, valueText } from './explain-statement.ts'
import { toStatementText } from './statement-text.ts'
import { isAbout, type PlacedStatement, type Question, type Station } from './stations.ts'
import { type Setting, trying } from './trying.ts'
import { valuesToTry } from './values-to-try.ts'

/**
 * Keys that say who the caller is and what the resource is. The caller cannot come with other values of them, so a
 * change of them is not offered.
 */
const fixedKeys: ReadonlySet<string> = new Set([
  'aws:federatedprovider',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  'aws:userid',
  'aws:username',
])

/** Layers that an account's own policies cannot overrule. */
const forbidding: ReadonlySet<Layer> = new Set<Layer>(['rcp', 'scp', 'boundary'])

/** Nobody reads more ways than these to meet the conditions of Allows. */
const contextsMax = 5

/** `kept`: keys that must stay as they are, in lower case, besides those that cannot be changed. */
export function toObstacle(block: Block, question: Question, kept: ReadonlySet<string> = new Set()): Obstacle {
  if (block.kind === 'denied-to-root') return { layer: 'root', changes: [], forbids: true }
  const { request } = question
  const { station } = block
  const { level } = station
  const place = { layer: station.layer, ...(level !== undefined && { level }) }
  if (block.kind === 'unreadable') {
    const policyId = station.unreadable?.id
    return { ...place, layer: 'unreadable', ...(policyId !== undefined && { policyId }), changes: [], forbids: true }
  }
  if (block.kind === 'denied') {
    const { source } = block.by.statement
    const contexts = waysToMiss(block.by, question, kept).map((settings) => contextChange(station, block.by, settings))
    return {
      ...place,
      ...(block.by.policyId !== undefined && { policyId: block.by.policyId }),
      statement: source.index,
      ...(source.sid && { sid: source.sid.value }),
      changes: [...contexts, narrowDeny(station, block.by, request)],
      forbids: forbidding.has(station.layer) && contexts.length === 0,
    }
  }
  const contexts: Change[] = []
  for (const placed of station.statements) {
    if (contexts.length === contextsMax) break
    if (placed.statement.effect !== 'Allow' || !isAbout(placed, question)) continue
    const settings = wayToMeet(placed.statement, question, kept)
    if (settings !== undefined) contexts.push(contextChange(station, placed, settings))
  }
  return {
    ...place,
    changes: [...contexts, addStatement(station, request)],
    forbids: forbidding.has(station.layer) && contexts.length === 0,
  }
}

/** What lifts it, whatever the request carries; undefined: nothing does. */
export function policyChange(block: Block, request: Request): Change | undefined {
  if (block.kind === 'denied') return narrowDeny(block.station, block.by, request)
  return block.kind === 'not-allowed' ? addStatement(block.station, request) : undefined
}

/** For a Deny: each single key whose change makes one of its conditions fail. */
function waysToMiss(
  { statement }: PlacedStatement,
  question: Question,
  kept: ReadonlySet<string>,
): readonly (readonly Setting[])[] {
  const ways: (readonly Setting[])[] = []
  for (const { source, holds } of statement.conditions) {
    const key = toAsciiLower(source.key.value)
    if (fixedKeys.has(key) || kept.has(key) || ways.some(([setting]) => setting?.[0] === key)) continue
    const misses = (value: Setting[1]) => trying(question, [[key, value]], (changed) => !holds(changed))
    const value = valuesToTry(source, question).find(misses)
    if (value !== undefined || misses(undefined)) ways.push([[key, value]])
  }
  return ways
}

/** For an Allow: one value for each key whose conditions fail, so that all conditions hold. */
function wayToMeet(
  statement: CompiledStatement,
  question: Question,
  kept: ReadonlySet<string>,
): readonly Setting[] | undefined {
  const settings: Setting[] = []
  const keys = new Set(
    statement.conditions.filter(({ holds }) => !holds(question)).map(({ source }) => toAsciiLower(source.key.value)),
  )
  for (const key of keys) {
    if (fixedKeys.has(key) || kept.has(key)) return undefined
    const about = statement.conditions.filter(({ source }) => toAsciiLower(source.key.value) === key)
    const tried = about.flatMap(({ source }) => valuesToTry(source, question))
    const works = tried.findIndex((value) =>
      trying(question, [...settings, [key, value]], (changed) => about.every(({ holds }) => holds(changed))),
    )
    if (works < 0) return undefined
    settings.push([key, tried[works]])
  }
  const isMet = trying(question, settings, (changed) => statement.conditions.every(({ holds }) => holds(changed)))
  return isMet ? settings : undefined
}

function contextChange(station: Station, placed: PlacedStatement, settings: readonly Setting[]): Change {
  const { source } = placed.statement
  const words = settings.map(([key, value]) =>
    value === undefined ? `without ${key}` : `with ${key} = ${valueText(value)}`,
  )
  const effect = source.effect === 'Allow' ? 'allows' : 'no longer denies'
  return {
    kind: 'context',
    ...placeOf(station, placed.policyId),
    statementIndex: source.index,
    context: settings,
    text: `a request ${words.join(' and ')}: ${nameOf(placed)} then ${effect} it`,
  }
}

function narrowDeny(station: Station, placed: PlacedStatement, request: Request): Change {
  const { source } = placed.statement
  const conditions = source.conditions.map((condition) =>
    conditionText({
      operator: condition.operator.value,
      key: condition.key.value,
      expected: condition.values.map(({ value }) => value),
    }),
  )
  const how =
    source.actions.element === 'NotAction'
      ? `add ${request.action} to NotAction of ${nameOf(placed)}`
      : `exempt ${request.action} on ${request.resource} from ${nameOf(placed)}`
  return {
    kind: 'narrow-deny',
    ...placeOf(station, placed.policyId),
    statementIndex: source.index,
    text: conditions.length === 0 ? how : `${how}, which denies while ${conditions.join(' and ')}`,
  }
}

function addStatement(station: Station, request: Request): Change {
  const statement = toStatementText(station.layer, request)
  return {
    kind: 'add-statement',
    ...placeOf(station, undefined),
    statement,
    text: `add to the ${layerName(station)}: ${statement}`,
  }
}

function placeOf({ layer, level }: Station, policyId: string | undefined) {
  return { layer, ...(level !== undefined && { level }), ...(policyId !== undefined && { policyId }) }
}

function nameOf({ policyId, statement: { source } }: PlacedStatement): string {
  const statement = source.sid?.value ? `statement ${source.sid.value}` : `statement ${source.index}`
  return policyId === undefined ? statement : `${statement} of ${policyId}`
}

const layerNames: Record<Station['layer'], string> = {
  rcp: 'RCPs',
  scp: 'SCPs',
  resource: 'resource policy',
  identity: 'identity policies',
  boundary: 'permissions boundary',
  session: 'session policy',
}

function layerName({ layer, level }: Station): string {
  return level === undefined ? layerNames[layer] : `${layerNames[layer]} of level ${level}`
}
