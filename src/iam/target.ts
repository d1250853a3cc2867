/** Whom an operation means: the user that it names, or else the caller. */

import { type Call, type Target, TargetChanged } from '../aws-api/operation.ts'
import { userArn } from '../core/arn.ts'
import type { Principal, UserPrincipal } from '../core/caller.ts'
import type { Tx } from '../storage/schema.ts'
import { findPrincipal, findUserByName, lockPrincipal, type PrincipalRecord } from './principals/find-principal.ts'

/** What CloudTrail calls root where a user name stands; no user can have this name, for its blanks. */
export const rootUserName = 'AWS ROOT USER'

export const userNameOf = (principal: Principal): string =>
  principal.kind === 'root' ? rootUserName : principal.userName

/** Whom a request names, and who that is. */
export interface NamedPrincipal {
  readonly name: string
  /** Undefined: the account has no user of the name. */
  readonly record: PrincipalRecord | undefined
}

/** The target of an operation on the user that is named, or else on the caller. */
export async function userTarget(
  { UserName }: { readonly UserName?: string | undefined },
  { caller, tx }: Pick<Call<Tx>, 'caller' | 'tx'>,
): Promise<Target<NamedPrincipal>> {
  const { accountId, id, arn } = caller.principal
  if (UserName === undefined) {
    const record = await findPrincipal(tx, accountId, id)
    return { found: { name: userNameOf(caller.principal), record }, resources: [record?.principal.arn ?? arn] }
  }
  const record = await findUserByName(tx, accountId, UserName)
  return { found: { name: UserName, record }, resources: [record?.principal.arn ?? userArn(accountId, '/', UserName)] }
}

type RefuseMissing = (code: 'NoSuchEntity', message: string) => never

/** Refuses with AWS's text when there is no such user. */
export const getTarget = ({ name, record }: NamedPrincipal, refuse: RefuseMissing): PrincipalRecord =>
  record ?? refuse('NoSuchEntity', `The user with name ${name} cannot be found.`)

/**
 * The same, with a row lock until the transaction ends, and as it is then: what gives a principal things, takes them away or counts
 * them holds it. Who was deleted meanwhile is not there, and gets nothing that would outlive it.
 */
export async function lockTarget(tx: Tx, named: NamedPrincipal, refuse: RefuseMissing): Promise<PrincipalRecord> {
  const { principal } = getTarget(named, refuse)
  const record = getTarget({ ...named, record: await lockPrincipal(tx, principal) }, refuse)
  if (record.principal.arn !== principal.arn) throw new TargetChanged()
  return record
}

/**
 * The target of an operation that is for users alone. Root that leaves the name out would mean itself, for which AWS takes the
 * credentials of AssumeRoot and no others (API reference, DeleteLoginProfile). The sentence is the one that AWS has for roles
 * that leave it out.
 */
export const getTargetUser = (
  { principal }: PrincipalRecord,
  refuse: (code: 'ValidationError', message: string) => never,
): UserPrincipal =>
  principal.kind === 'user'
    ? principal
    : refuse('ValidationError', 'Must specify userName when calling with non-User credentials')

/** The target of what is about the account as a whole, or about nothing that has an ARN. */
export const wholeAccount = async (): Promise<Target<undefined>> => ({ found: undefined, resources: ['*'] })
