/** The store cannot take or give data now (disk full, connection lost, locked for too long). Nothing was changed. */
export class StorageUnavailable extends Error {
  readonly code = 'storage-unavailable'

  /** `reason` is for the operator's log. */
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'StorageUnavailable'
  }
}

/** What an operator did cannot work: wrong flag, port in use, missing key. Its message is the one sentence to print. */
export class OperatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OperatorError'
  }
}
