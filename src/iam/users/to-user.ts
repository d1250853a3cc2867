import type { Output } from '../../aws-api/operation.ts'
import type { PrincipalRecord } from '../principals/find-principal.ts'

type User = Output<'iam', 'GetUser'>['User']

/** A row as IAM shows it. Root's has neither Path nor UserName, and its UserId is the account's id (aws-behaviour: §1.9). */
export function toUser({ principal, passwordLastUsedAt, createdAt }: PrincipalRecord): User {
  const names = principal.kind === 'user' ? { Path: principal.path, UserName: principal.userName } : {}
  const lastUsed = passwordLastUsedAt === null ? {} : { PasswordLastUsed: passwordLastUsedAt }
  return { ...names, UserId: principal.id, Arn: principal.arn, CreateDate: createdAt, ...lastUsed }
}
