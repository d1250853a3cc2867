/** The narrowest statement that allows a request, as JSON for the policy of a layer. */

import type { Principal, Request } from '../types.ts'
import type { Station } from './stations.ts'

export function toStatementText(layer: Station['layer'], request: Request): string {
  // A customer managed RCP cannot allow: what is missing is RCPFullAWSAccess.
  if (layer === 'rcp') return JSON.stringify({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' })
  const isTrust = layer === 'resource' && /^sts:/i.test(request.action)
  return JSON.stringify({
    Effect: 'Allow',
    ...(layer === 'resource' && { Principal: toPrincipalElement(request.principal) }),
    Action: request.action,
    ...(!isTrust && { Resource: request.resource === '*' ? '*' : literally(request.resource) }),
  })
}

function toPrincipalElement({ kind, arn, federatedProvider }: Principal): unknown {
  if (kind === 'service') return { Service: arn }
  if (kind === 'anonymous') return federatedProvider === undefined ? '*' : { Federated: federatedProvider }
  return { AWS: arn }
}

/** Characters that a pattern would take for wildcards or variables. */
function literally(text: string): string {
  return text.replace(/[*?$]/g, (char) => `\${${char}}`)
}
