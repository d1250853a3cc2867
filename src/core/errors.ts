/** The store cannot take or give data now (disk full, connection lost, locked for too long). */
export class StorageUnavailable extends Error {
  readonly code = 'storage-unavailable'
  /** The connection broke between a commit and its answer. In all other cases nothing was changed. */
  readonly outcomeUnknown: boolean

  /** `reason` is for the operator's log. */
  constructor(reason: string, options: ErrorOptions & { readonly outcomeUnknown?: boolean } = {}) {
    super(reason, options)
    this.name = 'StorageUnavailable'
    this.outcomeUnknown = options.outcomeUnknown === true
  }
}

/** What an operator did cannot work: wrong flag, port in use, missing key. Its message is the one sentence to print. */
export class OperatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OperatorError'
  }
}
