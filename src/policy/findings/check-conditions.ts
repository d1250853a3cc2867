/** Conditions that compare otherwise than their author thought. */

import type { BaseOperator, Condition, Finding, Policy, Statement } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { hasWildcard, variablesOf } from './patterns.ts'
import { conditionsOn, reachesAction } from './statement-reach.ts'

export function* checkConditions(policy: Policy): Generator<Finding> {
  for (const statement of policy.statements) {
    for (const condition of statement.conditions) {
      yield* checkLiteralWildcard(condition, statement)
      yield* checkValueTypes(condition, statement)
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

/** What a value of each family has to look like; variables are left alone, and dates are the parser's to check. */
const families: readonly (readonly [RegExp, (value: string) => boolean, string])[] = [
  [/^Bool$|^Null$/, (value) => /^(true|false)$/i.test(value), 'true or false'],
  [/^Numeric/, (value) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value), 'a number'],
  [/^(Not)?IpAddress$/, isAddressOrRange, 'an address or a range such as 203.0.113.0/24'],
  [/^Binary/, (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0, 'base64'],
  [/^Arn/, (value) => value === '*' || value.split(':').length >= 6, 'an ARN, which has six parts'],
]

function* checkValueTypes(condition: Condition, statement: Statement): Generator<Finding> {
  const family = families.find(([operators]) => operators.test(condition.base))
  if (family === undefined) return
  for (const value of condition.values) {
    if (variablesOf(value.value).length > 0 || family[1](value.value)) continue
    yield findingAt(
      'VALUE_NEVER_MATCHES',
      value,
      `"${value.value}" is compared by ${condition.operator.value}, which expects ${family[2]}; this value never matches`,
      statement,
    )
  }
}

function isAddressOrRange(value: string): boolean {
  const [address, bits, ...rest] = value.split('/')
  if (address === undefined || rest.length > 0) return false
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  if (v4 !== null) return v4.slice(1).every((part) => Number(part) <= 255) && isPrefix(bits, 32)
  return /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(address) && isPrefix(bits, 128)
}

function isPrefix(bits: string | undefined, max: number): boolean {
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= max)
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
  if (condition.base === 'Null') return condition.values.every((value) => value.value.toLowerCase() === 'false')
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
