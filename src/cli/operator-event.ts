import type { AccountId } from '../core/account-id.ts'
import type { AuditEvent } from '../core/audit.ts'

/** What the operator does to an account stands in its record, as what a service does. */
export const operatorEvent = (accountId: AccountId, eventName: string, userName: string, now: number): AuditEvent => ({
  accountId,
  time: now,
  identity: { type: 'operator', accountId },
  eventSource: 'iam.amazonaws.com',
  eventName,
  eventType: 'AwsApiCall',
  readOnly: false,
  sourceIpAddress: 'sallyport',
  userAgent: 'sallyport',
  requestParameters: { userName },
  responseElements: null,
  host: '',
})
