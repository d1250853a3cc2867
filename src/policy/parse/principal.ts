/** Principal and NotPrincipal: `"*"`, or a map of kinds to names. A wildcard is the whole name or none of it. */

import type { JsonNode } from '../../core/strict-json.ts'
import type { PrincipalType, PrincipalValue, Text } from '../types.ts'
import { addError, type Report } from './report.ts'
import { parseStrings } from './strings.ts'

const types: readonly Exclude<PrincipalType, '*'>[] = ['AWS', 'Service', 'Federated', 'CanonicalUser']

export function parsePrincipals(node: JsonNode, report: Report): readonly PrincipalValue[] | undefined {
  const { line, column } = node
  if (node.kind === 'string' && node.value === '*') return [{ type: '*', value: '*', line, column }]
  if (node.kind !== 'object') {
    addError(report, 'WRONG_TYPE', node, {
      message: 'Principal must be a JSON object.',
      detail: `got ${node.kind} for Principal, expected "*" or an object`,
    })
    return undefined
  }
  const values: PrincipalValue[] = []
  let readable = true
  for (const member of node.members) {
    const type = types.find((name) => name === member.key.value)
    if (type === undefined) {
      addError(report, 'INVALID_PRINCIPAL', member.key, {
        message: `Invalid principal in policy: "${member.key.value.toUpperCase()}"`,
        detail: `got ${JSON.stringify(member.key.value)}, expected one of ${types.join(', ')}`,
      })
      readable = false
      continue
    }
    const texts = parseStrings(member.value, type, report)
    if (texts === undefined) readable = false
    for (const text of texts ?? []) values.push(toPrincipalValue(type, text, report))
  }
  if (values.length === 0 && readable) {
    addError(report, 'MISSING_PRINCIPAL', node, {
      message: 'Missing required field Principal cannot be empty!',
      detail: 'got no name in Principal',
    })
    return undefined
  }
  return readable ? values : undefined
}

function toPrincipalValue(type: Exclude<PrincipalType, '*'>, text: Text, report: Report): PrincipalValue {
  if (!isName[type](text.value)) {
    addError(report, 'INVALID_PRINCIPAL', text, {
      message: `Invalid principal in policy: "${type.toUpperCase()}":"${text.value}"`,
      detail: `got the ${type} principal ${JSON.stringify(text.value)}`,
    })
  }
  // `{"AWS": "*"}` and `"*"` are the same to AWS.
  return { ...text, type: type === 'AWS' && text.value === '*' ? '*' : type }
}

const partition = '(?:aws|aws-cn|aws-us-gov|aws-eusc|aws-iso(?:-[bef])?)'
const entity = new RegExp(
  `^arn:${partition}:(?:iam::(?:\\d{12}:(?:root|(?:user|role)/[^*?]+)|cloudfront:user/[^*?]+)|sts::\\d{12}:(?:assumed-role/[^*?/]+/[^*?/]+|federated-user/[^*?]+))$`,
)
const provider = new RegExp(`^(?:arn:${partition}:iam::\\d{12}:(?:saml|oidc)-provider/[^*?]+|[a-z0-9.-]+(?:/[^*?]*)?)$`)

const isName: Record<Exclude<PrincipalType, '*'>, (name: string) => boolean> = {
  // A unique id (AIDA…, AROA…) stands where a principal named in a saved policy was deleted.
  AWS: (name) => name === '*' || /^\d{12}$/.test(name) || entity.test(name) || /^A[A-Z0-9]{15,127}$/.test(name),
  Service: (name) => name === '*' || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(name),
  Federated: (name) => name === '*' || provider.test(name),
  CanonicalUser: (name) => /^[0-9a-f]{64}$/i.test(name),
}
