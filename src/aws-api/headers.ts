/**
 * The header fields of one request by lower-case name. A field that came twice is joined as RFC 9110 §5.3 and SigV4 do, and
 * remembered: whoever reads a field that decides something refuses a repeated one.
 *
 * Values are as node:http gives them: one character for each byte received.
 */
export interface Headers {
  readonly values: ReadonlyMap<string, string>
  /** Names that came more than once. */
  readonly repeated: readonly string[]
}

const none: readonly string[] = []

export function readHeaders(pairs: readonly (readonly [string, string])[]): Headers {
  const values = new Map<string, string>()
  let repeated: string[] | undefined
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    const before = values.get(lower)
    if (before === undefined) values.set(lower, value)
    else {
      values.set(lower, `${before},${value}`)
      repeated ??= []
      repeated.push(lower)
    }
  }
  return { values, repeated: repeated ?? none }
}
