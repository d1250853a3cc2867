/** Why a request did not succeed, in the server's own words: title and message are shown as they are. */
export type Refusal = {
  status: number // 0: no answer came
  code: string
  title: string
  message: string
  retryAfterSeconds: number
  body: Readonly<Record<string, unknown>>
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal }

export const unreachable: Refusal = {
  status: 0,
  code: 'Unreachable',
  title: 'Sallyport cannot be reached',
  message: 'Check that the server is running and that you are connected to it, then try again.',
  retryAfterSeconds: 0,
  body: {},
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const toText = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise

const toSeconds = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.ceil(value) : 0

/** Reads `{ error: { code, title, message, retryAfterSeconds } }`; anything else becomes a plain sentence with the status. */
export function toRefusal(status: number, body: unknown): Refusal {
  const record = isRecord(body) ? body : {}
  const error = isRecord(record['error']) ? record['error'] : {}
  return {
    status,
    code: toText(error['code'], 'UnexpectedAnswer'),
    title: toText(error['title'], 'Something went wrong'),
    message: toText(error['message'], `The server answered with status ${status}. Try again in a moment.`),
    retryAfterSeconds: toSeconds(error['retryAfterSeconds']),
    body: record,
  }
}
