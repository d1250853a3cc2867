/**
 * The reference evaluator, lower half: wildcards, policy variables and condition operators.
 *
 * Written from the text of AWS's IAM User Guide, pages "Condition operators", "Set operators for multivalued context
 * keys", "Variables and tags" and "Resource", and from nothing else: no index, no compiling, no sharing with the engine
 * that it judges. It is meant to be read beside the guide.
 */

export type ContextValue = string | readonly string[]
export type Lookup = (lowerCaseKey: string) => ContextValue | undefined

/** A pattern, character by character: a literal, `*` or `?`. */
export type Token = string | typeof anyRun | typeof anyOne
const anyRun = Symbol('*')
const anyOne = Symbol('?')

/** `*` is any run of characters, the empty one too, `?` exactly one. */
export function glob(pattern: readonly Token[], text: string, at = 0, from = 0): boolean {
  const token = pattern[at]
  if (token === undefined) return from === text.length
  if (token === anyRun) {
    for (let rest = from; rest <= text.length; rest++) if (glob(pattern, text, at + 1, rest)) return true
    return false
  }
  if (from >= text.length) return false
  return (token === anyOne || token === text[from]) && glob(pattern, text, at + 1, from + 1)
}

/** A text whose wildcards count and which has no variables: action names. */
export function wildcards(text: string): Token[] {
  return [...text].map((character) => (character === '*' ? anyRun : character === '?' ? anyOne : character))
}

/**
 * The text with its variables put in. What a variable stands for is literal, also where it has a `*` or `?`.
 * `${*}`, `${?}` and `${$}` stand for the bare character. Version 2008-10-17 has no variables: there `${` is just text.
 * Undefined: a variable has no value in the request and no default; multivalued keys cannot be variables.
 */
export function resolve(text: string, version: string, lookup: Lookup): Token[] | undefined {
  if (version !== '2012-10-17') return wildcards(text)
  const tokens: Token[] = []
  let rest = text
  for (;;) {
    const variable = /\$\{([^}]*)\}/.exec(rest)
    if (variable === null) return [...tokens, ...wildcards(rest)]
    tokens.push(...wildcards(rest.slice(0, variable.index)))
    rest = rest.slice(variable.index + variable[0].length)
    const inside = variable[1] ?? ''
    if (inside === '*' || inside === '?' || inside === '$') {
      tokens.push(inside)
      continue
    }
    const withDefault = /^([^,]*), ?'([^']*)'$/.exec(inside)
    const found = lookup((withDefault?.[1] ?? inside).trim().toLowerCase())
    const value = typeof found === 'string' ? found : withDefault?.[2]
    if (value === undefined) return undefined
    tokens.push(...value)
  }
}

/** The six parts of an ARN; the sixth keeps its colons. Undefined: not an ARN. */
export function arnParts(text: string): string[] | undefined {
  const parts = text.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/**
 * "Each of the six colon-delimited components of the ARN is checked separately." An ARN "that includes a policy variable
 * with no value will not match any resource".
 */
export function arnMatches(pattern: string, arn: string, version: string, lookup: Lookup): boolean {
  const patterns = arnParts(pattern)
  const parts = arnParts(arn)
  if (patterns === undefined || parts === undefined) return false
  return patterns.every((part, index) => {
    const tokens = resolve(part, version, lookup)
    return tokens !== undefined && glob(tokens, parts[index] ?? '')
  })
}

// ------------------------------------------------------------------------------------------------------------ values

function toNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** Seconds since 1970: epoch time as it stands, or one of the W3C's forms of ISO 8601. */
function toSeconds(text: string): number | undefined {
  if (/^\d{5,}$/.test(text)) return Number(text) // four digits are a year
  if (!/^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text)) return undefined
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
}

interface Address {
  readonly bits: 32 | 128
  readonly number: bigint
}

function toAddress(text: string): Address | undefined {
  if (/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) {
    const bytes = text.split('.').map(Number)
    if (bytes.some((byte) => byte > 255)) return undefined
    return { bits: 32, number: bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) }
  }
  const halves = text.split('::')
  if (!/^[0-9a-fA-F:]+$/.test(text) || halves.length > 2) return undefined
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], tail = []] = groups
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return { bits: 128, number: all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) }
}

/** "If you specify an IP address without the associated routing prefix, IAM uses the default prefix value of /32." */
function inRange(range: string, text: string): boolean {
  const [network = '', length] = range.split('/')
  const base = toAddress(network)
  const address = toAddress(text)
  if (base === undefined || address === undefined || base.bits !== address.bits) return false
  const prefix = length === undefined ? base.bits : Number(length)
  const hostBits = BigInt(base.bits - prefix)
  return base.number >> hostBits === address.number >> hostBits
}

// --------------------------------------------------------------------------------------------------------- operators

/**
 * Does one value of the request match one value of the policy? Where a variable has no value "the value is effectively
 * null": nothing is equal to it or like it, and so the inverted operators "do match against a null value".
 */
type Test = (actual: string, expected: string, version: string, lookup: Lookup) => boolean

/** String operators other than Like take variables but no wildcards. */
function stringEquals(sameCase: boolean): Test {
  const fold = (text: string) => (sameCase ? text : text.toLowerCase())
  return (actual, expected, version, lookup) => {
    const tokens = resolve(expected, version, lookup)
    if (tokens === undefined) return false
    const text = tokens.map((token) => (token === anyRun ? '*' : token === anyOne ? '?' : String(token))).join('')
    return fold(text) === fold(actual)
  }
}

const stringLike: Test = (actual, expected, version, lookup) => {
  const tokens = resolve(expected, version, lookup)
  return tokens !== undefined && glob(tokens, actual)
}

function ordered(read: (text: string) => number | undefined, holds: (a: number, b: number) => boolean): Test {
  return (actual, expected) => {
    const left = read(actual)
    const right = read(expected)
    return left !== undefined && right !== undefined && holds(left, right)
  }
}

const arnLike: Test = (actual, expected, version, lookup) => arnMatches(expected, actual, version, lookup)

const positive: Readonly<Record<string, Test>> = {
  StringEquals: stringEquals(true),
  StringEqualsIgnoreCase: stringEquals(false),
  StringLike: stringLike,
  NumericEquals: ordered(toNumber, (a, b) => a === b),
  NumericLessThan: ordered(toNumber, (a, b) => a < b),
  NumericLessThanEquals: ordered(toNumber, (a, b) => a <= b),
  NumericGreaterThan: ordered(toNumber, (a, b) => a > b),
  NumericGreaterThanEquals: ordered(toNumber, (a, b) => a >= b),
  DateEquals: ordered(toSeconds, (a, b) => a === b),
  DateLessThan: ordered(toSeconds, (a, b) => a < b),
  DateLessThanEquals: ordered(toSeconds, (a, b) => a <= b),
  DateGreaterThan: ordered(toSeconds, (a, b) => a > b),
  DateGreaterThanEquals: ordered(toSeconds, (a, b) => a >= b),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  BinaryEquals: (actual, expected) => Buffer.from(actual, 'base64').equals(Buffer.from(expected, 'base64')),
  IpAddress: (actual, expected) => inRange(expected, actual),
  ArnEquals: arnLike,
  ArnLike: arnLike,
}

const negatedOf: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
}

/** One operator with one key: `values` of the policy are alternatives (for a negated operator: none may match). */
export function conditionHolds(
  operator: string,
  key: string,
  values: readonly string[],
  version: string,
  lookup: Lookup,
): boolean {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const value = lookup(key.toLowerCase())
  const actuals = value === undefined ? [] : typeof value === 'string' ? [value] : value
  const missing = actuals.length === 0
  // "True: the key doesn't exist, it is null. False: the key exists and its value is not null."
  if (base === 'Null') return values.some((wanted) => (wanted.toLowerCase() === 'true') === missing)

  const negated = negatedOf[base] !== undefined
  const test = positive[negatedOf[base] ?? base]
  if (test === undefined) throw new Error(`the guide has no operator ${operator}`)
  if (missing && ifExists) return true // "If the key is not present, evaluate the condition element as true."
  // ForAllValues "also returns true if there are no context keys in the request"; ForAnyValue returns false.
  if (missing && set !== undefined) return set === 'ForAllValues'
  if (missing) return negated // "If the condition requires that the key is not matched, the condition is true."

  const results = actuals.map((actual) => values.some((wanted) => test(actual, wanted, version, lookup)) !== negated)
  // Without a set operator a key should have one value; where it has more, a positive operator takes any of them.
  return set === 'ForAllValues' || (set === undefined && negated) ? !results.includes(false) : results.includes(true)
}
