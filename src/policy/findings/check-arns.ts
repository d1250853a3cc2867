/** ARNs and variables whose spelling cannot mean what it says. Needs no list of AWS's names. */

import { findVariables } from '../compile/variable.ts'
import type { Finding, Policy, Statement, Text } from '../types.ts'
import { findingAt } from './finding-at.ts'
import { variablesOf } from './variables.ts'

export function* checkArns(policy: Policy): Generator<Finding> {
  for (const statement of policy.statements) {
    for (const entry of statement.resources?.values ?? []) {
      yield* checkArn(entry, statement)
      if (statement.effect === 'Allow') yield* checkVariableBeforeWildcard(entry, statement)
    }
    if (policy.version === '2008-10-17') yield* checkVariables(statement, policy)
  }
}

/** Services whose ARNs have no region, and those that have no account either. */
const withoutRegion = new Set(['sts', 's3', 'organizations', 'cloudfront', 'route53', 'account'])

function* checkArn(entry: Text, statement: Statement): Generator<Finding> {
  if (entry.value === '*') return
  const why = whyImpossible(entry.value)
  if (why === undefined) return
  yield findingAt('IMPOSSIBLE_ARN', entry, `no resource has the ARN "${entry.value}": ${why}`, statement)
}

/**
 * An ARN that ends early is completed with stars, so a part that is not there is a star. Where a star before it may stand
 * for the parts that lack (compile/resource.ts), nothing can be said of the others.
 */
function whyImpossible(arn: string): string | undefined {
  const parts = arn.split(':')
  const [prefix, , service = '*', region = '*', account = '*', ...rest] = parts
  if (prefix !== 'arn' || (parts.length < 6 && region.endsWith('*'))) return undefined
  const tail = rest.join(':')
  if (service === 's3' && /^(accesspoint|job|storage-lens|async-request|[*?])/.test(tail)) return undefined
  if (withoutRegion.has(service) && region !== '' && region !== '*') {
    return `ARNs of ${service} have no region; leave that part empty`
  }
  if (service === 's3' && account !== '' && account !== '*') {
    return 'ARNs of buckets and objects have no account; write arn:aws:s3:::bucket/key'
  }
  if (/^\d+$/.test(account) && account.length !== 12)
    return `account ids have 12 digits, "${account}" has ${account.length}`
  return service === 'iam' ? whyImpossibleInIam(account, tail) : undefined
}

function whyImpossibleInIam(account: string, tail: string): string | undefined {
  if (account === '') return 'ARNs of IAM name the account; write its id, or *'
  if (tail.startsWith('assumed-role/') || tail.startsWith('federated-user/')) {
    return 'sessions belong to sts; write arn:aws:sts::account:…'
  }
  return undefined
}

function* checkVariables(statement: Statement, policy: Policy): Generator<Finding> {
  const texts = [
    ...(statement.resources?.values ?? []),
    ...statement.conditions.flatMap((condition) => condition.values),
  ]
  const first = texts.find((text) => variablesOf(text.value).length > 0)
  if (first === undefined) return
  const version = policy.versionAt === undefined ? 'a document without Version' : 'version 2008-10-17'
  yield findingAt(
    'VARIABLE_IN_OLD_VERSION',
    first,
    `in ${version}, "${first.value}" is plain text and no variable is replaced; write "Version": "2012-10-17"`,
    statement,
  )
}

function* checkVariableBeforeWildcard(entry: Text, statement: Statement): Generator<Finding> {
  const end = endOfChosenName(entry.value)
  if (end === undefined) return
  yield findingAt(
    'VARIABLE_BEFORE_WILDCARD',
    entry,
    `the user "al" also reaches what belongs to "alice", for * follows the name at once; put a separator between them, such as "${entry.value.slice(0, end)}/*${entry.value.slice(end + 1)}"`,
    statement,
  )
}

/** The place behind the first variable of such a name that a wildcard follows. */
function endOfChosenName(text: string): number | undefined {
  for (const { name, end } of findVariables(text)) {
    const follows = text.charAt(end)
    if (name !== undefined && (follows === '*' || follows === '?') && isChosenName(name.toLowerCase())) return end
  }
  return undefined
}

/** Only names that a person chooses can be the beginning of another one; ids all have the same length. */
function isChosenName(variable: string): boolean {
  return variable === 'aws:username' || variable.startsWith('aws:principaltag/') || variable.endsWith(':sub')
}
