/** Whole policy documents for tests: valid ones of each kind, to be changed in one place. */
import { parsePolicy } from '../../src/policy/parse/parse-policy.ts'
import type { PolicyKind } from '../../src/policy/types.ts'

export const ok = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
export const trusting = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } }

/** A whole valid document of a kind. */
export const valid: Record<PolicyKind, Record<string, unknown>> = {
  identity: ok,
  boundary: ok,
  session: ok,
  resource: { ...ok, Principal: '*' },
  trust: trusting,
  scp: ok,
  rcp: { ...ok, Effect: 'Deny', Principal: '*' },
}

export function document(
  kind: PolicyKind,
  change: Record<string, unknown> = {},
  top: Record<string, unknown> = {},
): string {
  const statement = Object.fromEntries(
    Object.entries({ ...valid[kind], ...change }).filter(([, value]) => value !== undefined),
  )
  return JSON.stringify({ Version: '2012-10-17', ...top, Statement: [statement] })
}

/** What is found first; undefined for a policy that is read. */
export function firstOf(text: string, kind: PolicyKind) {
  const result = parsePolicy(text, kind)
  return result.ok ? undefined : result.findings[0]
}
