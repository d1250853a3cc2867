/** Policy variables in a text, as they are written. */

export interface WrittenVariable {
  /** All between the braces. */
  readonly content: string
  /** Of the `$`. */
  readonly from: number
  /** Behind the closing brace. */
  readonly to: number
}

/** In one pass: a text may hold thousands of `${` that no brace closes. */
export function* variablesIn(text: string): Generator<WrittenVariable> {
  let close = -1
  let from = text.indexOf('${')
  while (from >= 0) {
    if (close < from) close = text.indexOf('}', from)
    if (close < 0) return
    const next = text.indexOf('${', from + 2)
    if (next < 0 || next > close) {
      const content = text.slice(from + 2, close)
      if (!content.includes('{')) yield { content, from, to: close + 1 }
    }
    from = next
  }
}

/** The names of the policy variables in `text`, in order: `${aws:username, 'x'}` gives `aws:username`. */
export function variablesOf(text: string): string[] {
  const names: string[] = []
  for (const { content } of variablesIn(text)) {
    const name = (content.split(',')[0] ?? '').trim()
    if (name !== '' && name !== '*' && name !== '?' && name !== '$') names.push(name)
  }
  return names
}
