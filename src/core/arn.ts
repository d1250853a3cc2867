import type { AccountId } from './account-id.ts'

/** ARNs of the things that Sallyport keeps, partition `aws` (aws-behaviour: §1.12, §3.4). */
export type Arn = string & { readonly brand: 'Arn' }

export const rootArn = (accountId: AccountId): Arn => `arn:aws:iam::${accountId}:root` as Arn

/** `path` begins and ends with `/`. */
export const userArn = (accountId: AccountId, path: string, userName: string): Arn =>
  `arn:aws:iam::${accountId}:user${path}${userName}` as Arn

export const virtualMfaArn = (accountId: AccountId, path: string, name: string): Arn =>
  `arn:aws:iam::${accountId}:mfa${path}${name}` as Arn

/** The serial of root's first virtual device, whatever its name: auditors' scripts look for it. */
export const rootVirtualMfaArn = (accountId: AccountId): Arn => virtualMfaArn(accountId, '/', 'root-account-mfa-device')
