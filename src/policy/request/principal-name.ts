import type { Principal } from './types.ts'

/** Who it is, in a word. */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'service':
      return principal.name
    case 'federated':
      return principal.provider
    case 'anonymous':
      return 'anyone'
    case 'root':
    case 'user':
    case 'role-session':
    case 'federated-user':
      return principal.arn
    default:
      return principal satisfies never
  }
}
