/** What ends a request with an answer of AWS's form. */

/** Codes that any operation may refuse with, and their status (AWS's *Common Errors*; aws-behaviour §3.7). */
export const commonErrors = {
  AccessDenied: 403,
  ValidationError: 400,
  Throttling: 400,
  InvalidParameterValue: 400,
  InvalidClientTokenId: 403,
} as const

export type CommonErrorCode = keyof typeof commonErrors

/** A refusal on its way to the caller, who may read all of it. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  /** The message as the record may hold it, where the caller's own repeats something secret that the caller sent. */
  readonly recordedMessage: string
  /** For the operator's log alone. */
  readonly reason: string | undefined

  constructor(
    code: string,
    status: number,
    message: string,
    more: { recordedMessage?: string; reason?: string; cause?: unknown } = {},
  ) {
    super(message, 'cause' in more ? { cause: more.cause } : undefined)
    this.name = 'AwsError'
    this.code = code
    this.status = status
    this.recordedMessage = more.recordedMessage ?? message
    this.reason = more.reason
  }
}
