/** Conditions that compare otherwise than their author thought. */

import { literalForm } from '../compile/literals.ts'
import { multivaluedKeys } from '../request/multivalued-keys.ts'
import type { BaseOperator, Condition, Finding, Policy, Statement } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { hasWildcard } from './patterns.ts'
import { conditionsOn, reachesAction } from './statement-reach.ts'
import { variablesOf } from './variables.ts'

export function* checkConditions(policy: Policy): Generator<Finding> {
  for (const statement of policy.statements) {
    for (const condition of statement.conditions) {
      yield* checkLiteralWildcard(condition, statement)
      yield* checkValueTypes(condition, statement)
      yield* checkMultivalued(condition, statement)
      yield* checkForAllValues(condition, statement)
      yield* checkSourceIp(condition, statement, policy)
    }
  }
}

const literalOperators: ReadonlySet<BaseOperator> = new Set([
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
])
const addressRange = /^[0-9a-fA-F.:]+\/\d{1,3}$/

function* checkLiteralWildcard(condition: Condition, statement: Statement): Generator<Finding> {
  if (!literalOperators.has(condition.base)) return
  for (const value of condition.values) {
    if (/^aws:(source|vpcsource)ip$/i.test(condition.key.value) && addressRange.test(value.value)) {
      yield findingAt(
        'CIDR_COMPARED_AS_TEXT',
        value,
        `${condition.operator.value} compares the text, and no address is spelled ${value.value}; write ${condition.base.includes('Not') ? 'NotIpAddress' : 'IpAddress'}`,
        statement,
      )
    } else if (hasWildcard(value.value)) {
      const like = /arn$/i.test(condition.key.value) ? 'Arn' : 'String'
      yield findingAt(
        'WILDCARD_COMPARED_LITERALLY',
        value,
        `${condition.operator.value} takes * and ? for plain characters, so "${value.value}" ${condition.base.includes('Not') ? 'differs from every real value' : 'equals no real value'}; write ${condition.base.includes('Not') ? `${like}NotLike` : `${like}Like`}`,
        statement,
      )
    }
  }
}

/** Only session policies can have what is no number, date, address or ARN; the parser refuses it elsewhere. */
function* checkValueTypes(condition: Condition, statement: Statement): Generator<Finding> {
  const operator = condition.operator.value
  const isTruth = condition.base === 'Bool' || condition.base === 'Null'
  const form = literalForm(condition.base)
  for (const value of condition.values) {
    if (variablesOf(value.value).length > 0) continue
    if (isTruth && !/^(true|false)$/i.test(value.value)) {
      yield findingAt(
        'VALUE_NEVER_MATCHES',
        value,
        `"${value.value}" is read as false by ${operator}, for only true is true; write true or false`,
        statement,
      )
    } else if (form?.isReadable(value.value) === false) {
      const what = condition.base.startsWith('Arn') ? notAnArn(statement) : 'this value never matches'
      yield findingAt(
        'VALUE_NEVER_MATCHES',
        value,
        `"${value.value}" is compared by ${operator}, which expects ${form.expected}; ${what}`,
        statement,
      )
    }
  }
}

function notAnArn({ effect }: Statement): string {
  return `this statement then ${effect === 'Deny' ? 'denies every ARN' : 'allows no ARN'} that no value before it matches`
}

function* checkMultivalued(condition: Condition, statement: Statement): Generator<Finding> {
  if (condition.set !== undefined || condition.base === 'Null') return
  if (!multivaluedKeys.has(condition.key.value.toLowerCase())) return
  const operator = condition.operator.value
  yield findingAt(
    'MULTIVALUED_KEY_WITHOUT_SET',
    condition.key,
    `${condition.key.value} is a multivalued key, and ${operator} never holds of one that the request carries; write ForAnyValue:${operator} or ForAllValues:${operator}`,
    statement,
  )
}

/** Keys that DynamoDB fills in on every call but a Scan (DynamoDB Developer Guide, fine-grained access control). */
const filledExceptOnScan = new Set(['dynamodb:leadingkeys', 'dynamodb:attributes'])

function* checkForAllValues(condition: Condition, statement: Statement): Generator<Finding> {
  if (condition.set !== 'ForAllValues' || statement.effect !== 'Allow') return
  const key = condition.key.value.toLowerCase()
  const required = conditionsOn(statement, key).some(
    (other) => other !== condition && !other.ifExists && other.set !== 'ForAllValues' && demandsPresence(other),
  )
  if (required) return
  // A tag that has to have a value is among the tag keys.
  const byTag = statement.conditions.some(
    (other) => other.key.value.toLowerCase().startsWith('aws:requesttag/') && !other.ifExists && demandsPresence(other),
  )
  if (key === 'aws:tagkeys' && byTag) return
  if (filledExceptOnScan.has(key) && !reachesAction(statement, 'dynamodb:Scan')) return
  yield findingAt(
    'FOR_ALL_VALUES_MATCHES_ABSENT',
    condition.key,
    `a request without ${condition.key.value} matches too, for ForAllValues holds of no values at all; add "Null": {"${condition.key.value}": "false"} to this statement`,
    statement,
  )
}

function demandsPresence(condition: Condition): boolean {
  if (condition.base === 'Null') return condition.values.every((value) => value.value.toLowerCase() !== 'true')
  return !condition.base.includes('Not')
}

/** Keys that tell a call which a service forwards from one that comes from outside. */
const forwardedKeys = ['aws:viaawsservice', 'aws:principalisawsservice', 'aws:calledvia', 'aws:calledviafirst']

function* checkSourceIp(condition: Condition, statement: Statement, policy: Policy): Generator<Finding> {
  if (policy.kind !== 'identity' && policy.kind !== 'boundary' && policy.kind !== 'scp') return
  if (statement.effect !== 'Deny' || condition.base !== 'NotIpAddress') return
  if (condition.key.value.toLowerCase() !== 'aws:sourceip') return
  if (conditionsOn(statement, ...forwardedKeys, 'aws:sourcevpc', 'aws:sourcevpce', 'aws:vpcsourceip').length > 0) return
  yield findingAt(
    'SOURCE_IP_DENIES_FORWARDED_CALLS',
    condition.key,
    'calls that an AWS service makes for the user (CloudFormation, Athena) come from addresses of AWS and are denied too; add "Bool": {"aws:ViaAWSService": "false"}',
    statement,
  )
}
