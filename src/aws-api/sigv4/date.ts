/** The two ways in which a request says when it was signed, and AWS's basic ISO 8601 form. */

/** `20150830T123600Z` to milliseconds, or undefined. */
export function parseAmzDate(text: string): number | undefined {
  if (!/^[0-9]{8}T[0-9]{6}Z$/.test(text)) return undefined
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(4, 6))
  const day = Number(text.slice(6, 8))
  const hour = Number(text.slice(9, 11))
  const minute = Number(text.slice(11, 13))
  const second = Number(text.slice(13, 15))
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** Milliseconds to `20150830T123600Z`. */
export const toAmzDate = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

const httpDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** A `Date` header, in HTTP's form (RFC 9110 §5.6.7) or AWS's, to AWS's; undefined for anything else. */
export function toAmzDateFromHeader(text: string): string | undefined {
  if (parseAmzDate(text) !== undefined) return text
  if (!httpDate.test(text)) return undefined
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : toAmzDate(milliseconds)
}
