/** Resource and NotResource: `*`, or an ARN pattern whose service is written out. */

import type { JsonMember } from '../../core/strict-json.ts'
import { replaceVariables } from '../compile/variable.ts'
import { isPartition } from '../partitions.ts'
import type { Text } from '../types.ts'
import { kindRules } from './kinds.ts'
import { addError, type Report } from './report.ts'
import { parseStrings } from './strings.ts'

export function parseResources(member: JsonMember, report: Report): readonly Text[] | undefined {
  const element = member.key.value
  const values = parseStrings(member.value, element, report)
  if (values === undefined) return undefined
  if (values.length === 0) {
    addError(report, 'MISSING_RESOURCE', member.value, { detail: `got an empty ${element}` })
    return undefined
  }
  for (const value of values) checkResource(value, report)
  return values
}

function checkResource(resource: Text, report: Report): void {
  const { value } = resource
  if (value === '*') return
  const [scheme, partition, service, region, ...rest] = value.split(':')
  const detail = `got the resource ${JSON.stringify(value)}`
  if (scheme !== 'arn' || partition === undefined) {
    const message = `Resource ${value} must be in ARN format or "*".`
    addError(report, 'INVALID_RESOURCE', resource, { message, detail })
  } else if (!isPartition(partition) && !/^[a-z-]*\*$/.test(partition)) {
    const [arn1 = '*', arn2 = '*', arn3 = '*', ...arn4] = [service || undefined, region, ...rest]
    const message = `Partition "${partition}" is not valid for resource "arn:${partition}:${arn1}:${arn2}:${arn3}:${arn4.join(':') || '*'}".`
    addError(report, 'INVALID_RESOURCE', resource, { message, detail })
  } else if (service === undefined || service === '' || /[*?]/.test(service)) {
    const message = 'Resource vendor must be fully qualified and cannot contain regexes.'
    addError(report, 'INVALID_RESOURCE', resource, { message, detail })
  } else if (isIncomplete(value) && (!kindRules[report.kind].incompleteArns || value.includes('::'))) {
    addError(report, 'INCOMPLETE_ARN', resource, { detail: `${detail}, expected six parts` })
  } else if (service === 'iam') {
    checkIamResource(resource, region ?? '', rest.slice(1).join(':'), report)
  }
}

/** A colon in the name of a policy variable divides nothing. */
function isIncomplete(arn: string): boolean {
  return replaceVariables(arn, () => '').split(':').length < 6
}

/** What the resource part of an IAM ARN may begin with (moto's list of AWS's answer, and `root`, which AssumeRoot names). */
const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
]

const moreIamPaths = ['root', 'u2f/', 'assumed-role/', 'delegation-request/']

function checkIamResource(resource: Text, region: string, path: string, report: Report): void {
  const detail = `got the resource ${JSON.stringify(resource.value)}`
  if (region !== '' && region !== '*') {
    const message = `IAM resource ${resource.value} cannot contain region information.`
    addError(report, 'INVALID_RESOURCE', resource, { message, detail })
    return
  }
  const literal = path.split(/[*?$]/, 1)[0] ?? ''
  const whole = literal === path
  const known = [...iamPaths, ...moreIamPaths].some(
    (start) => literal.startsWith(start) || (!whole && start.startsWith(literal)),
  )
  if (known || path === '') return
  const message = `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`
  addError(report, 'INVALID_RESOURCE', resource, { message, detail })
}
