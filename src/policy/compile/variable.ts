/**
 * Policy variables as they are written: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the character itself (IAM
 * user guide, "Variables and tags"). All that reads them does it here. A text is gone through once, whatever it holds.
 */

import { isVariableName } from '../request/key-name.ts'

export interface WrittenVariable {
  /** Of `$`. */
  readonly start: number
  /** Behind the brace. */
  readonly end: number
  /** As written, without the blanks around it. Undefined: the character stands for itself. */
  readonly name?: string
  readonly symbol?: string
  readonly fallback?: string
}

/** What begins at `start`, where a text has `${`. Undefined: no variable does. */
export function readVariable(text: string, start: number): WrittenVariable | undefined {
  const first = text.charAt(start + 2)
  if ((first === '*' || first === '?' || first === '$') && text.charAt(start + 3) === '}') {
    return { start, end: start + 4, symbol: first }
  }
  let at = start + 2
  while (at < text.length && !endsName(text.charCodeAt(at))) at++
  const name = text.slice(start + 2, at).trim()
  if (!isVariableName(name)) return undefined
  if (text.charAt(at) === '}') return { start, end: at + 1, name }
  if (text.charAt(at) !== ',') return undefined
  const open = skipBlanks(text, at + 1)
  const close = text.charAt(open) === "'" ? text.indexOf("'", open + 1) : -1
  const end = close < 0 ? -1 : skipBlanks(text, close + 1)
  if (end < 0 || text.charAt(end) !== '}') return undefined
  return { start, end: end + 1, name, fallback: text.slice(open + 1, close) }
}

/** `$`, `'`, `,`, `{`, `}`: no name holds them, so that the same text is not read for two variables. */
function endsName(code: number): boolean {
  return code === 0x24 || code === 0x27 || code === 0x2c || code === 0x7b || code === 0x7d
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++
  return at
}

/** All of a text, in order; the escapes are among them. */
export function findVariables(text: string): readonly WrittenVariable[] {
  const found: WrittenVariable[] = []
  for (let at = text.indexOf('${'); at >= 0; ) {
    const variable = readVariable(text, at)
    if (variable !== undefined) found.push(variable)
    at = text.indexOf('${', variable?.end ?? at + 2)
  }
  return found
}

/** The place of the first `${` that begins no variable, or -1. */
export function findBrokenVariable(text: string): number {
  for (let at = text.indexOf('${'); at >= 0; ) {
    const variable = readVariable(text, at)
    if (variable === undefined) return at
    at = text.indexOf('${', variable.end)
  }
  return -1
}

/** The text with each variable replaced, escapes too. */
export function replaceVariables(text: string, replace: (variable: WrittenVariable) => string): string {
  const pieces: string[] = []
  let from = 0
  for (const variable of findVariables(text)) {
    pieces.push(text.slice(from, variable.start), replace(variable))
    from = variable.end
  }
  return from === 0 ? text : pieces.join('') + text.slice(from)
}
