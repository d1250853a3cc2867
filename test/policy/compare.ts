/** Puts one generated case to the engine and to the reference, and boils a difference down to what it needs. */
import {
  buildContext,
  compilePolicy,
  compileUnreadable,
  decide,
  parsePolicy,
  parsePrincipal,
} from '../../src/policy/index.ts'
import type { Request } from '../../src/policy/request/types.ts'
import type { CompiledPolicy, Decision, PolicyKind, PolicyStack } from '../../src/policy/types.ts'
import { decideByTheBook, type NamedDocument, type RequestJson, type StackJson, unreadable } from './reference.ts'

export function compileDocument<Kind extends PolicyKind>(
  { id, document }: NamedDocument,
  kind: Kind,
): CompiledPolicy<Kind> {
  if (document === unreadable) return compileUnreadable(id, kind)
  const text = JSON.stringify(document)
  const parsed = parsePolicy(text, kind)
  if (!parsed.ok) throw new Error(`refused as ${kind}: ${text}\n${JSON.stringify(parsed.findings)}`)
  return compilePolicy(parsed.policy, id)
}

export function compileStack(stack: StackJson): PolicyStack {
  const all = <Kind extends PolicyKind>(documents: readonly NamedDocument[], kind: Kind) =>
    documents.map((document) => compileDocument(document, kind))
  return {
    identity: all(stack.identity, 'identity'),
    ...(stack.boundary ? { boundary: compileDocument(stack.boundary, 'boundary') } : {}),
    ...(stack.session ? { session: all(stack.session, 'session') } : {}),
    scps: stack.scps.map((level) => all(level, 'scp')),
    rcps: stack.rcps.map((level) => all(level, 'rcp')),
    ...(stack.resource ? { resource: compileDocument(stack.resource, stack.resource.kind) } : {}),
    ...(stack.principalInManagementAccount ? { principalInManagementAccount: true } : {}),
    ...(stack.resourceInManagementAccount ? { resourceInManagementAccount: true } : {}),
  }
}

export function toRequest({ principal: { text, ...facts }, context, ...rest }: RequestJson): Request {
  return { ...rest, principal: parsePrincipal(text, facts), context: buildContext(Object.entries(context)) }
}

/** `why` is undefined where the two agree: in the effect, and in a layer and statement that the reference names too. */
export function findDifference(
  stack: StackJson,
  compiled: PolicyStack,
  request: RequestJson,
): { readonly decision: Decision; readonly why?: string } {
  const decision = decide(compiled, toRequest(request))
  const verdict = decideByTheBook(stack, request)
  const differs = (why: string) => ({ decision, why: `${why}; the reference: ${JSON.stringify(verdict)}` })
  if (decision.effect !== verdict.effect) return differs(`effect ${decision.effect}, expected ${verdict.effect}`)
  if (decision.effect !== 'allow' && !verdict.deniedBy.includes(decision.layer))
    return differs(`layer ${decision.layer}, expected one of ${verdict.deniedBy.join(' ')}`)
  if (decision.statement === undefined) return { decision }
  const wanted = decision.effect === 'allow' ? 'Allow' : 'Deny'
  const named = verdict.matches.some(
    ({ effect, layer, policyId, statement }) =>
      effect === wanted &&
      layer === decision.layer &&
      policyId === decision.policyId &&
      statement === decision.statement,
  )
  return named ? { decision } : differs('the statement named does not match the request')
}

// ------------------------------------------------------------------------------------------------------------ shrink

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json }

/** Members that a case cannot do without; `resource` is one where it is an ARN. */
const needed = [
  'stack',
  'request',
  'identity',
  'scps',
  'rcps',
  'id',
  'kind',
  'principal',
  'action',
  'context',
  'Version',
]

/** Every value that is one removal smaller: an element of a list, or a member that is not needed. */
function* smaller(value: Json, key = ''): Generator<Json> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      yield [...value.slice(0, index), ...value.slice(index + 1)]
      for (const less of smaller(value[index])) yield value.map((item, at) => (at === index ? less : item))
    }
    if (value.length === 1 && typeof value[0] === 'string') yield value[0]
  } else if (typeof value === 'object' && value !== null) {
    const members = value as { readonly [key: string]: Json }
    for (const name of Object.keys(members)) {
      const { [name]: removed, ...rest } = members
      if (!needed.includes(name) && key !== 'principal' && !(name === 'resource' && typeof removed === 'string'))
        yield rest
      for (const less of smaller(removed, name)) yield { ...members, [name]: less }
    }
  } else if (typeof value === 'string' && value.includes(':') && (key === 'Action' || key === 'Resource')) yield '*'
}

export interface StackCase {
  readonly stack: StackJson
  readonly request: RequestJson
}

/** Removes what can go while the case still differs. What is no longer legal does not count as a difference. */
export function shrink(found: StackCase): StackCase {
  const differs = (candidate: StackCase) => {
    try {
      return findDifference(candidate.stack, compileStack(candidate.stack), candidate.request).why !== undefined
    } catch {
      return false
    }
  }
  let smallest = found
  for (let again = true; again; ) {
    again = false
    for (const less of smaller(smallest as unknown as Json)) {
      const candidate = less as unknown as StackCase // only members were removed; `differs` refuses what no longer fits
      if (!differs(candidate)) continue
      smallest = candidate
      again = true
      break
    }
  }
  return smallest
}
