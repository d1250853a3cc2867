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
 * Keys that the guide declares as multivalued, of those that are generated. Whatever a request carries for one of them is a
 * set, and so is every list.
 */
const declaredMultivalued = ['aws:tagkeys', 'aws:calledvia']

export function isMultivalued(lowerCaseKey: string, value: ContextValue | undefined): boolean {
  return declaredMultivalued.includes(lowerCaseKey) || (value !== undefined && typeof value !== 'string')
}

/**
 * The text with its variables put in. What a variable stands for is literal, also where it has a `*` or `?`.
 * `${*}`, `${?}` and `${$}` stand for the bare character. Version 2008-10-17 has no variables: there `${` is just text.
 * Undefined: a variable has no value in the request and no default; "you can't use a multivalued context key as a policy
 * variable", with a default neither.
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
    const key = (withDefault?.[1] ?? inside).trim().toLowerCase()
    const found = lookup(key)
    if (isMultivalued(key, found)) return undefined
    const value = typeof found === 'string' ? found : withDefault?.[2]
    if (value === undefined) return undefined
    tokens.push(...value)
  }
}

/** The six parts of an ARN; the sixth keeps its colons. Undefined: not an ARN. */
export function arnParts(text: string): string[] | undefined {
  // A colon inside a variable's name divides nothing.
  const parts = text.split(/:(?![^$]*\})/)
  return parts.length < 6 || parts[0] !== 'arn' ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/** "Each of the six colon-delimited components of the ARN is checked separately." */
export function arnMatches(pattern: string, arn: string, version: string, lookup: Lookup): boolean {
  const patterns = arnParts(pattern)
  const parts = arnParts(arn)
  if (patterns === undefined || parts === undefined) return false
  return patterns.every((part, index) => {
    const tokens = resolve(part, version, lookup)
    return tokens !== undefined && glob(tokens, parts[index] ?? '')
  })
}

/** "AWS automatically completes the ARN by adding wildcard characters (*) to all missing fields." */
function completed(pattern: string): string {
  return arnParts(pattern) === undefined ? completed(`${pattern}:*`) : pattern
}

/**
 * Resource: "You can use wildcard characters (* and ?) within the individual segments of an ARN (the parts separated by
 * colons) […] If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon
 * boundaries." The sixth segment is everything behind the fifth colon. Told here by a regular expression: the engine has
 * none. An ARN "that includes a policy variable with no value will not match any resource".
 */
export function resourceMatches(pattern: string, arn: string, version: string, lookup: Lookup): boolean {
  if (pattern === '*') return true
  if (arnParts(arn) === undefined) return false
  return [pattern, completed(pattern)].some((form) => {
    const segments = form.split(/:(?![^$]*\})/)
    const parts = segments.length > 6 ? [...segments.slice(0, 5), segments.slice(5).join(':')] : segments
    const expressions = parts.map((part, index) => segmentExpression(part, index === 5, version, lookup))
    return !expressions.includes(undefined) && new RegExp(`^${expressions.join(':')}$`, 's').test(arn)
  })
}

function segmentExpression(segment: string, isLast: boolean, version: string, lookup: Lookup): string | undefined {
  const tokens = resolve(segment, version, lookup)
  // What a variable stands for cannot bring a colon into the first five segments.
  if (tokens === undefined || (!isLast && tokens.includes(':'))) return undefined
  const within = isLast ? '.' : '[^:]'
  return tokens
    .map((token, index) => {
      if (token === anyOne) return within
      if (token === anyRun) return index === tokens.length - 1 ? '.*' : `${within}*`
      return String(token).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    })
    .join('')
}

/** Resource, but part by part and completed: what both pages of the guide agree to be listed. */
export function surelyListed(pattern: string, arn: string, version: string, lookup: Lookup): boolean {
  return pattern === '*' || arnMatches(completed(pattern), arn, version, lookup)
}

// ------------------------------------------------------------------------------------------------------------ values

function toNumber(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
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

/**
 * "If you specify an IP address without the associated routing prefix, IAM uses the default prefix value of /32." A
 * literal's bytes may have leading zeros; a network of version 6 with host bits is none (both recorded from AWS).
 */
function inRange(range: string, address: Address): boolean {
  const [network = '', length] = range.split('/')
  const base = toAddress(network.replace(/\b0+(?=\d+(?:\.|$))/g, (zeros) => (network.includes(':') ? zeros : '')))
  if (base === undefined || base.bits !== address.bits) return false
  const prefix = length === undefined ? base.bits : Number(length)
  const hostBits = BigInt(base.bits - prefix)
  if (base.bits === 128 && (base.number >> hostBits) << hostBits !== base.number) return false
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
  // Only `true` is true (recorded from AWS).
  Bool: (actual, expected) => (actual.toLowerCase() === 'true') === (expected.toLowerCase() === 'true'),
  BinaryEquals: (actual, expected) => Buffer.from(actual, 'base64').equals(Buffer.from(expected, 'base64')),
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

/** What stands beside the values of a condition. */
interface Setting {
  readonly version: string
  readonly lookup: Lookup
  readonly effect: 'Allow' | 'Deny'
}

/** Recorded from AWS: what is no address satisfies neither IpAddress nor NotIpAddress. */
function addressSatisfies(actual: string, values: readonly string[], negated: boolean): boolean {
  const address = toAddress(actual)
  return address !== undefined && values.some((range) => inRange(range, address)) !== negated
}

/**
 * Recorded from AWS: what is no ARN satisfies no ARN operator. The policy's values are taken one after the other; one that
 * is no ARN makes the statement fail to the safe side when it is reached.
 */
function arnSatisfies(actual: string, values: readonly string[], negated: boolean, setting: Setting): boolean {
  const { version, lookup, effect } = setting
  if (arnParts(actual) === undefined) return false
  for (const value of values) {
    if (value === '*') return !negated
    if (/^\$\{[^*?$}][^}]*\}$/.test(value) && version === '2012-10-17') {
      if (stringEquals(true)(actual, value, version, lookup)) return !negated
    } else if (arnParts(value) === undefined) return effect === 'Deny'
    else if (arnMatches(value, actual, version, lookup)) return !negated
  }
  return negated
}

/** Is the operator satisfied by one value of the request? `values` are alternatives, for a negated one none may match. */
function satisfies(base: string, actual: string, values: readonly string[], setting: Setting): boolean {
  const negated = negatedOf[base] !== undefined
  const plain = negatedOf[base] ?? base
  if (plain === 'IpAddress') return addressSatisfies(actual, values, negated)
  if (plain === 'ArnEquals' || plain === 'ArnLike') return arnSatisfies(actual, values, negated, setting)
  const test = positive[plain]
  if (test === undefined) throw new Error(`the guide has no operator ${base}`)
  return values.some((wanted) => test(actual, wanted, setting.version, setting.lookup)) !== negated
}

/** One operator with one key. */
export function conditionHolds(operator: string, key: string, values: readonly string[], setting: Setting): boolean {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const value = setting.lookup(key.toLowerCase())
  const actuals = value === undefined ? [] : typeof value === 'string' ? [value] : value
  const missing = actuals.length === 0
  // "True: the key doesn't exist, it is null. False: the key exists and its value is not null."
  if (base === 'Null') return values.some((wanted) => (wanted.toLowerCase() === 'true') === missing)

  if (missing && ifExists) return true // "If the key is not present, evaluate the condition element as true."
  // ForAllValues "also returns true if there are no context keys in the request"; ForAnyValue returns false.
  if (missing && set !== undefined) return set === 'ForAllValues'
  // "If the condition requires that the key is not matched, the condition is true."
  if (missing) return negatedOf[base] !== undefined

  // "Multivalued context keys require a condition set operator": without one nothing matches, negated or not.
  if (set === undefined && isMultivalued(key.toLowerCase(), value)) return false
  const results = actuals.map((actual) => satisfies(base, actual, values, setting))
  return set === 'ForAllValues' ? !results.includes(false) : results.includes(true)
}
