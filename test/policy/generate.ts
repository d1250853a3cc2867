/** Seeded stacks and requests for the comparison of the engine with the reference; a case is a function of its seed. */
import {
  type CallerJson,
  type DocumentJson,
  type NamedDocument,
  type PrincipalJson,
  type RequestJson,
  readCaller,
  type StackJson,
  type StatementJson,
  unreadable,
} from './reference.ts'
import type { ContextValue } from './reference-conditions.ts'
import {
  actionPatterns,
  actionsByService,
  away,
  awsNames,
  canonicalHome,
  families,
  principals,
  resourcePatterns,
  resourcesByService,
  samlProvider,
} from './vocabulary.ts'

/** mulberry32: 32 bits of state, good enough to walk a small vocabulary, the same on every machine. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T // never out of range: the lists below are not empty
  }

  /** Between one and `max` different ones. */
  some<T>(from: readonly T[], max: number): T[] {
    return [...new Set(Array.from({ length: 1 + this.below(max) }, () => this.pick(from)))]
  }
}

function makeCondition(dice: Dice, malformed = false): NonNullable<StatementJson['Condition']> {
  const condition: Record<string, Record<string, string | string[]>> = {}
  const count = dice.pick([1, 1, 1, 2, 2, 3])
  for (let index = 0; index < count; index++) {
    const family = dice.pick(families)
    const key = dice.pick(family.keys)
    const spelled = dice.chance(20) ? key.toUpperCase() : key
    if (Object.values(condition).some((keys) => Object.hasOwn(keys, key) || Object.hasOwn(keys, key.toUpperCase())))
      continue // one and the same key twice under one operator is not legal
    const set = dice.pick(['', '', '', '', 'ForAllValues:', 'ForAnyValue:'])
    const ifExists = dice.chance(30) ? 'IfExists' : ''
    const operator = dice.chance(10) ? 'Null' : `${set}${dice.pick(family.operators)}${ifExists}`
    const expected = malformed ? [...family.expected, ...family.malformed] : family.expected
    const values = operator === 'Null' ? [dice.pick(['true', 'false', 'yes'])] : dice.some(expected, 3)
    condition[operator] = {
      ...condition[operator],
      [spelled]: values.length === 1 && dice.chance(60) ? (values[0] ?? '') : values,
    }
  }
  return condition
}

function makeContext(dice: Dice): Record<string, ContextValue> {
  const context: Record<string, ContextValue> = {}
  for (const { keys, actual } of families) {
    for (const key of keys) {
      if (dice.chance(35)) continue
      const name = dice.chance(50) ? key : key.toLowerCase()
      if (dice.chance(key === 'aws:TagKeys' ? 70 : key === 'aws:CalledVia' ? 30 : 6))
        context[name] = dice.some(actual, 3)
      else context[name] = dice.pick(actual)
      if (dice.chance(3)) context[name] = dice.pick<ContextValue>([[], 'nonsense'])
    }
  }
  return context
}

// -------------------------------------------------------------------------------------------------------- statements

function makePrincipal(dice: Dice): PrincipalJson {
  if (dice.chance(25)) return '*'
  if (dice.chance(10)) return { AWS: '*' }
  const element: Record<string, string | string[]> = {}
  if (dice.chance(85)) element['AWS'] = dice.some(awsNames, 4)
  if (dice.chance(20)) element['Service'] = dice.some(['ec2.amazonaws.com', 'lambda.amazonaws.com'], 2)
  if (dice.chance(15)) element['Federated'] = dice.pick([samlProvider, 'accounts.google.com'])
  if (dice.chance(5) || Object.keys(element).length === 0) element['CanonicalUser'] = canonicalHome
  return element
}

/** What the grammars of the kinds have in common. */
export function makeStatement(dice: Dice, denyPercent: number): StatementJson {
  const actions = dice.chance(35) ? '*' : dice.some(actionPatterns, 4)
  const resources = dice.chance(35) ? '*' : dice.some(resourcePatterns, 4)
  return {
    Effect: dice.chance(denyPercent) ? 'Deny' : 'Allow',
    ...(dice.chance(15) && actions !== '*' ? { NotAction: actions } : { Action: actions }),
    ...(dice.chance(12) && resources !== '*' ? { NotResource: resources } : { Resource: resources }),
    ...(dice.chance(45) ? { Condition: makeCondition(dice) } : {}),
  }
}

/** A session policy takes values that are malformed, and no ARN that lacks parts. */
export function makeSessionStatement(dice: Dice, denyPercent: number): StatementJson {
  const { Resource, NotResource, Condition, ...rest } = makeStatement(dice, denyPercent)
  const complete = [Resource ?? NotResource ?? '*'].flat().filter((text) => text === '*' || text.split(':').length > 5)
  const resources = complete.length === 0 ? '*' : complete
  return {
    ...rest,
    ...(NotResource === undefined ? { Resource: resources } : { NotResource: resources }),
    ...(Condition === undefined ? {} : { Condition: makeCondition(dice, true) }),
  }
}

export function makeResourceStatement(dice: Dice): StatementJson {
  const statement = makeStatement(dice, 20)
  const notPrincipal = statement.Effect === 'Deny' && dice.chance(30)
  if (!notPrincipal) return { ...statement, Principal: makePrincipal(dice) }
  // Lists long enough to hold a session, its role and its account now and then.
  return { ...statement, NotPrincipal: { AWS: dice.some(awsNames, 12) } }
}

function makeTrustStatement(dice: Dice): StatementJson {
  return {
    Effect: dice.chance(20) ? 'Deny' : 'Allow',
    Principal: makePrincipal(dice),
    Action: dice.pick<string | string[]>(['sts:AssumeRole', 'sts:assumerole', ['sts:TagSession', 'sts:AssumeRole']]),
    ...(dice.chance(50) ? { Condition: makeCondition(dice) } : {}),
  }
}

export function makeRcpStatement(dice: Dice): StatementJson {
  const { Action: _action, NotAction: _notAction, ...rest } = makeStatement(dice, 100)
  return { ...rest, Principal: '*', Action: dice.some(actionPatterns.slice(10), 3) }
}

const newVersion = ['2012-10-17'] as const // SCPs and RCPs exist in this version only
const anyVersion = ['2012-10-17', '2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17', undefined] as const

function makeDocument(
  dice: Dice,
  make: (dice: Dice) => StatementJson,
  versions: readonly DocumentJson['Version'][] = anyVersion,
): DocumentJson {
  const version = dice.pick(versions)
  const statements = Array.from({ length: dice.pick([1, 1, 2, 2, 3]) }, () => make(dice))
  return { ...(version === undefined ? {} : { Version: version }), Statement: statements }
}

const everything: DocumentJson = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

export const rcpFullAccess: DocumentJson = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

// ------------------------------------------------------------------------------------------------------------- stacks

export interface GeneratedStack {
  readonly stack: StackJson
  readonly principal: CallerJson
}

export function makeStack(dice: Dice): GeneratedStack {
  const principal = dice.pick(
    dice.chance(30) ? principals : principals.filter((caller) => readCaller(caller).accountId !== undefined),
  )
  const { kind, accountId } = readCaller(principal)
  const isIdentity = kind === 'user' || kind === 'role-session' || kind === 'federated-user'
  const allowing = (inner: Dice) => makeStatement(inner, 15)
  let count = 0
  const named = (prefix: string, document: DocumentJson): NamedDocument => ({
    id: `${prefix}-${count++}`,
    document: dice.below(150) === 0 ? unreadable : document,
  })
  const documents = (prefix: string, max: number, everythingPercent: number, make = allowing) => {
    const found = Array.from({ length: dice.below(max + 1) }, () => named(prefix, makeDocument(dice, make)))
    return dice.chance(everythingPercent) ? [...found, named(prefix, everything)] : found
  }
  const levels = (prefix: string, full: DocumentJson, max: number, make: (inner: Dice) => StatementJson) =>
    Array.from({ length: dice.pick([0, 0, 1, 2, 3]) }, () => [
      ...Array.from({ length: dice.below(max + 1) }, () => named(prefix, makeDocument(dice, make, newVersion))),
      ...(dice.chance(85) ? [named(prefix, full)] : []),
    ])
  const trust = dice.chance(15)
  const withSession = { 'federated-user': 80, 'role-session': 40, root: 15 }[kind as string] ?? 0
  /** Now and then a layer that does not apply to such a caller. */
  const astray = () => dice.chance(10)
  const stack: StackJson = {
    identity: isIdentity || astray() ? documents('identity', 3, 25) : [],
    ...((isIdentity && dice.chance(35)) || astray()
      ? { boundary: named('boundary', dice.chance(30) ? everything : makeDocument(dice, allowing)) }
      : {}),
    ...(dice.chance(withSession) || astray()
      ? { session: documents('session', 2, 30, (inner) => makeSessionStatement(inner, 15)) }
      : {}),
    scps: accountId === undefined && !astray() ? [] : levels('scp', everything, 1, (inner) => makeStatement(inner, 40)),
    rcps: levels('rcp', rcpFullAccess, 1, makeRcpStatement),
    ...(trust
      ? { resource: { kind: 'trust' as const, ...named('trust', makeDocument(dice, makeTrustStatement)) } }
      : dice.chance(55)
        ? { resource: { kind: 'resource' as const, ...named('resource', makeDocument(dice, makeResourceStatement)) } }
        : {}),
    ...(dice.chance(15) ? { principalInManagementAccount: true } : {}),
    ...(dice.chance(15) ? { resourceInManagementAccount: true } : {}),
  }
  return { stack, principal }
}

const noPermissionNeeded = ['sts:GetCallerIdentity', 'STS:getcalleridentity', 'sts:GetSessionToken']

export function makeRequest(dice: Dice, { stack, principal }: GeneratedStack): RequestJson {
  const service =
    stack.resource?.kind === 'trust'
      ? 'sts'
      : dice.pick(['iam', 'iam', 's3', 's3', 's3', 'kms', 'logs', 'sns', 'sts', 'textract'])
  const resources = resourcesByService[dice.chance(95) || service === 'sts' ? service : 's3'] ?? []
  const own = readCaller(principal).accountId
  const account = own === undefined ? away : dice.chance(70) ? undefined : dice.pick([own, away, away])
  const resource = dice.pick(resources)
  const contradicts =
    account !== undefined && /^arn:([^:]*:){3}\d{12}:/.test(resource) && !resource.includes(`:${account}:`)
  return {
    principal,
    action: dice.below(100) === 0 ? dice.pick(noPermissionNeeded) : dice.pick(actionsByService[service] ?? []),
    resource,
    ...(account === undefined || contradicts ? {} : { resourceAccountId: account }),
    context: makeContext(dice),
  }
}
