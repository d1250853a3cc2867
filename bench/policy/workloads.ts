/**
 * What is decided in the measurements: documents by layer, and requests. Everything comes from a fixed seed, so each
 * run and each engine sees the same.
 *
 * Only what all engines can say is used: no policy variables, no `?`, and no star that would have to stop at a colon.
 */

import { readFileSync } from 'node:fs'
import { buildContext } from '../../src/policy/request/build-context.ts'
import { parsePrincipal } from '../../src/policy/request/parse-principal.ts'
import type { Request } from '../../src/policy/request/types.ts'

export interface StatementDocument {
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | { readonly AWS: string }
  readonly Action?: string | readonly string[]
  readonly NotAction?: readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly StatementDocument[]
}

export interface Workload {
  readonly name: string
  readonly what: string
  /** Microseconds a decision, of ours. */
  readonly target: number
  readonly identity: readonly PolicyDocument[]
  readonly boundary?: PolicyDocument
  readonly session?: readonly PolicyDocument[]
  readonly scps: readonly (readonly PolicyDocument[])[]
  readonly rcps: readonly (readonly PolicyDocument[])[]
  readonly resource?: PolicyDocument
  readonly requests: readonly Request[]
}

const account = '123456789012'
const aliceArn = `arn:aws:iam::${account}:user/alice`
const alice = parsePrincipal(aliceArn)

const allowAll: StatementDocument = { Effect: 'Allow', Action: '*', Resource: '*' }
const denyWithoutMfa: StatementDocument = {
  Effect: 'Deny',
  NotAction: [
    'iam:CreateVirtualMFADevice',
    'iam:EnableMFADevice',
    'iam:GetUser',
    'iam:ListMFADevices',
    'iam:ListVirtualMFADevices',
    'iam:ResyncMFADevice',
    'sts:GetSessionToken',
  ],
  Resource: '*',
  Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
}
const noLeaving: StatementDocument = { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }
const noRoot: StatementDocument = {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { StringLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:root'] } },
}
const regions: StatementDocument = {
  Effect: 'Deny',
  NotAction: ['iam:*', 'sts:*', 'organizations:*', 'route53:*', 's3:*'],
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
}

/** Numbers from 0 up to 1, the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<T>(next: () => number, items: readonly T[]): T {
  const item = items[Math.floor(next() * items.length)]
  if (item === undefined) throw new TypeError('got an empty list to pick from')
  return item
}

function documentOf(...statements: readonly StatementDocument[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements }
}

function request(action: string, resource: string, context: readonly (readonly [string, string])[]): Request {
  return { principal: alice, action, resource, context: buildContext([['aws:PrincipalArn', aliceArn], ...context]) }
}

const mfaStates: readonly (readonly (readonly [string, string])[])[] = [
  [],
  [['aws:multifactorauthpresent', 'false']],
  [
    ['aws:multifactorauthpresent', 'true'],
    ['aws:multifactorauthage', '120'],
  ],
  [
    ['aws:multifactorauthpresent', 'true'],
    ['aws:multifactorauthage', '90000'],
  ],
]

function randomContext(next: () => number): readonly (readonly [string, string])[] {
  return [
    ...pick(next, mfaStates),
    ['aws:requestedregion', pick(next, ['eu-central-1', 'eu-west-1', 'us-east-1'])],
    ['aws:principaltag/team', pick(next, ['red', 'green', 'blue'])],
    ['aws:sourceip', pick(next, ['203.0.113.7', '198.51.100.9', '10.1.2.3'])],
  ]
}

/** The guide's pair: MFA absent, false, true; actions on the list and off it. */
export function smallWorkload(): Workload {
  const actions = ['s3:GetObject', 'iam:EnableMFADevice', 'ec2:RunInstances', 'iam:CreateUser', 'iam:ListMFADevices']
  return {
    name: 'small',
    what: 'DenyWithoutMFA + Allow *',
    target: 0.2,
    identity: [documentOf(denyWithoutMfa), documentOf(allowAll)],
    scps: [],
    rcps: [],
    requests: actions.flatMap((action) => mfaStates.map((state) => request(action, 'arn:aws:s3:::b/key', state))),
  }
}

const mediumConditions: readonly StatementDocument['Condition'][] = [
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  { StringEquals: { 'aws:PrincipalTag/team': ['red', 'green'] } },
  { StringLike: { 'aws:RequestedRegion': 'eu-*' } },
  { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
  { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1'] }, StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
]

const mediumActions = ['Get', 'List', 'Put', 'Delete', 'Create'].flatMap((verb) =>
  ['Object', 'Bucket', 'Item', 'Queue'].flatMap((noun) =>
    ['s3', 'sqs', 'dynamodb'].map((service) => `${service}:${verb}${noun}`),
  ),
)

function mediumStatement(next: () => number): StatementDocument {
  const actions = Array.from({ length: 1 + Math.floor(next() * 4) }, () => {
    const action = pick(next, mediumActions)
    return next() < 0.3 ? action.replace(/[A-Z][a-z]+$/, '*') : action
  })
  const condition = next() < 0.7 ? pick(next, mediumConditions) : undefined
  return {
    Effect: next() < 0.2 && condition !== undefined ? 'Deny' : 'Allow',
    Action: actions,
    Resource:
      next() < 0.2 ? '*' : `arn:aws:s3:::bucket-${Math.floor(next() * 8)}/${pick(next, ['*', 'logs/*', 'key'])}`,
    ...(condition === undefined ? {} : { Condition: condition }),
  }
}

function mediumPolicies(next: () => number): PolicyDocument[] {
  return Array.from({ length: 10 }, () => documentOf(...Array.from({ length: 20 }, () => mediumStatement(next))))
}

function mediumRequests(next: () => number, actions: readonly string[]): Request[] {
  return Array.from({ length: 200 }, () =>
    request(
      pick(next, actions),
      `arn:aws:s3:::bucket-${Math.floor(next() * 8)}/${pick(next, ['key', 'logs/2026', 'other'])}`,
      randomContext(next),
    ),
  )
}

export function mediumWorkload(): Workload {
  const next = numbers(2)
  return {
    name: 'medium',
    what: '10 policies × 20 statements, 70 % with conditions',
    target: 1,
    identity: mediumPolicies(next),
    scps: [],
    rcps: [],
    requests: mediumRequests(next, mediumActions),
  }
}

/** `service:Name` for each name of action-names.txt. */
export function actionNames(): readonly string[] {
  const lines = readFileSync(new URL('./action-names.txt', import.meta.url), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [service, names] = line.split(': ')
    if (line.startsWith('#') || service === undefined || names === undefined) return []
    return names.split(' ').map((name) => `${service}:${name}`)
  })
}

/** Action lists as long as AWS's: 14 of 100 entries end in a star (counted in AWS's own three policies). */
function actionList(next: () => number, names: readonly string[], count: number): string[] {
  const list = new Set<string>()
  while (list.size < count) {
    const name = pick(next, names)
    list.add(next() < 0.14 ? name.replace(/(:[A-Z][a-z]+).*$/, '$1*') : name)
  }
  return [...list]
}

/**
 * As large as AdministratorAccess, ReadOnlyAccess (1,430 and 1,313 patterns), SecurityAudit (905) and ViewOnlyAccess (372)
 * together, with DenyWithoutMFA, a boundary and two levels of SCPs.
 */
export function largeWorkload(): Workload {
  const next = numbers(3)
  const names = actionNames()
  const allowing = (count: number): StatementDocument => ({
    Effect: 'Allow',
    Action: actionList(next, names, count),
    Resource: '*',
  })
  return {
    name: 'large',
    what: '4,020 action patterns + DenyWithoutMFA, boundary, 2 levels of SCPs',
    target: 1,
    identity: [
      documentOf(allowing(1_430), allowing(1_313)),
      documentOf(allowing(905)),
      documentOf(allowing(372)),
      documentOf(allowAll),
      documentOf(denyWithoutMfa),
    ],
    boundary: documentOf(allowAll, {
      Effect: 'Deny',
      Action: ['iam:CreateUser', 'iam:DeleteAccountPasswordPolicy'],
      Resource: '*',
    }),
    scps: [
      [documentOf(allowAll), documentOf(noLeaving, noRoot)],
      [documentOf(allowAll), documentOf(regions)],
    ],
    rcps: [],
    requests: Array.from({ length: 200 }, () =>
      request(next() < 0.1 ? 'iam:CreateUser' : pick(next, names), 'arn:aws:s3:::b/key', randomContext(next)),
    ),
  }
}

/** N statements with three action patterns and one resource each; a tenth of them a Deny without MFA. */
export function growthWorkload(count: number): Workload {
  const next = numbers(4)
  const names = actionNames().slice(0, 1_000)
  const statements = Array.from({ length: count }, (_, index): StatementDocument => {
    const deny = index % 10 === 9
    return {
      Effect: deny ? 'Deny' : 'Allow',
      Action: [pick(next, names), pick(next, names), pick(next, names).replace(/(:[A-Z][a-z]+).*$/, '$1*')],
      Resource: `arn:aws:s3:::app-${index}/*`,
      ...(deny ? { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } } : {}),
    }
  })
  // Whatever the count, an action that some statement lists, so that growth shows and not the luck of an unlisted one.
  const listed = (index: number): string => statements[index]?.Action?.[0] ?? 's3:GetObject'
  const requests = Array.from({ length: 200 }, () => {
    const index = Math.floor(next() * count)
    const action = listed(next() < 0.6 ? index : Math.floor(next() * count))
    return request(action, `arn:aws:s3:::app-${index}/key`, pick(next, mfaStates))
  })
  const identity: PolicyDocument[] = []
  for (let from = 0; from < count; from += 100) identity.push(documentOf(...statements.slice(from, from + 100)))
  return {
    name: `growth-${count}`,
    what: `${count} statements, three action patterns and one resource each`,
    target: 1,
    identity,
    scps: [],
    rcps: [],
    requests,
  }
}

/** Every layer there is; the resource policy delegates to the account, so none is jumped over. */
export function fullStackWorkload(): Workload {
  const next = numbers(5)
  const ofS3 = mediumActions.filter((action) => action.startsWith('s3:'))
  return {
    name: 'full stack',
    what: 'medium + resource policy, session, boundary, 2 SCP and 2 RCP levels',
    target: 3,
    identity: mediumPolicies(next),
    boundary: documentOf(allowAll, { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' }),
    session: [
      documentOf(
        { Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' },
        { Effect: 'Deny', Action: 's3:PutBucket', Resource: '*' },
      ),
    ],
    scps: [
      [documentOf(allowAll), documentOf(noLeaving, noRoot)],
      [documentOf(allowAll), documentOf(regions)],
    ],
    rcps: [
      [documentOf({ ...allowAll, Principal: '*' })],
      [
        documentOf({ ...allowAll, Principal: '*' }),
        documentOf({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalTag/team': ['red', 'green', 'blue'] } },
        }),
      ],
    ],
    resource: documentOf(
      { Effect: 'Allow', Principal: { AWS: account }, Action: 's3:Get*', Resource: 'arn:aws:s3:::bucket-1/*' },
      { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::bucket-2/logs/*' },
    ),
    requests: mediumRequests(next, ofS3),
  }
}
