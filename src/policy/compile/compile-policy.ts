import { isParsed } from '../parse/parsed.ts'
import type { CompiledPolicy, Policy, PolicyKind } from '../types.ts'
import { type CompiledStatement, compileStatement } from './statement.ts'

/** The statements of all that `seal` made: nothing else is taken for a compiled policy, and nobody can change them. */
const sealed = new WeakMap<CompiledPolicy, readonly CompiledStatement[]>()

/**
 * Compiles a parsed policy, once per version of it: about 10 µs a statement. The result is immutable and may be in any
 * number of stacks.
 *
 * @param policy what `parsePolicy` returned: the very object, which is frozen, and no copy of it.
 * @param id ARN or name; decisions name the policy by it.
 * @throws TypeError for a policy that `parsePolicy` did not return, and for nothing else
 *
 * @example
 * const parsed = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'identity')
 * if (!parsed.ok) throw new Error(parsed.findings[0].message)
 * compilePolicy(parsed.policy, 'arn:aws:iam::aws:policy/AdministratorAccess').kind // 'identity'
 */
export function compilePolicy<Kind extends PolicyKind>(policy: Policy<Kind>, id?: string): CompiledPolicy<Kind> {
  if (!isParsed(policy)) throw new TypeError('got a policy that parsePolicy did not make')
  const statements = policy.statements.map((statement) => compileStatement(statement, policy.version))
  return seal({ id, kind: policy.kind, policy }, statements)
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
  return seal({ id, kind, policy: undefined }, [])
}

/** @throws TypeError for what is no compiled policy */
export function statementsOf(policy: CompiledPolicy): readonly CompiledStatement[] {
  const statements = sealed.get(policy)
  if (statements === undefined) throw new TypeError('got something that compilePolicy did not make')
  return statements
}

/** @throws TypeError for a policy that stands where its kind does not belong, and for what is no compiled policy */
export function checkKind(policy: CompiledPolicy, kinds: readonly PolicyKind[], place: string): void {
  if (!sealed.has(policy)) throw new TypeError(`got something in ${place} that compilePolicy did not make`)
  if (kinds.includes(policy.kind)) return
  const named = policy.id === undefined ? '' : ` ${JSON.stringify(policy.id)}`
  throw new TypeError(`got the ${policy.kind} policy${named} in ${place}, expected kind ${kinds.join(' or ')}`)
}

function seal<Kind extends PolicyKind>(
  plain: { id: string | undefined; kind: Kind; policy: Policy<Kind> | undefined },
  statements: readonly CompiledStatement[],
): CompiledPolicy<Kind> {
  const policy = Object.freeze(plain) as unknown as CompiledPolicy<Kind> // the brand exists for the type checker only
  sealed.set(policy, statements)
  return policy
}
