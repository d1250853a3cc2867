/** The narrowest statement that allows a request, as JSON for the policy of a layer. */

import type { Principal, Request } from '../request/types.ts'
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

function toPrincipalElement(principal: Principal): unknown {
  if (principal.kind === 'service') return { Service: principal.name }
  if (principal.kind === 'federated') return { Federated: principal.provider }
  return principal.kind === 'anonymous' ? '*' : { AWS: principal.arn }
}

/** Characters that a pattern would take for wildcards or variables. */
function literally(text: string): string {
  return text.replace(/[*?$]/g, (char) => `\${${char}}`)
}
