/**
 * Actions and resources by the statements that speak of them. Where the two sides' statements are the same ones, the
 * sides cannot differ, and nothing is searched.
 */

import { needsNoPermission } from '../decide/rules.ts'
import { rcpServices } from '../services.ts'
import type { Condition, Policy, Statement } from '../types.ts'
import { findRegions, type Pattern } from './regions.ts'
import type { Assignment, ResourceSpace } from './resource-space.ts'

/** The statements that speak of an action and a resource, on both sides, and examples of such. */
export interface Group {
  /** The same for groups that differ in nothing but the values of variables. */
  readonly pair: string
  readonly statements: readonly Statement[]
  readonly assignment: Assignment
  /** Decided alike. */
  readonly samples: (readonly [action: string, resource: string])[]
}

/** Examples kept of each group, one for each action. */
const samplesMax = 25

/** Actions with rules of their own in `decide`, whatever the statements say; so they are regions of their own. */
const decidedApart = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'kms:*',
  ...[...rcpServices].map((service) => `${service}:*`),
]

/** Real names first, so that a witness reads like a request; then all there can be. */
const knownActions = [
  's3:GetObject',
  's3:PutObject',
  's3:ListBucket',
  'iam:CreateUser',
  'iam:ListUsers',
  'iam:EnableMFADevice',
  'ec2:RunInstances',
  'ec2:DescribeInstances',
  'dynamodb:GetItem',
  'lambda:InvokeFunction',
  'kms:Decrypt',
  'sqs:SendMessage',
  'sts:AssumeRole',
]
const actionUniverses: readonly Pattern[] = [
  ...knownActions.map((text) => ({ text: text.toLowerCase() })),
  { text: '?*:?*', noColon: true },
]

export function groupsOf(
  before: readonly Policy[],
  after: readonly Policy[],
  space: ResourceSpace,
  notCovered: Set<string>,
): readonly Group[] {
  const sides = [bodiesOf(before), bodiesOf(after)] as const
  const all = [...sides[0], ...sides[1]]
  const patterns = [...new Set(all.flatMap(({ statement }) => actionPatterns(statement)))]
  const actions = findRegions(
    actionUniverses,
    patterns.map((text) => ({ text })),
  )
  if (!actions.complete) notCovered.add('not all combinations of the action patterns were tried')
  const written = all.flatMap(({ statement }) => statement.actions.values.map((value) => value.value))
  const spelling = new Map([...knownActions, ...written].map((action) => [action.toLowerCase(), action]))
  const groups = new Map<string, Group>()
  for (const region of actions.regions) {
    const matched = new Set(region.matched.map((index) => patterns[index]))
    if (needsNoPermission(region.text)) continue
    const apart = decidedApart.filter((text) => matched.has(text)).join()
    const speaks = (body: Body): boolean =>
      actionPatterns(body.statement).some((text) => matched.has(text)) === (body.statement.actions.element === 'Action')
    const spoken = [sides[0].filter(speaks), sides[1].filter(speaks)] as const
    if (keyOf(spoken[0]) === keyOf(spoken[1]) && sameResources(spoken[0], spoken[1])) continue
    for (const assignment of space.assignments) {
      space.resources.forEach((resource, index) => {
        const meets = (body: Body): boolean => space.speaksOf(body.statement, index, assignment)
        const met = [spoken[0].filter(meets), spoken[1].filter(meets)] as const
        const keys = [keyOf(met[0]), keyOf(met[1])]
        if (keys[0] === keys[1]) return
        const pair = [apart, ...keys].join('\n\n')
        const key = pair + JSON.stringify([...assignment])
        const statements = met.flat().map((body) => body.statement)
        const group = groups.get(key) ?? { pair, statements, assignment, samples: [] }
        groups.set(key, group)
        addSample(group, [spelling.get(region.text) ?? region.text, resource])
      })
    }
  }
  return [...groups.values()]
}

function addSample(group: Group, sample: readonly [action: string, resource: string]): void {
  const known = group.samples.some(([action]) => action === sample[0])
  if (!known && group.samples.length < samplesMax) group.samples.push(sample)
}

/** A statement and what it does once its action and resource are met: equal bodies have equal effects. */
interface Body {
  readonly statement: Statement
  readonly body: string
  readonly resources: string
}

function bodiesOf(policies: readonly Policy[]): readonly Body[] {
  return policies.flatMap((policy) =>
    policy.statements.map((statement) => ({
      statement,
      body: JSON.stringify([
        policy.kind,
        policy.version,
        statement.effect,
        statement.principals?.element,
        statement.principals?.values.map((value) => `${value.type} ${value.value}`).sort(),
        statement.conditions
          .map((condition) =>
            [condition.operator.value, condition.key.value.toLowerCase(), ...textsOf(condition)].join('\t'),
          )
          .sort(),
      ]),
      resources: JSON.stringify([
        statement.resources?.element,
        statement.resources?.values.map((value) => value.value).sort(),
      ]),
    })),
  )
}

function textsOf(condition: Condition): string[] {
  return condition.values.map((value) => value.value).sort()
}

function keyOf(bodies: readonly Body[]): string {
  return [...new Set(bodies.map((body) => body.body))].sort().join('\n')
}

function sameResources(left: readonly Body[], right: readonly Body[]): boolean {
  const written = (bodies: readonly Body[]): string =>
    [...new Set(bodies.map((body) => `${body.body}${body.resources}`))].sort().join('\n')
  return written(left) === written(right)
}

function actionPatterns(statement: Statement): readonly string[] {
  return statement.actions.values.map((value) => value.value.toLowerCase())
}
