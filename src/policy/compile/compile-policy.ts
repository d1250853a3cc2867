import type { CompiledPolicy, Policy, PolicyKind } from '../types.ts'
import { type CompiledStatement, compileStatement } from './statement.ts'

/** What an opaque CompiledPolicy is inside the engine. */
export interface CompiledPolicyInside extends CompiledPolicy {
  readonly statements: readonly CompiledStatement[]
}

/**
 * Compiles a parsed policy, once per version of it: about 10 µs a statement. The result is immutable and may be in any
 * number of stacks.
 *
 * @param policy what `parsePolicy` returned.
 * @param id ARN or name; decisions name the policy by it.
 * @returns the compiled policy. Never throws for a policy that `parsePolicy` returned.
 *
 * Source: policy-engine.md §4.
 *
 * @example
 * const parsed = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'identity')
 * if (!parsed.ok) throw new Error(parsed.findings[0].message)
 * compilePolicy(parsed.policy, 'arn:aws:iam::aws:policy/AdministratorAccess').kind // 'identity'
 */
export function compilePolicy(policy: Policy, id?: string): CompiledPolicy {
  const statements = policy.statements.map((statement) => compileStatement(statement, policy.version))
  return seal({ id, kind: policy.kind, policy, statements })
}

/**
 * A stored policy that cannot be read: wherever it applies, everything is denied. A Deny that nobody can read must not
 * turn into no Deny.
 *
 * @param id ARN or name of the policy that could not be read.
 * @param kind what it is attached to as.
 *
 * Source: issue 3, "A stored policy that cannot be read denies".
 *
 * @example
 * compileUnreadable('arn:aws:iam::123456789012:policy/Broken', 'identity').policy // undefined
 */
export function compileUnreadable(id: string, kind: PolicyKind = 'identity'): CompiledPolicy {
  return seal({ id, kind, policy: undefined, statements: [] })
}

export function inside(policy: CompiledPolicy): CompiledPolicyInside {
  // Only `seal` makes a CompiledPolicy: the brand cannot be written outside this file.
  return policy as CompiledPolicyInside
}

function seal(policy: {
  id: string | undefined
  kind: PolicyKind
  policy: Policy | undefined
  statements: readonly CompiledStatement[]
}): CompiledPolicy {
  return Object.freeze(policy) as unknown as CompiledPolicy // the brand exists for the type checker only
}
