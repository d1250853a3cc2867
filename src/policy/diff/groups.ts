/**
 * Actions and resources by the statements that speak of them. Where the two sides' statements are the same ones, the
 * sides cannot differ, and nothing is searched.
 */

import { accountInArn } from '../compile/arn.ts'
import { actionsWithRules, needsNoPermission, resourcePolicyMustAllow } from '../decide/rules.ts'
import { rcpServices } from '../services.ts'
import type { Condition, Policy, Statement } from '../types.ts'
import type { Assignment } from './assignments.ts'
import { type Budget, findRegions, type Pattern } from './regions.ts'
import type { ResourceSpace } from './resource-space.ts'
import { comparesResources } from './scenarios.ts'

/** The statements that speak of an action and a resource, on both sides, and examples of such. */
export interface Group {
  /** The same for groups that differ in nothing but the values of variables. */
  readonly pair: string
  /** That the ARNs of its resources name. */
  readonly account: string | undefined
  readonly statements: readonly Statement[]
  readonly assignment: Assignment
  /** Decided alike. */
  readonly samples: (readonly [action: string, resource: string])[]
}

/** Examples kept of each group, one for each action. */
const samplesMax = 25

/** Actions with rules of their own in `decide`, whatever the statements say; so they are regions of their own. */
function actionsDecidedApart(policies: readonly Policy[]): readonly string[] {
  const kinds = new Set(policies.map((policy) => policy.kind))
  return [
    ...(comparesResources(kinds) ? actionsWithRules : []),
    ...(kinds.has('rcp') ? [...rcpServices].map((service) => `${service}:*`) : []),
  ]
}

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

/** `compared`: some action is spoken of by different statements, so that it took the resources to tell more. */
export function groupsOf(
  before: readonly Policy[],
  after: readonly Policy[],
  space: ResourceSpace,
  notCovered: Set<string>,
  budget: Budget,
): { readonly groups: readonly Group[]; readonly compared: boolean } {
  const decidedApart = actionsDecidedApart([...before, ...after])
  const sides = bodiesOf(before, after)
  const all = sides.flat()
  const patterns = [...new Set([...all.flatMap((body) => body.actions), ...decidedApart])]
  const found = findRegions(
    actionUniverses,
    patterns.map((text) => ({ text })),
    budget,
  )
  if (!found.complete) notCovered.add('not all combinations of the action patterns were tried')
  const spelling = spellingOf(all)
  const groups = new Map<string, Group>()
  let compared = false
  for (const region of found.regions) {
    if (needsNoPermission(region.text)) continue
    const matched = new Set(region.matched.map((index) => patterns[index]))
    const apart = decidedApart.filter((text) => matched.has(text)).join()
    const spoken = sides.map((bodies) => bodies.filter((body) => speaksOfAction(body, matched)))
    if (new Set(spoken.map((bodies) => idsOf(bodies, 'whole'))).size === 1) continue
    compared = true
    for (const assignment of space.assignments) {
      for (const [index, resource] of space.resources.entries()) {
        budget.steps -= spoken.flat().length + 1
        if (budget.steps < 0) {
          notCovered.add('not all combinations of actions and resources were tried')
          return { groups: [...groups.values()], compared }
        }
        const met = spoken.map((bodies) => bodies.filter((body) => space.speaksOf(body.statement, index, assignment)))
        const ids = met.map((bodies) => idsOf(bodies, 'effect'))
        if (new Set(ids).size === 1) continue
        const isNeeded = resourcePolicyMustAllow(undefined, region.text, resource)
        const pair = [apart, isNeeded, ...ids].join(' / ')
        const account = accountInArn(resource)
        const key = [account, pair, JSON.stringify([...assignment])].join(' / ')
        const group = groups.get(key) ?? {
          pair,
          account,
          statements: met.flat().map((body) => body.statement),
          assignment,
          samples: [],
        }
        groups.set(key, group)
        addSample(group, [spelling.get(region.text) ?? region.text, resource])
      }
    }
  }
  return { groups: [...groups.values()], compared }
}

function addSample(group: Group, sample: readonly [action: string, resource: string]): void {
  if (group.samples.length >= samplesMax) return
  if (!group.samples.some(([action]) => action === sample[0])) group.samples.push(sample)
}

/** Regions are in lower case: how the policies, or AWS, spell the action. */
function spellingOf(bodies: readonly Body[]): ReadonlyMap<string, string> {
  const written = bodies.flatMap(({ statement }) => statement.actions.values.map((value) => value.value))
  return new Map([...knownActions, ...written].map((action) => [action.toLowerCase(), action]))
}

interface Body {
  readonly statement: Statement
  readonly actions: readonly string[]
  /** Equal for statements that have the same effect once their action and resource are met. */
  readonly effect: number
  /** Equal for those that also have the same resources. */
  readonly whole: number
}

function bodiesOf(...sides: readonly (readonly Policy[])[]): readonly (readonly Body[])[] {
  const numbers = new Map<string, number>()
  const numberOf = (value: unknown): number => {
    const text = JSON.stringify(value)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  return sides.map((policies) =>
    policies.flatMap((policy) =>
      policy.statements.map((statement) => {
        const { resources, actions } = statement
        const effect = numberOf(effectOf(statement, policy))
        const whole = numberOf([effect, resources?.element, resources?.values.map((entry) => entry.value).sort()])
        return { statement, actions: actions.values.map((entry) => entry.value.toLowerCase()), effect, whole }
      }),
    ),
  )
}

function effectOf(statement: Statement, policy: Policy): unknown {
  return [
    policy.kind,
    policy.version,
    statement.effect,
    statement.principals?.element,
    statement.principals?.values.map((value) => `${value.type} ${value.value}`).sort(),
    statement.conditions
      .map((condition) =>
        JSON.stringify([condition.operator.value, condition.key.value.toLowerCase(), textsOf(condition)]),
      )
      .sort(),
  ]
}

/** Their order makes no difference, but for an ARN operator, where one may be no ARN (compile/value-test.ts). */
function textsOf({ base, values }: Condition): string[] {
  const texts = values.map(({ value }) => value)
  return base.startsWith('Arn') ? texts : texts.sort()
}

function speaksOfAction(body: Body, matched: ReadonlySet<string | undefined>): boolean {
  return body.actions.some((text) => matched.has(text)) === (body.statement.actions.element === 'Action')
}

/** The set of statements, without regard to order and repetition, which change no decision. */
function idsOf(bodies: readonly Body[], which: 'effect' | 'whole'): string {
  return [...new Set(bodies.map((body) => body[which]))].sort((a, b) => a - b).join()
}
