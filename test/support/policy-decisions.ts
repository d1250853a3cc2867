/** Callers, policies and one question for tests of decisions. */
import { compilePolicy } from '../../src/policy/compile/compile-policy.ts'
import { decide } from '../../src/policy/decide/decide.ts'
import { parsePolicy } from '../../src/policy/parse/parse-policy.ts'
import { buildContext } from '../../src/policy/request/build-context.ts'
import { parsePrincipal } from '../../src/policy/request/parse-principal.ts'
import type { Principal, Request } from '../../src/policy/request/types.ts'
import type { CompiledPolicy, PolicyKind, PolicyStack } from '../../src/policy/types.ts'

export const account = '123456789012'
export const bucket = 'arn:aws:s3:::bucket/key'

export const rootArn = `arn:aws:iam::${account}:root`
export const root = parsePrincipal(rootArn)
export const userArn = `arn:aws:iam::${account}:user/alice`
export const user = parsePrincipal(userArn)
export const roleArn = `arn:aws:iam::${account}:role/path/R`
export const sessionArn = `arn:aws:sts::${account}:assumed-role/R/S`
export const session = parsePrincipal(sessionArn, { roleArn })
export const anonymous = parsePrincipal('*')

export function compile<Kind extends PolicyKind>(
  kind: Kind,
  id: string,
  ...statements: object[]
): CompiledPolicy<Kind> {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings))
  return compilePolicy(parsed.policy, id)
}

export const everything = { Action: '*', Resource: '*' }
export const s3 = { Action: 's3:*', Resource: '*' }
export const allow = compile('identity', 'allow', { Effect: 'Allow', ...everything })
export const fullScp = compile('scp', 'full', { Effect: 'Allow', ...everything })
export const fullRcp = compile('rcp', 'full', { Effect: 'Allow', Principal: '*', ...everything })

export const bare: PolicyStack = { identity: [], scps: [], rcps: [] }

/** Effect and layer. */
export function outcome(stack: Partial<PolicyStack>, principal: Principal, request: Partial<Request> = {}): string {
  const decision = decide(
    { ...bare, ...stack },
    {
      principal,
      action: 's3:GetObject',
      resource: bucket,
      context: buildContext([]),
      ...request,
    },
  )
  return `${decision.effect} ${decision.layer}`
}
