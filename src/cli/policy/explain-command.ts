/** `sallyport policy explain`: one request, decided and explained. */

import { compilePolicy } from '../../policy/compile/compile-policy.ts'
import { explain } from '../../policy/explain/explain.ts'
import { parsePolicy } from '../../policy/parse/parse-policy.ts'
import { checkRequest } from '../../policy/request/check-request.ts'
import type { Request } from '../../policy/request/types.ts'
import type { CompiledPolicy, Explanation, Policy, PolicyKind, PolicyStack } from '../../policy/types.ts'
import type { CommandIo } from './command-io.ts'
import { explanationText, plainRequest, verdict } from './explanation-text.ts'
import { type Flags, parseFlags } from './flags.ts'
import { PolicyMisuse } from './misuse.ts'
import { printableJson, toPaint } from './paint.ts'
import { orMisuse, principalDefault, readContext, readPrincipal } from './parse-request.ts'
import { readPolicy } from './read-policy.ts'
import { toSarif } from './sarif.ts'

const documents = ['policy', 'scp', 'rcp', 'session'] as const

export async function explainCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseFlags(args, {
    single: ['action', 'resource', 'principal', 'role', 'boundary', 'resource-policy', 'resource-account'],
    several: [...documents, 'context'],
    repeated: [],
    switches: ['json', 'sarif', 'verbose'],
  })
  const [stray] = flags.positionals
  if (stray !== undefined)
    throw new PolicyMisuse(`got "${stray}" without a flag, expected --policy ${stray} or the like`)
  const request = toRequest(flags)
  const stack = await readStack(flags, io)
  const explanation = explain(stack, request)
  if (flags.has('json')) io.stdout(printableJson({ request: plainRequest(request), ...explanation }))
  else if (flags.has('sarif')) io.stdout(sarifOf(explanation, request))
  else io.stdout(explanationText(explanation, request, flags.has('verbose'), toPaint(io.colour)))
  return explanation.decision.effect === 'allow' ? 0 : 1
}

function toRequest(flags: Flags): Request {
  const action = needed(flags, 'action')
  if (!/^[A-Za-z0-9.-]+:[A-Za-z0-9_-]+$/.test(action)) {
    throw new PolicyMisuse(`got the action "${action}", expected service:Name without wildcards`)
  }
  const resource = needed(flags, 'resource')
  if (resource !== '*' && !/^arn:([^:]*:){4}./.test(resource)) {
    throw new PolicyMisuse(`got the resource "${resource}", expected an ARN of six parts, or *`)
  }
  const principal = readPrincipal(flags.one('principal') ?? principalDefault, flags.one('role'))
  const account = flags.one('resource-account')
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new PolicyMisuse(`got --resource-account "${account}", expected 12 digits`)
  }
  const context = readContext(flags.all('context'), principal)
  const request = {
    principal,
    action,
    resource,
    context,
    ...(account === undefined ? {} : { resourceAccountId: account }),
  }
  orMisuse(() => checkRequest(principal, action, resource, account, context))
  return request
}

function needed(flags: Flags, name: string): string {
  const value = flags.one(name)
  if (value === undefined || value === '') throw new PolicyMisuse(`explain expects --${name}`)
  return value
}

async function readStack(flags: Flags, io: CommandIo): Promise<PolicyStack> {
  const read = <Kind extends PolicyKind>(name: string, kind: Kind): Promise<Policy<Kind>[]> =>
    Promise.all(flags.all(name).map((path) => readPolicy(path, kind, io)))
  const identity = await read('policy', 'identity')
  const session = await read('session', 'session')
  const scps = await read('scp', 'scp')
  const rcps = await read('rcp', 'rcp')
  const [boundary] = await read('boundary', 'boundary')
  const resourcePath = flags.one('resource-policy')
  const resource = resourcePath === undefined ? undefined : await readResourcePolicy(resourcePath, io)
  if ([...identity, ...session, ...scps, ...rcps].length === 0 && boundary === undefined && resource === undefined) {
    throw new PolicyMisuse('explain expects a policy: --policy FILE')
  }
  return {
    identity: identity.map(compiled),
    scps: scps.map((policy) => level(policy, 'FullAWSAccess')),
    rcps: rcps.map((policy) => level(policy, 'RCPFullAWSAccess')),
    ...(session.length === 0 ? {} : { session: session.map(compiled) }),
    ...(boundary === undefined ? {} : { boundary: compiled(boundary) }),
    ...(resource === undefined ? {} : { resource: compiled(resource) }),
  }
}

async function readResourcePolicy(path: string, io: CommandIo): Promise<Policy<'resource'> | Policy<'trust'>> {
  const policy = await readPolicy(path, undefined, io)
  if (isOfKind(policy, 'resource') || isOfKind(policy, 'trust')) return policy
  throw new PolicyMisuse(`${path} names no Principal, expected a resource or trust policy`)
}

function isOfKind<Kind extends PolicyKind>(policy: Policy, kind: Kind): policy is Policy<Kind> {
  return policy.kind === kind
}

function compiled<Kind extends PolicyKind>(policy: Policy<Kind>): CompiledPolicy<Kind> {
  return compilePolicy(policy, policy.id?.value)
}

/** A document that only denies stands beside the one that AWS attaches to every level; alone it would forbid all. */
function level<Kind extends 'scp' | 'rcp'>(policy: Policy<Kind>, name: string): readonly CompiledPolicy<Kind>[] {
  if (policy.statements.some((statement) => statement.effect === 'Allow')) return [compiled(policy)]
  const principal = policy.kind === 'rcp' ? '"Principal":"*",' : ''
  const full = parsePolicy(
    `{"Version":"2012-10-17","Statement":{"Effect":"Allow",${principal}"Action":"*","Resource":"*"}}`,
    policy.kind,
  )
  if (!full.ok) throw new TypeError(`${name} does not parse`)
  return [compilePolicy(full.policy, name), compiled(policy)]
}

function sarifOf(explanation: Explanation, request: Request): string {
  if (explanation.decision.effect === 'allow') return toSarif([], {})
  const matched = explanation.layers.flatMap((layer) => layer.statements)
  const results = explanation.obstacles.map((obstacle) => {
    const statement = matched.find(
      (candidate) => candidate.policyId === obstacle.policyId && candidate.statement === obstacle.statement,
    )
    return {
      ruleId: 'DENIED',
      level: 'warning' as const,
      text: [
        `${request.action} on ${request.resource} is denied: ${verdict(explanation.decision)}`,
        ...obstacle.changes.map((change) => change.text),
      ].join('; or '),
      file: obstacle.policyId ?? matched[0]?.policyId ?? '',
      line: statement?.line ?? 1,
      column: statement?.column ?? 1,
    }
  })
  return toSarif(results, { DENIED: 'The request is denied.' })
}
