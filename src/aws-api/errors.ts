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

  constructor(code: string, status: number, message: string, recordedMessage = message) {
    super(message)
    this.name = 'AwsError'
    this.code = code
    this.status = status
    this.recordedMessage = recordedMessage
  }
}
