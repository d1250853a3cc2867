/** What a worked example of AWS's guides looks like here, and short words for the callers that they use. */
import type { Principal } from '../../src/policy/types.ts'
import type { NamedDocument, StackJson, StatementJson } from './reference.ts'
import type { ContextValue } from './reference-conditions.ts'

export type Effect = 'allow' | 'implicit-deny' | 'explicit-deny'

export interface Row {
  /** What the guide says, in a few words. */
  readonly says: string
  readonly action: string
  readonly resource?: string
  readonly context?: Readonly<Record<string, ContextValue>>
  /** Where the row's caller, resource owner or policies differ from the example's. */
  readonly principal?: Principal
  readonly resourceAccountId?: string
  readonly stack?: Partial<StackJson>
  readonly expected: Effect
}

export interface Example {
  /** Guide and page, as titled there. */
  readonly page: string
  readonly principal: Principal
  readonly resourceAccountId?: string
  readonly stack: Partial<StackJson>
  readonly rows: readonly Row[]
}

export const account = '123456789012'

export function user(name: string, accountId = account): Principal {
  return { kind: 'user', arn: `arn:aws:iam::${accountId}:user/${name}`, accountId }
}

export function roleSession(role: string, session: string, accountId = account): Principal {
  return {
    kind: 'role-session',
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    accountId,
    roleArn: `arn:aws:iam::${accountId}:role/${role}`,
  }
}

export function federatedUser(name: string, accountId = account): Principal {
  return { kind: 'federated-user', arn: `arn:aws:sts::${accountId}:federated-user/${name}`, accountId }
}

export function rootUser(accountId = account): Principal {
  return { kind: 'root', arn: `arn:aws:iam::${accountId}:root`, accountId }
}

export function service(name: string): Principal {
  return { kind: 'service', arn: name }
}

export const anonymous: Principal = { kind: 'anonymous', arn: '' }

export function policy(id: string, ...statements: StatementJson[]): NamedDocument {
  return { id, document: { Version: '2012-10-17', Statement: statements } }
}

export function bucketPolicy(...statements: StatementJson[]): NonNullable<StackJson['resource']> {
  return { kind: 'resource', ...policy('bucket-policy', ...statements) }
}

export function trustPolicy(...statements: StatementJson[]): NonNullable<StackJson['resource']> {
  return { kind: 'trust', ...policy('trust-policy', ...statements) }
}

export const allowAll = policy('AdministratorAccess', { Effect: 'Allow', Action: '*', Resource: '*' })
export const fullAwsAccess = policy('FullAWSAccess', { Effect: 'Allow', Action: '*', Resource: '*' })
export const rcpFullAwsAccess = policy('RCPFullAWSAccess', {
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
})
