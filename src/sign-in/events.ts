/** The sign-in's events, as aws-behaviour §6.4 and §6.5 show them. */

import type { AccountId } from '../core/account-id.ts'
import type { AuditEvent, AuditFields, AuditIdentity } from '../core/audit.ts'
import type { Principal } from '../core/caller.ts'
import type { WebRequest } from './web.ts'

type Outcome = 'Success' | 'Failure'

interface SignInFacts {
  readonly outcome: Outcome
  /** Whether the MFA step was reached and decided. */
  readonly mfaUsed: boolean
  readonly mfaSerial?: string
}

export function consoleLoginEvent(
  request: WebRequest,
  principal: Principal,
  facts: SignInFacts,
  now: number,
): AuditEvent {
  return {
    ...frame(request, principal.accountId, identityOf(principal, facts.outcome), 'ConsoleLogin', facts.outcome, now),
    ...(facts.outcome === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
    additionalEventData: {
      LoginTo: `${request.origin}/console/home`,
      MobileVersion: 'No',
      ...(facts.mfaSerial === undefined ? {} : { MFAIdentifier: facts.mfaSerial }),
      MFAUsed: facts.mfaUsed ? 'Yes' : 'No',
    },
  }
}

/** Recorded when the password was right and a code is asked for, before ConsoleLogin. */
export function checkMfaEvent(request: WebRequest, principal: Principal, now: number): AuditEvent {
  return {
    ...frame(request, principal.accountId, identityOf(principal, 'Failure'), 'CheckMfa', 'Success', now),
    additionalEventData: { MfaType: 'Virtual MFA' },
  }
}

/**
 * A name that is nobody's. `accountId` is empty for an unknown email: it belongs to no account's record, but is written like any
 * other, so that known and unknown names take the same time.
 */
export function unknownUserEvent(request: WebRequest, accountId: AccountId, now: number): AuditEvent {
  return {
    ...frame(request, accountId, { type: 'unknown-user', accountId }, 'ConsoleLogin', 'Failure', now),
    errorMessage: 'No username found in supplied account',
    additionalEventData: { LoginTo: `${request.origin}/console/home`, MobileVersion: 'No', MFAUsed: 'No' },
  }
}

function frame(
  request: WebRequest,
  accountId: AccountId,
  identity: AuditIdentity,
  eventName: string,
  outcome: Outcome,
  now: number,
) {
  const responseElements: AuditFields = { [eventName]: outcome }
  return {
    accountId,
    time: now,
    identity,
    eventSource: 'signin.amazonaws.com',
    eventName,
    eventType: 'AwsConsoleSignIn' as const,
    readOnly: false,
    sourceIpAddress: request.sourceIp,
    userAgent: request.userAgent,
    requestParameters: null,
    responseElements,
    ...(request.tls === undefined ? {} : { tls: request.tls }),
    host: request.host,
  }
}

/** A user's ARN is shown for a success only (§6.4); root's always. */
function identityOf(principal: Principal, outcome: Outcome): AuditIdentity {
  if (principal.kind === 'root') return { type: 'root', accountId: principal.accountId }
  const { accountId, id: userId, userName, arn } = principal
  return { type: 'user', accountId, userId, userName, ...(outcome === 'Success' ? { arn } : {}) }
}
