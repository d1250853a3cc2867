import type { AccountId } from './account-id.ts'
import type { Arn } from './arn.ts'

/** Who an AWS account's credentials belong to. `id` is the account id for root and `AIDA…` for an IAM user. */
export type Principal =
  | { readonly kind: 'root'; readonly accountId: AccountId; readonly id: AccountId; readonly arn: Arn }
  | UserPrincipal

export interface UserPrincipal {
  readonly kind: 'user'
  readonly accountId: AccountId
  readonly id: string
  readonly arn: Arn
  readonly userName: string
  readonly path: string
  /** Until policies can be attached, an administrator may do everything and others only what concerns themselves. */
  readonly administrator: boolean
}

/** The facts of a session, fixed when it began. Long-term access keys have none. */
export interface CallerSession {
  readonly id: string
  /** True for the console's own calls. */
  readonly console: boolean
  /** Milliseconds; when the session's credentials were issued. */
  readonly createdAt: number
  /** Milliseconds; when the person last proved every factor. */
  readonly authenticatedAt: number
  /** The device that was used at sign-in; absent: signed in without MFA. */
  readonly mfaSerial?: string
}

/** Who signs a request. */
export interface Caller {
  readonly principal: Principal
  readonly accessKeyId: string
  readonly session?: CallerSession
}

export const isMfaAuthenticated = (caller: Caller): boolean => caller.session?.mfaSerial !== undefined
