/** What a worked example of AWS's guides looks like here, and short words for the callers that they use. */
import type { CallerJson, NamedDocument, StackJson, StatementJson } from './reference.ts'
import type { ContextValue } from './reference-conditions.ts'

export type Effect = 'allow' | 'implicit-deny' | 'explicit-deny'

export interface Row {
  /** What the guide says, in a few words. */
  readonly says: string
  readonly action: string
  readonly resource?: string
  readonly context?: Readonly<Record<string, ContextValue>>
  /** Where the row's caller, resource owner or policies differ from the example's. */
  readonly principal?: CallerJson
  readonly resourceAccountId?: string
  readonly stack?: Partial<StackJson>
  readonly expected: Effect
}

export interface Example {
  /** Guide and page, as titled there. */
  readonly page: string
  readonly principal: CallerJson
  readonly resourceAccountId?: string
  readonly stack: Partial<StackJson>
  readonly rows: readonly Row[]
}

export const account = '123456789012'

export function user(name: string, accountId = account): CallerJson {
  return { text: `arn:aws:iam::${accountId}:user/${name}` }
}

export function roleSession(role: string, session: string, accountId = account, path = ''): CallerJson {
  return {
    text: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    roleArn: `arn:aws:iam::${accountId}:role/${path}${role}`,
  }
}

export function federatedUser(name: string, accountId = account): CallerJson {
  return { text: `arn:aws:sts::${accountId}:federated-user/${name}` }
}

export function rootUser(accountId = account): CallerJson {
  return { text: `arn:aws:iam::${accountId}:root` }
}

/** A service, or the provider of a web identity. */
export function named(text: string): CallerJson {
  return { text }
}

export const anonymous: CallerJson = { text: '*' }

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
