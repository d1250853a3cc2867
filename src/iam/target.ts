/** Whom an operation means: the user that it names, or else the caller. */

import { userArn } from '../core/arn.ts'
import type { Caller, Principal, UserPrincipal } from '../core/caller.ts'
import type { Tx } from '../storage/schema.ts'
import { findPrincipal, findUserByName, lockPrincipal, type PrincipalRecord } from './principals/find-principal.ts'

/** What CloudTrail calls root where a user name stands; no user can have this name, for its blanks. */
export const rootUserName = 'AWS ROOT USER'

export const userNameOf = (principal: Principal): string =>
  principal.kind === 'root' ? rootUserName : principal.userName

/** The resource for authorisation: the caller's own ARN when it names itself or nobody. */
export function targetArn(userName: string | undefined, caller: Caller): string {
  const { principal } = caller
  if (userName === undefined) return principal.arn
  if (principal.kind === 'user' && principal.userName.toLowerCase() === userName.toLowerCase()) return principal.arn
  return userArn(principal.accountId, '/', userName)
}

/** Refuses with AWS's text when there is no such user. */
export async function getTarget(
  tx: Tx,
  caller: Caller,
  userName: string | undefined,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): Promise<PrincipalRecord> {
  const { accountId, id } = caller.principal
  const found =
    userName === undefined ? await findPrincipal(tx, accountId, id) : await findUserByName(tx, accountId, userName)
  return found ?? refuseMissing(caller, userName, refuse)
}

/**
 * The same, with a row lock until the transaction ends: what gives a principal things, takes them away or counts them holds it. Who
 * was deleted while the lock was waited for is not there, and gets nothing that would outlive it.
 */
export async function lockTarget(
  tx: Tx,
  caller: Caller,
  userName: string | undefined,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): Promise<PrincipalRecord> {
  const target = await getTarget(tx, caller, userName, refuse)
  return (await lockPrincipal(tx, target.principal)) ? target : refuseMissing(caller, userName, refuse)
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

const refuseMissing = (
  caller: Caller,
  userName: string | undefined,
  refuse: (code: 'NoSuchEntity', message: string) => never,
): never => refuse('NoSuchEntity', `The user with name ${userName ?? userNameOf(caller.principal)} cannot be found.`)
