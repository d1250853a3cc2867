/** Three engines behind one function: does it allow the n-th request of the workload? */

import './v8-flags.ts'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { newEnforcer, newModelFromString } from 'casbin'
import { compilePolicy, statementsOf } from '../../src/policy/compile/compile-policy.ts'
import { type CompiledStatement, matchesAction } from '../../src/policy/compile/statement.ts'
import { decisionSteps } from '../../src/policy/compile/work.ts'
import { decide } from '../../src/policy/decide/decide.ts'
import { parsePolicy } from '../../src/policy/parse/parse-policy.ts'
import { findValues } from '../../src/policy/request/context.ts'
import type { Request } from '../../src/policy/request/types.ts'
import type { CompiledPolicy, Policy, PolicyKind, PolicyStack } from '../../src/policy/types.ts'
import { toCedar, toCedarContext } from './to-cedar.ts'
import type { PolicyDocument, Workload } from './workloads.ts'

export interface Engine {
  readonly name: string
  readonly allows: (request: number) => boolean
}

export function parsed<Kind extends PolicyKind>(document: PolicyDocument, kind: Kind): Policy<Kind> {
  const result = parsePolicy(JSON.stringify(document), kind)
  if (!result.ok) throw new TypeError(`a document of the workload is refused: ${JSON.stringify(result.findings[0])}`)
  return result.policy
}

export function stackOf(workload: Workload): PolicyStack {
  const compiled = <Kind extends PolicyKind>(
    documents: readonly PolicyDocument[],
    kind: Kind,
  ): CompiledPolicy<Kind>[] =>
    documents.map((document, index) => compilePolicy(parsed(document, kind), `${kind}-${index}`))
  const [boundary] = compiled(workload.boundary === undefined ? [] : [workload.boundary], 'boundary')
  const [resource] = compiled(workload.resource === undefined ? [] : [workload.resource], 'resource')
  return {
    identity: compiled(workload.identity, 'identity'),
    scps: workload.scps.map((level) => compiled(level, 'scp')),
    rcps: workload.rcps.map((level) => compiled(level, 'rcp')),
    ...(boundary === undefined ? {} : { boundary }),
    ...(workload.session === undefined ? {} : { session: compiled(workload.session, 'session') }),
    ...(resource === undefined ? {} : { resource }),
  }
}

export function ours(workload: Workload, stack: PolicyStack): Engine {
  const { requests } = workload
  return {
    name: 'sallyport',
    allows: (index) => decide(stack, requests[index] as Request).effect === 'allow', // index is below requests.length
  }
}

/**
 * The layers that must each allow, none denying. In these workloads the resource policy speaks of the account, so an
 * Allow of it counts like one of the identity policies.
 */
function layersOf(workload: Workload): readonly (readonly PolicyDocument[])[] {
  return [
    [...workload.identity, ...(workload.resource === undefined ? [] : [workload.resource])],
    ...(workload.boundary === undefined ? [] : [[workload.boundary]]),
    ...(workload.session === undefined ? [] : [workload.session]),
    ...workload.scps,
    ...workload.rcps,
  ]
}

const casbinModel = `
[request_definition]
r = q
[policy_definition]
p = n, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = hits(r.q, p.n)
`

/** The workloads' resource policies name an account and everyone, for whom a boundary makes no difference. */
const bounded = false
const nothing = new Map<string, never>()

/** casbin loops over rules and knows nothing of AWS's matching, so each rule calls the closures of ours. */
export async function casbin(workload: Workload): Promise<Engine> {
  const enforcers = await Promise.all(
    layersOf(workload).map(async (documents) => {
      const statements = documents.flatMap((document) =>
        statementsOf(compilePolicy(parsed(document, kindOf(document)))),
      )
      const enforcer = await newEnforcer(newModelFromString(casbinModel))
      await enforcer.addFunction('hits', (request: Request, place: string) => hits(statements[Number(place)], request))
      await enforcer.addPolicies(statements.map((statement, place) => [String(place), statement.effect.toLowerCase()]))
      return enforcer
    }),
  )
  return {
    name: 'casbin',
    allows: (index) => enforcers.every((enforcer) => enforcer.enforceSync(workload.requests[index])),
  }
}

function kindOf(document: PolicyDocument): PolicyKind {
  return document.Statement.some((statement) => statement.Principal !== undefined) ? 'resource' : 'identity'
}

function hits(statement: CompiledStatement | undefined, { action, resource, principal, context }: Request): boolean {
  const asked = { values: findValues(context) ?? nothing, left: decisionSteps }
  return (
    statement !== undefined &&
    matchesAction(statement, action.toLowerCase(), asked) &&
    (statement.principal === undefined || statement.principal(principal, bounded) > 0) &&
    (statement.resource === undefined || statement.resource(resource, asked)) &&
    (statement.condition === undefined || statement.condition(asked))
  )
}

/** One Cedar policy for each statement, parsed beforehand; one set for each layer. */
export function cedarWasm(workload: Workload): Engine {
  const layers = layersOf(workload).map((documents, layer) => {
    const id = `${workload.name} ${layer}`
    const texts = documents.flatMap((document) => document.Statement.map(toCedar))
    const answer = cedar.preparsePolicySet(id, { staticPolicies: texts.join('\n') })
    if (answer.type !== 'success')
      throw new TypeError(`Cedar refuses a policy: ${JSON.stringify(answer).slice(0, 500)}`)
    return id
  })
  const calls = workload.requests.map((request) => ({
    principal: { type: 'User', id: 'alice' },
    action: { type: 'Action', id: 'call' },
    resource: { type: 'Resource', id: 'r' },
    context: toCedarContext(request),
    entities: [],
  }))
  return {
    name: 'cedar-wasm',
    allows: (index) =>
      layers.every((preparsedPolicySetId) => {
        const call = calls[index]
        if (call === undefined) return false
        const answer = cedar.statefulIsAuthorized({ ...call, preparsedPolicySetId })
        if (answer.type !== 'success') throw new TypeError(`Cedar fails: ${JSON.stringify(answer)}`)
        return answer.response.decision === 'allow'
      }),
  }
}
