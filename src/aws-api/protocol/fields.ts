/**
 * The parameters of a query-protocol call, strict: what could be read in two ways is refused, and the work is bounded by the
 * number of parameters. `Tags.member.1.Key` becomes a tree of maps: a name never reaches an object's prototype.
 */
import { isUtf8 } from 'node:buffer'
import { AwsError } from '../errors.ts'

/** The value of a parameter, or what stands under a name that goes on after a dot. */
export type Field = string | Fields
export type Fields = Map<string, Field>

const fieldsMax = 10_000 // a list of 1,000 structures of ten members; AWS's own limits are far below
const depthMax = 12 // the deepest shape of IAM and STS has 6 names
export const listIndexMax = 1_000

const malformed = (message: string): AwsError => new AwsError('MalformedQueryString', 400, message)

// What XML 1.0 §2.2 cannot carry, escaped or not: it could be stored and then never be answered. Lone surrogates cannot come
// out of valid UTF-8.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are meant
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** `query` has one character for each byte received, `body` is form data. A name that is in both is refused as any repeated one. */
export function parseFields(query: string, body: Buffer): Fields {
  const fields: Fields = new Map()
  const seen = new Set<string>()
  if (query !== '') addAll(fields, seen, toText(Buffer.from(query, 'latin1')))
  if (body.length > 0) addAll(fields, seen, toText(body))
  return fields
}

function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed('The parameters are not valid UTF-8.')
  return bytes.toString('utf8')
}

function addAll(fields: Fields, seen: Set<string>, text: string): void {
  let start = 0
  while (start <= text.length) {
    let end = text.indexOf('&', start)
    if (end < 0) end = text.length
    if (end > start) {
      if (seen.size >= fieldsMax) throw malformed(`The request has more than ${fieldsMax} parameters.`)
      let equals = text.indexOf('=', start)
      if (equals < 0 || equals > end) equals = end
      add(fields, seen, decode(text.slice(start, equals)), decode(text.slice(Math.min(equals + 1, end), end)))
    }
    start = end + 1
  }
}

const needsDecoding = /[%+]/

function decode(text: string): string {
  let decoded = text
  if (needsDecoding.test(text)) {
    try {
      decoded = decodeURIComponent(text.replaceAll('+', ' '))
    } catch {
      throw malformed('A parameter is not percent-encoded UTF-8.')
    }
  }
  if (notXml.test(decoded)) throw malformed('A parameter has a character that XML cannot carry.')
  return decoded
}

function add(fields: Fields, seen: Set<string>, name: string, value: string): void {
  // Names are exact, so `username` means nothing. Beside `UserName` it can only be meant to be read by somebody else.
  const folded = name.toLowerCase()
  if (seen.has(folded)) throw malformed('A parameter is given more than once.')
  seen.add(folded)
  if (!name.includes('.')) {
    addAt(fields, name, value)
    return
  }
  const names = name.split('.', depthMax + 1)
  if (names.length > depthMax) throw malformed('The name of a parameter is nested too deeply.')
  let branch = fields
  for (const step of names.slice(0, -1)) {
    let next = branch.get(step)
    if (next === undefined) {
      next = new Map()
      branch.set(step, next)
    }
    if (typeof next === 'string') throw malformed('A parameter is both a value and the beginning of a longer name.')
    branch = next
  }
  addAt(branch, names.at(-1) ?? '', value)
}

function addAt(branch: Fields, name: string, value: string): void {
  if (branch.has(name)) throw malformed('A parameter is both a value and the beginning of a longer name.')
  branch.set(name, value)
}
