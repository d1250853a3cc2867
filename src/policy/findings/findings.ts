import type { Finding, Policy } from '../types.ts'
import { checkArns } from './check-arns.ts'
import { checkConditions } from './check-conditions.ts'
import { checkGrants } from './check-grants.ts'
import { checkMfaConditions } from './check-mfa-conditions.ts'
import { checkMfaExemptions } from './check-mfa-exemptions.ts'
import { checkPrincipals } from './check-principals.ts'

const checks: readonly ((policy: Policy) => Iterable<Finding>)[] = [
  checkMfaConditions,
  checkMfaExemptions,
  checkGrants,
  checkPrincipals,
  checkConditions,
  checkArns,
]

/**
 * What is legal in a document but does not do what its author meant. Grammar errors come from `parsePolicy`; this
 * takes what that accepted. Each finding says what happens and what to write instead, and where; codes are stable and
 * listed in `findingCodes`.
 *
 * @returns in the order of the document; empty when there is nothing to say
 * @example
 * const parsed = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}', 'identity')
 * parsed.ok && findings(parsed.policy).map((finding) => finding.code) // ['ALLOW_NOT_ACTION']
 */
export function findings(policy: Policy): readonly Finding[] {
  return checks.flatMap((check) => [...check(policy)]).sort(inDocumentOrder)
}

export function inDocumentOrder(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column || a.code.localeCompare(b.code, 'en')
}
