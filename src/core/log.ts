/** The operator's structured log. Fields are an allow-list by construction: only what a call site names is written. */
export interface Log {
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export type LogFields = { readonly [name: string]: string | number | boolean | undefined }
