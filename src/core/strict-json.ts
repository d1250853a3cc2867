/**
 * Strict JSON (RFC 8259) that keeps the place of every value. `JSON.parse` will not do where something is decided by a document: it
 * keeps the last of two equal keys, so that what a reviewer reads and what is decided may differ, and it has no positions.
 *
 * Refused beyond RFC 8259's grammar: duplicate keys, lone surrogates (raw or escaped), a byte order mark, nesting deeper
 * than `depthMax`, more values than `valuesMax`, a key or a value longer than `charactersMax`.
 */

/** Lines and columns count from 1 (columns in UTF-16 units, as editors do). */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A string of the document and where it stands. */
export interface Text extends Position {
  readonly value: string
}

export type JsonNode = JsonText | JsonScalar | JsonArray | JsonObject

export interface JsonText extends Text {
  readonly kind: 'string'
}

/** `value` is the literal as written: `true`, `1e3`. */
export interface JsonScalar extends Text {
  readonly kind: 'number' | 'boolean' | 'null'
}

export interface JsonArray extends Position {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}

export interface JsonMember {
  readonly key: JsonText
  readonly value: JsonNode
}

export interface JsonObject extends Position {
  readonly kind: 'object'
  readonly members: readonly JsonMember[]
}

export interface JsonFailure extends Position {
  readonly code: 'JSON_SYNTAX' | 'JSON_DUPLICATE_KEY' | 'JSON_TOO_DEEP' | 'JSON_TOO_MANY_VALUES' | 'JSON_TOO_LONG'
  readonly detail: string
}

export type JsonResult =
  | { readonly ok: true; readonly value: JsonNode }
  | { readonly ok: false; readonly failure: JsonFailure }

/** A policy nests six levels at most; 32 leaves room and keeps the recursion far from the stack's end. */
const depthMax = 32

/** The largest document (131,072 characters) of AWS's own managed policies holds about 4,000 values. */
const valuesMax = 20_000

/**
 * The largest document that a customer can store in IAM (the inline policies of a role together, IAM user guide, "IAM and AWS STS
 * quotas") and in Organizations (an SCP): so no pattern of a policy is longer, and what matching may cost is bounded.
 */
const charactersMax = 10_240

interface Cursor {
  readonly text: string
  at: number
  line: number
  /** Index of the first character of the current line. */
  lineStart: number
  values: number
}

class Stop extends Error {
  readonly failure: JsonFailure

  constructor(failure: JsonFailure) {
    super(failure.detail)
    this.failure = failure
  }
}

export function parseJson(text: string): JsonResult {
  const cursor: Cursor = { text, at: 0, line: 1, lineStart: 0, values: 0 }
  try {
    skipSpace(cursor)
    const value = parseValue(cursor, 1)
    skipSpace(cursor)
    if (cursor.at < text.length) throw unexpected(cursor, 'the end')
    return { ok: true, value }
  } catch (error) {
    if (error instanceof Stop) return { ok: false, failure: error.failure }
    throw error
  }
}

function parseValue(cursor: Cursor, depth: number): JsonNode {
  if (++cursor.values > valuesMax) {
    throw stop(cursor, 'JSON_TOO_MANY_VALUES', `got more than ${valuesMax} values`)
  }
  const code = cursor.text.charCodeAt(cursor.at)
  if (code === 0x22) return parseString(cursor)
  if (code === 0x7b) return parseObject(cursor, depth)
  if (code === 0x5b) return parseArray(cursor, depth)
  if (code === 0x2d || isDigit(code)) return parseNumber(cursor)
  return parseWord(cursor)
}

function parseObject(cursor: Cursor, depth: number): JsonObject {
  const { line, column } = enter(cursor, depth)
  const members: JsonMember[] = []
  const seen = new Set<string>()
  cursor.at++
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) === 0x7d) {
    cursor.at++
    return { kind: 'object', members, line, column }
  }
  for (;;) {
    if (cursor.text.charCodeAt(cursor.at) !== 0x22) throw unexpected(cursor, 'a key in quotes')
    const key = parseString(cursor)
    if (seen.has(key.value)) {
      const detail = `got the key ${JSON.stringify(key.value)} a second time`
      throw new Stop({ code: 'JSON_DUPLICATE_KEY', detail, line: key.line, column: key.column })
    }
    seen.add(key.value)
    skipSpace(cursor)
    expect(cursor, 0x3a, "':'")
    skipSpace(cursor)
    members.push({ key, value: parseValue(cursor, depth + 1) })
    skipSpace(cursor)
    if (cursor.text.charCodeAt(cursor.at) === 0x7d) break
    expect(cursor, 0x2c, "',' or '}'")
    skipSpace(cursor)
  }
  cursor.at++
  return { kind: 'object', members, line, column }
}

function parseArray(cursor: Cursor, depth: number): JsonArray {
  const { line, column } = enter(cursor, depth)
  const items: JsonNode[] = []
  cursor.at++
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) === 0x5d) {
    cursor.at++
    return { kind: 'array', items, line, column }
  }
  for (;;) {
    items.push(parseValue(cursor, depth + 1))
    skipSpace(cursor)
    if (cursor.text.charCodeAt(cursor.at) === 0x5d) break
    expect(cursor, 0x2c, "',' or ']'")
    skipSpace(cursor)
  }
  cursor.at++
  return { kind: 'array', items, line, column }
}

function parseString(cursor: Cursor): JsonText {
  const { text } = cursor
  const { line, column } = here(cursor)
  let from = ++cursor.at
  let value = ''
  for (;;) {
    const code = text.charCodeAt(cursor.at)
    if (code === 0x22) break
    if (Number.isNaN(code)) throw unexpected(cursor, "'\"'")
    if (code < 0x20) throw unexpected(cursor, 'an escaped control character')
    if (code === 0x5c) {
      value += text.slice(from, cursor.at) + parseEscape(cursor)
      from = cursor.at
    } else {
      cursor.at++
    }
  }
  value += text.slice(from, cursor.at)
  cursor.at++
  checkLength(value, line, column)
  if (loneSurrogate.test(value)) {
    throw new Stop({ code: 'JSON_SYNTAX', detail: 'got half of a surrogate pair in a string', line, column })
  }
  return { kind: 'string', value, line, column }
}

function checkLength({ length }: string, line: number, column: number): void {
  if (length <= charactersMax) return
  const detail = `got ${length} characters in one value, expected at most ${charactersMax}`
  throw new Stop({ code: 'JSON_TOO_LONG', detail, line, column })
}

/** With the `u` flag a whole pair is one character, so this meets only halves. */
const loneSurrogate = /\p{Surrogate}/u

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function parseEscape(cursor: Cursor): string {
  cursor.at++
  const letter = cursor.text.charAt(cursor.at)
  if (letter === 'u') {
    const digits = cursor.text.slice(cursor.at + 1, cursor.at + 5)
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw unexpected(cursor, 'four hexadecimal digits after \\u')
    cursor.at += 5
    return String.fromCharCode(Number.parseInt(digits, 16))
  }
  const escaped = shortEscapes.get(letter)
  if (escaped === undefined) throw unexpected(cursor, 'an escape that JSON has')
  cursor.at++
  return escaped
}

function parseNumber(cursor: Cursor): JsonScalar {
  const { line, column } = here(cursor)
  const from = cursor.at
  if (cursor.text.charCodeAt(cursor.at) === 0x2d) cursor.at++
  if (cursor.text.charCodeAt(cursor.at) === 0x30) cursor.at++
  else skipDigits(cursor)
  if (cursor.text.charCodeAt(cursor.at) === 0x2e) {
    cursor.at++
    skipDigits(cursor)
  }
  if ((cursor.text.charCodeAt(cursor.at) | 0x20) === 0x65) {
    cursor.at++
    const sign = cursor.text.charCodeAt(cursor.at)
    if (sign === 0x2b || sign === 0x2d) cursor.at++
    skipDigits(cursor)
  }
  const value = cursor.text.slice(from, cursor.at)
  checkLength(value, line, column)
  return { kind: 'number', value, line, column }
}

function parseWord(cursor: Cursor): JsonScalar {
  const { line, column } = here(cursor)
  for (const word of ['true', 'false', 'null']) {
    if (cursor.text.startsWith(word, cursor.at)) {
      cursor.at += word.length
      return { kind: word === 'null' ? 'null' : 'boolean', value: word, line, column }
    }
  }
  throw unexpected(cursor, 'a value')
}

function skipDigits(cursor: Cursor): void {
  if (!isDigit(cursor.text.charCodeAt(cursor.at))) throw unexpected(cursor, 'a digit')
  while (isDigit(cursor.text.charCodeAt(cursor.at))) cursor.at++
}

/** Line breaks can stand only between values, so counting them here is enough. */
function skipSpace(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at)
    if (code === 0x0a || code === 0x0d) {
      cursor.at++
      if (code === 0x0d && cursor.text.charCodeAt(cursor.at) === 0x0a) cursor.at++
      cursor.line++
      cursor.lineStart = cursor.at
    } else if (code === 0x20 || code === 0x09) {
      cursor.at++
    } else {
      return
    }
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function here(cursor: Cursor): Position {
  return { line: cursor.line, column: cursor.at - cursor.lineStart + 1 }
}

function enter(cursor: Cursor, depth: number): Position {
  if (depth > depthMax) throw stop(cursor, 'JSON_TOO_DEEP', `got more than ${depthMax} levels`)
  return here(cursor)
}

function expect(cursor: Cursor, code: number, name: string): void {
  if (cursor.text.charCodeAt(cursor.at) !== code) throw unexpected(cursor, name)
  cursor.at++
}

function unexpected(cursor: Cursor, expected: string): Stop {
  const codePoint = cursor.text.codePointAt(cursor.at)
  const got = codePoint === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(codePoint))
  return stop(cursor, 'JSON_SYNTAX', `got ${got}, expected ${expected}`)
}

function stop(cursor: Cursor, code: JsonFailure['code'], detail: string): Stop {
  return new Stop({ code, detail, ...here(cursor) })
}
