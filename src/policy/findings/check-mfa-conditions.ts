/** MFA conditions that hold for other callers than the author meant (IAM User Guide, "Secure API access with MFA"). */

import type { Finding, Policy, Statement, Text } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { either, type MfaStates, mfaConditions, mfaStates, wantsMfa } from './mfa-states.ts'
import { conditionsOn, reachesAllOf } from './statement-reach.ts'

const boolIfExists = '"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}'
const boolTrue = '"Bool": {"aws:MultiFactorAuthPresent": "true"}'

export function* checkMfaConditions(policy: Policy): Generator<Finding> {
  for (const statement of policy.statements) {
    const states = mfaStates(statement)
    if (states === undefined) continue
    if (statement.effect === 'Deny') {
      yield* checkDeny(statement, states, policy)
      yield* checkDenyOfRoles(statement, states, policy)
    } else {
      yield* checkAllow(statement, states)
    }
    yield* checkUnableCallers(statement, states)
  }
}

function* checkDeny(statement: Statement, own: MfaStates, policy: Policy): Generator<Finding> {
  const at = firstKey(statement)
  if (own.freshMfa && !own.withoutMfa) {
    yield findingAt(
      'MFA_DENY_INVERTED',
      at,
      `this Deny hits callers who signed in with MFA and spares sessions without it; to demand MFA write ${boolIfExists}`,
      statement,
    )
    return
  }
  if (own.freshMfa) return
  // Two statements may share the work, one for absent keys and one for "false" or for an old age.
  const all = policy.statements
    .filter((other) => other.effect === 'Deny' && reachesAllOf(other, statement))
    .reduce((sum, other) => either(sum, mfaStates(other) ?? sum), own)
  if (!all.accessKey) {
    yield findingAt(
      'MFA_DENY_MISSES_ACCESS_KEYS',
      at,
      `long-term access keys slip through: their requests carry no ${at.value}, and without IfExists a missing key does not match; write ${boolIfExists}`,
      statement,
    )
  } else if (!all.withoutMfa) {
    yield findingAt(
      'MFA_DENY_MISSES_SESSIONS',
      at,
      `temporary sessions without MFA slip through: they carry aws:MultiFactorAuthPresent with the value false, so it is not absent; write ${boolIfExists}`,
      statement,
    )
  }
}

function* checkAllow(statement: Statement, states: MfaStates): Generator<Finding> {
  const at = firstKey(statement)
  // A statement for everybody, or only for those without MFA (enrolment), says what it means.
  if (!states.freshMfa) return
  if (states.accessKey) {
    if (states.withoutMfa && states.oldMfa) return
    yield findingAt(
      'MFA_ALLOW_LETS_ACCESS_KEYS_THROUGH',
      at,
      `long-term access keys are allowed without MFA: they carry no ${at.value}, and a missing key matches here; write ${boolTrue}, without IfExists`,
      statement,
    )
  } else if (states.withoutMfa) {
    yield findingAt(
      'MFA_ALLOW_LETS_SESSIONS_THROUGH',
      at,
      `temporary sessions without MFA are allowed: they carry aws:MultiFactorAuthPresent with the value false, which this condition does not tell apart from true; write ${boolTrue}`,
      statement,
    )
  }
}

/** Services and federated callers sign in elsewhere: no request of theirs ever says aws:MultiFactorAuthPresent true. */
function* checkUnableCallers(statement: Statement, states: MfaStates): Generator<Finding> {
  if (statement.principals?.element !== 'Principal') return
  const denied = statement.effect === 'Deny' && wantsMfa(states)
  const neverAllowed = statement.effect === 'Allow' && states.freshMfa && !states.accessKey && !states.withoutMfa
  if (!denied && !neverAllowed) return
  for (const principal of statement.principals.values) {
    if (principal.type !== 'Service' && principal.type !== 'Federated') continue
    yield findingAt(
      'MFA_PRINCIPAL_CANNOT_SATISFY',
      principal,
      `${principal.value} never signs in with MFA, so this statement ${denied ? 'always denies it' : 'never allows it'}; demand MFA of users only, and take ${principal.value} into a statement of its own`,
      statement,
    )
  }
}

/** Where the first MFA condition names its key; the statement itself where there is none. */
function firstKey(statement: Statement): Text {
  return mfaConditions(statement)[0]?.key ?? { line: statement.line, column: statement.column, value: '' }
}

/** Keys by which an SCP or RCP tells users from roles and services. */
const callerKeys = ['aws:principalarn', 'aws:principaltype', 'aws:principalisawsservice', 'aws:userid', 'aws:username']

function* checkDenyOfRoles(statement: Statement, states: MfaStates, policy: Policy): Generator<Finding> {
  if (policy.kind !== 'scp' && policy.kind !== 'rcp') return
  if (!wantsMfa(states) || !states.accessKey || conditionsOn(statement, ...callerKeys).length > 0) return
  yield findingAt(
    'MFA_DENIES_ROLES',
    firstKey(statement),
    'roles of services (EC2, Lambda, CI) and federated sessions can never satisfy this, and are denied for good; where that is not meant, add "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:user/*", "arn:aws:iam::*:root"]}',
    statement,
  )
}
