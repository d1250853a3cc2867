/** Principal elements of resource and trust policies. */

import type { Finding, Policy, Statement } from '../types.ts'
import { findingAt } from './finding-at.ts'

export function* checkPrincipals(policy: Policy): Generator<Finding> {
  for (const statement of policy.statements) {
    if (statement.effect === 'Allow') {
      yield* checkPublic(statement)
      yield* checkAllowNotPrincipal(statement)
      yield* checkFederatedSubject(statement)
    } else {
      yield* checkDenyNotPrincipal(statement)
    }
  }
}

function* checkPublic(statement: Statement): Generator<Finding> {
  if (statement.principals?.element !== 'Principal' || statement.conditions.length > 0) return
  const everyone = statement.principals.values.find(
    (value) => value.value === '*' && (value.type === '*' || value.type === 'AWS'),
  )
  if (everyone === undefined) return
  yield findingAt(
    'PUBLIC_PRINCIPAL',
    everyone,
    'anyone is allowed, in every account and without signing in; name the accounts or roles, or add a condition such as "StringEquals": {"aws:PrincipalOrgID": "o-…"}',
    statement,
  )
}

function* checkAllowNotPrincipal(statement: Statement): Generator<Finding> {
  if (statement.principals?.element !== 'NotPrincipal') return
  yield findingAt(
    'ALLOW_NOT_PRINCIPAL',
    statement.principals,
    'everyone except those listed is allowed, strangers without an account included; write Principal with those who are meant',
    statement,
  )
}

/** Who sells identities to the whole world: the audience alone does not say whose token it is. */
const sharedProviders = ['token.actions.githubusercontent.com', 'gitlab.com', 'app.terraform.io', 'oidc.circleci.com']

function* checkFederatedSubject(statement: Statement): Generator<Finding> {
  if (statement.principals?.element !== 'Principal') return
  for (const principal of statement.principals.values) {
    if (principal.type !== 'Federated') continue
    const provider = sharedProviders.find((host) => principal.value.includes(host))
    if (provider === undefined) continue
    if (statement.conditions.some((condition) => condition.key.value.toLowerCase().endsWith(':sub'))) continue
    yield findingAt(
      'FEDERATED_SUBJECT_NOT_LIMITED',
      principal,
      `anyone with an account at ${provider} can assume this role, for nothing says whose token it has to be; add "StringLike": {"${provider}:sub": "…"} with your organisation and project`,
      statement,
    )
  }
}

/**
 * A request is made by the user and by the user's account; who is not listed is denied, so each listed principal needs
 * its account listed too, and a role its session (IAM User Guide, "NotPrincipal").
 */
function* checkDenyNotPrincipal(statement: Statement): Generator<Finding> {
  if (statement.principals?.element !== 'NotPrincipal') return
  const listed = statement.principals.values.map((value) => value.value)
  for (const principal of statement.principals.values) {
    const [, account, path] = /^arn:[^:]+:(?:iam|sts)::(\d{12}):(.+)$/.exec(principal.value) ?? []
    if (account === undefined || path === undefined || path === 'root') continue
    const missing = []
    if (!listed.some((value) => value === account || value.endsWith(`::${account}:root`))) {
      missing.push(`arn:aws:iam::${account}:root`)
    }
    const role = /^role\/(?:.*\/)?([^/]+)$/.exec(path)?.[1]
    if (role !== undefined && !listed.some((value) => value.includes(`::${account}:assumed-role/${role}/`))) {
      missing.push(`arn:aws:sts::${account}:assumed-role/${role}/<session name>`)
    }
    if (missing.length === 0) continue
    yield findingAt(
      'NOT_PRINCIPAL_LACKS_ACCOUNT',
      principal,
      `${principal.value} may be denied although it is listed, because a request also counts as one of its account${role === undefined ? '' : ' and of the role session'}; list ${missing.join(' and ')} too, or write Principal "*" with "ArnNotEquals": {"aws:PrincipalArn": "${principal.value}"}`,
      statement,
    )
  }
}
