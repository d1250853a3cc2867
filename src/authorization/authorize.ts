/**
 * Who may do what, until policies can be attached: root and administrators everything, other users what AWS's own self-manage
 * policy allows (aws-behaviour: §5.6) and their own access keys. The denial's text is AWS's (§5.4).
 */
import type { Authorize } from '../aws-api/operation.ts'

/** On the caller's own user. */
const ownUserActions = new Set([
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:GetMFADevice',
  'iam:EnableMFADevice',
  'iam:DeactivateMFADevice',
  'iam:ResyncMFADevice',
  'iam:CreateAccessKey',
  'iam:ListAccessKeys',
  'iam:UpdateAccessKey',
  'iam:DeleteAccessKey',
])

/** On whatever they name: a virtual device belongs to nobody until it is enabled. */
const anyResourceActions = new Set(['iam:CreateVirtualMFADevice', 'iam:ListVirtualMFADevices'])

/** Operations that AWS asks no permission for. */
const needsNoPermission = new Set(['sts:GetCallerIdentity'])

export const authorize: Authorize = async (caller, action, resource) => {
  const { principal } = caller
  if (principal.kind === 'root' || principal.administrator || needsNoPermission.has(action)) return allowed
  if (anyResourceActions.has(action) || (ownUserActions.has(action) && resource === principal.arn)) return allowed
  return {
    ok: false,
    message: `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  }
}

const allowed = { ok: true } as const
