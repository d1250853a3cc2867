/** An event in CloudTrail's format (aws-behaviour: §6.1–6.6). */

import { rootArn } from '../core/arn.ts'
import type { AuditEvent, AuditFields, AuditIdentity } from '../core/audit.ts'
import type { Caller } from '../core/caller.ts'

/** What real records of 2026 carry. */
const eventVersion = '1.11'

/** CloudTrail's caps: 1 KB for each error text; user agents are ours to bound (security: V16.4.1). */
const errorTextMax = 1024
const userAgentMax = 1024

/** Global services and root's sign-in are recorded in this region only (§6.3, §6.6). */
const region = 'us-east-1'

/** `alias` is the account's, if it has one: root's identity shows it as its user name. */
export function toRecord(event: AuditEvent, eventId: string, alias: string | undefined): AuditFields {
  const console = event.identity.type === 'caller' && event.identity.caller.session?.console === true
  return {
    eventVersion,
    userIdentity: toUserIdentity(event.identity, alias),
    eventTime: toSeconds(event.time),
    eventSource: event.eventSource,
    eventName: event.eventName,
    awsRegion: region,
    sourceIPAddress: event.sourceIpAddress,
    userAgent: event.userAgent.slice(0, userAgentMax),
    ...(event.errorCode === undefined ? {} : { errorCode: event.errorCode.slice(0, errorTextMax) }),
    ...(event.errorMessage === undefined ? {} : { errorMessage: event.errorMessage.slice(0, errorTextMax) }),
    requestParameters: event.requestParameters,
    responseElements: event.responseElements,
    ...(event.additionalEventData === undefined ? {} : { additionalEventData: event.additionalEventData }),
    ...(event.requestId === undefined ? {} : { requestID: event.requestId }),
    eventID: eventId,
    readOnly: event.readOnly,
    eventType: event.eventType,
    managementEvent: true,
    recipientAccountId: event.accountId,
    eventCategory: 'Management',
    ...(event.tls === undefined
      ? {}
      : {
          tlsDetails: {
            tlsVersion: event.tls.version,
            cipherSuite: event.tls.cipherSuite,
            clientProvidedHostHeader: event.host,
          },
        }),
    ...(console ? { sessionCredentialFromConsole: 'true' } : {}),
  }
}

function toUserIdentity(identity: AuditIdentity, alias: string | undefined): AuditFields {
  const aliasName = alias === undefined ? {} : { userName: alias }
  switch (identity.type) {
    case 'caller':
      return callerIdentity(identity.caller, aliasName)
    case 'root': {
      const { accountId } = identity
      return { type: 'Root', principalId: accountId, arn: rootArn(accountId), accountId, accessKeyId: '', ...aliasName }
    }
    case 'user': {
      const { userId, arn, accountId, userName } = identity
      // A failed sign-in of a user has no arn (§6.4).
      return {
        type: 'IAMUser',
        principalId: userId,
        ...(arn === undefined ? {} : { arn }),
        accountId,
        accessKeyId: '',
        userName,
      }
    }
    case 'unknown-user':
      // People type passwords into the name field: what was typed is not kept.
      return {
        type: 'IAMUser',
        accountId: identity.accountId,
        accessKeyId: '',
        userName: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      }
    case 'operator':
      return { type: 'AWSService', invokedBy: 'sallyport' }
    default:
      return identity satisfies never
  }
}

function callerIdentity({ principal, accessKeyId, session }: Caller, aliasName: AuditFields): AuditFields {
  const { accountId, arn, id } = principal
  const common = { principalId: id, arn, accountId, accessKeyId }
  const context = session === undefined ? {} : { sessionContext: sessionContextOf(session) }
  return principal.kind === 'root'
    ? { type: 'Root', ...common, ...aliasName, ...context }
    : { type: 'IAMUser', ...common, userName: principal.userName, ...context }
}

const sessionContextOf = (session: NonNullable<Caller['session']>): AuditFields => ({
  sessionIssuer: {},
  webIdFederationData: {},
  attributes: {
    creationDate: toSeconds(session.createdAt),
    // A string, not a boolean (§6.2).
    mfaAuthenticated: session.mfaSerial === undefined ? 'false' : 'true',
  },
})

const toSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
