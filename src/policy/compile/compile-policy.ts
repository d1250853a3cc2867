import type { CompiledPolicy, Policy, PolicyKind } from '../types.ts'
import { type CompiledStatement, compileStatement } from './statement.ts'

/** What an opaque CompiledPolicy is inside the engine. */
export interface CompiledPolicyInside extends CompiledPolicy {
  readonly statements: readonly CompiledStatement[]
}

/** All that `seal` made: nothing else is taken for a compiled policy. */
const sealed = new WeakSet<object>()

/**
 * Compiles a parsed policy, once per version of it: about 10 µs a statement. The result is immutable and may be in any
 * number of stacks.
 *
 * @param policy what `parsePolicy` returned.
 * @param id ARN or name; decisions name the policy by it.
 * @returns the compiled policy. Never throws for a policy that `parsePolicy` returned.
 *
 * @example
 * const parsed = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'identity')
 * if (!parsed.ok) throw new Error(parsed.findings[0].message)
 * compilePolicy(parsed.policy, 'arn:aws:iam::aws:policy/AdministratorAccess').kind // 'identity'
 */
export function compilePolicy<Kind extends PolicyKind>(policy: Policy<Kind>, id?: string): CompiledPolicy<Kind> {
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
 * @example
 * compileUnreadable('arn:aws:iam::123456789012:policy/Broken', 'identity').policy // undefined
 */
export function compileUnreadable<Kind extends PolicyKind>(id: string, kind: Kind): CompiledPolicy<Kind> {
  return seal({ id, kind, policy: undefined, statements: [] })
}

export function inside(policy: CompiledPolicy): CompiledPolicyInside {
  // Only `seal` makes a CompiledPolicy: the brand cannot be written outside this file.
  return policy as CompiledPolicyInside
}

/** @throws TypeError for a policy that stands where its kind does not belong, and for what is no compiled policy */
export function checkKind(policy: CompiledPolicy, kinds: readonly PolicyKind[], place: string): void {
  if (!sealed.has(policy)) throw new TypeError(`got something in ${place} that compilePolicy did not make`)
  if (kinds.includes(policy.kind)) return
  const named = policy.id === undefined ? '' : ` ${JSON.stringify(policy.id)}`
  throw new TypeError(`got the ${policy.kind} policy${named} in ${place}, expected kind ${kinds.join(' or ')}`)
}

function seal<Kind extends PolicyKind>(policy: {
  id: string | undefined
  kind: Kind
  policy: Policy<Kind> | undefined
  statements: readonly CompiledStatement[]
}): CompiledPolicy<Kind> {
  sealed.add(Object.freeze(policy))
  return policy as unknown as CompiledPolicy<Kind> // the brand exists for the type checker only
}
