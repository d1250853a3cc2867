/** Statements that grant more than they seem to, or nothing at all. */

import type { Finding, Policy, Statement } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { mfaStates, wantsMfa } from './mfa-states.ts'
import { conditionsOn, isEverything, reachesAllOf } from './statement-reach.ts'

export function* checkGrants(policy: Policy): Generator<Finding> {
  yield* checkNoAllow(policy)
  for (const statement of policy.statements) {
    if (statement.effect === 'Deny') {
      yield* checkUncontrolled(statement)
      continue
    }
    yield* checkNotAction(statement, policy)
    yield* checkEverything(statement, policy)
    yield* checkPassRole(statement, policy)
    yield* checkAlwaysDenied(statement, policy)
  }
}

/** Deny-only is the rule for RCPs, and usual for SCPs and resource policies, where something else allows. */
function* checkNoAllow(policy: Policy): Generator<Finding> {
  if (policy.kind === 'scp' || policy.kind === 'rcp' || policy.kind === 'resource') return
  if (policy.statements.some((statement) => statement.effect === 'Allow')) return
  const first = policy.statements[0] ?? policy
  if (policy.kind === 'identity') {
    const enrol = policy.statements.some((statement) => wantsMfa(mfaStates(statement)))
    yield findingAt(
      'NO_ALLOW',
      first,
      `this document only denies: whoever has no other policy can do nothing${enrol ? ', not even enrol an MFA device' : ''}; attach it beside a policy that allows`,
    )
  } else if (policy.kind === 'trust') {
    yield findingAt('NO_ALLOW', first, 'this document only denies: nobody can assume the role; add an Allow')
  } else {
    const what = policy.kind === 'boundary' ? 'permissions boundary' : 'session policy'
    yield findingAt(
      'NO_ALLOW',
      first,
      `a ${what} allows only what it names, and this one names nothing: everything is denied; add the statement {"Effect": "Allow", "Action": "*", "Resource": "*"} beside the Deny`,
    )
  }
}

/** GetSessionToken and GetCallerIdentity answer every caller (STS API Reference; IAM User Guide, GetSessionToken). */
const uncontrolled = new Set(['sts:getsessiontoken', 'sts:getcalleridentity'])

function* checkUncontrolled(statement: Statement): Generator<Finding> {
  for (const entry of statement.actions.values) {
    if (!uncontrolled.has(entry.value.toLowerCase())) continue
    yield findingAt(
      'ACTION_CANNOT_BE_CONTROLLED',
      entry,
      `${entry.value} needs no permission and cannot be denied, so listing it here changes nothing; it may be left out`,
      statement,
    )
  }
}

function* checkNotAction(statement: Statement, policy: Policy): Generator<Finding> {
  if (statement.actions.element !== 'NotAction') return
  if (policy.kind === 'scp' || policy.kind === 'boundary') return
  const listed = statement.actions.values.map((entry) => entry.value)
  const shown = listed.length > 3 ? `${listed.slice(0, 3).join(', ')} and ${listed.length - 3} more` : listed.join(', ')
  yield findingAt(
    'ALLOW_NOT_ACTION',
    statement.actions,
    `this allows every action of every service except ${shown}, also those that AWS adds later; NotAction does not deny what it lists: write Action with what is meant to be allowed, or a Deny with Action ${shown}`,
    statement,
  )
}

function* checkEverything(statement: Statement, policy: Policy): Generator<Finding> {
  if (policy.kind !== 'identity' && policy.kind !== 'resource') return
  if (statement.actions.element !== 'Action' || !isEverything(statement.actions)) return
  if (statement.resources?.element !== 'Resource' || !isEverything(statement.resources)) return
  if (statement.conditions.length > 0) return
  yield findingAt(
    'ALLOW_EVERYTHING',
    statement,
    'every action on every resource is allowed, IAM included: whoever holds this can remove every other limit; name the services that are needed, or limit it with a permissions boundary',
    statement,
  )
}

function* checkPassRole(statement: Statement, policy: Policy): Generator<Finding> {
  if (policy.kind !== 'identity' || statement.actions.element !== 'Action') return
  if (conditionsOn(statement, 'iam:passedtoservice', 'iam:associatedresourcearn').length > 0) return
  const entry = statement.actions.values.find((value) => value.value.toLowerCase() === 'iam:passrole')
  const anyRole = statement.resources?.values.some((value) =>
    /^(\*|arn:[^:]*:iam::[^:]*:(role\/)?\*)$/.test(value.value),
  )
  if (entry === undefined || statement.resources?.element !== 'Resource' || anyRole !== true) return
  yield findingAt(
    'PASS_ANY_ROLE',
    entry,
    'any role of the account may be passed to any service, which lends the caller all that the strongest role may do; name the roles in Resource, and the service in "StringEquals": {"iam:PassedToService": "…"}',
    statement,
  )
}

function* checkAlwaysDenied(statement: Statement, policy: Policy): Generator<Finding> {
  const deny = policy.statements.find(
    (other) =>
      other.effect === 'Deny' &&
      other.conditions.length === 0 &&
      (other.principals === undefined || isEveryone(other)) &&
      reachesAllOf(other, statement),
  )
  if (deny === undefined) return
  const name = deny.sid === undefined ? `the Deny at line ${deny.line}` : `the Deny ${deny.sid.value}`
  yield findingAt(
    'ALLOW_ALWAYS_DENIED',
    statement,
    `nothing of this is ever allowed: ${name} covers it without a condition, and a Deny wins wherever it stands; remove this statement, or narrow the Deny`,
    statement,
  )
}

function isEveryone(statement: Statement): boolean {
  return (
    statement.principals?.element === 'Principal' && statement.principals.values.some((value) => value.value === '*')
  )
}
