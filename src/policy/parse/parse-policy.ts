/**
 * Text to Policy, or to findings. Everything that is wrong is found in one pass; the first finding is the one whose
 * text AWS would answer with.
 */

import { type JsonNode, type JsonObject, parseJson } from '../../core/strict-json.ts'
import type { ParseResult, Policy, PolicyKind, Position, Statement, Text } from '../types.ts'
import { kindRules } from './kinds.ts'
import { sealParsed } from './parsed.ts'
import { addError, type Report, sortFindings } from './report.ts'
import { parseStatement } from './statement.ts'
import { checkVariables } from './variables.ts'

/**
 * Parses a policy document.
 *
 * @param text the document, JSON. At most 131,072 characters; 40,000 for a resource policy, 10,240 for an SCP, 5,120 for an
 *   RCP, 2,048 for a session policy; and no string in it has more than 10,240.
 * @param kind what it will be attached to, which decides its grammar.
 * @returns the policy with the place of every element and value, or all that is wrong with it. A finding's `message` is
 *   AWS's MalformedPolicyDocument text where AWS has one, `detail` says what exactly is wrong. Never throws.
 *
 * Source: IAM user guide, "Grammar of the IAM JSON policy language"; Organizations user guide, "SCP syntax" and
 * "RCP syntax".
 *
 * @example
 * const parsed = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*"}}', 'identity')
 * parsed.ok // false
 * parsed.findings[0].message // 'Policy statement must contain resources.'
 * parsed.findings[0].column // 37
 */
export function parsePolicy<Kind extends PolicyKind>(text: string, kind: Kind): ParseResult<Kind> {
  const report: Report = { kind, findings: [], ref: {} }
  const policy = read(text, report)
  if (policy !== undefined && report.findings.length === 0) return { ok: true, policy: sealParsed({ ...policy, kind }) }
  return { ok: false, findings: sortFindings(report.findings) }
}

const start: Position = { line: 1, column: 1 }

/** `\u0009\u000A\u000D\u0020-\u00FF`, IAM's pattern for documents. */
const outsideLatin1 = /[^\t\n\r\u0020-\u00ff]/u

function read(text: string, report: Report): Policy | undefined {
  const { charactersMax, latin1Only } = kindRules[report.kind]
  if (text.length > charactersMax) {
    addError(report, 'TOO_LARGE', start, {
      detail: `got ${text.length} characters, expected at most ${charactersMax}`,
    })
    return undefined
  }
  if (latin1Only) {
    const index = text.search(outsideLatin1)
    if (index >= 0) {
      addError(report, 'CHARACTERS', placeOf(text, index), {
        detail: `got ${JSON.stringify(String.fromCodePoint(text.codePointAt(index) ?? 0))}, expected U+0020 to U+00FF, tab, line feed, carriage return`,
      })
      return undefined
    }
  }
  const parsed = parseJson(text)
  if (!parsed.ok) {
    const { code, detail, line, column } = parsed.failure
    addError(report, code, { line, column }, { detail })
    return undefined
  }
  if (parsed.value.kind !== 'object') {
    addError(report, 'NOT_AN_OBJECT', parsed.value, { detail: `got ${parsed.value.kind}, expected an object` })
    return undefined
  }
  return readDocument(parsed.value, report)
}

function readDocument(document: JsonObject, report: Report): Policy | undefined {
  const rules = kindRules[report.kind]
  let version: (Text & { value: Policy['version'] }) | undefined
  let id: Text | undefined
  let statements: readonly Statement[] | undefined
  for (const { key, value } of document.members) {
    if (key.value === 'Version') version = readVersion(value, report)
    else if (key.value === 'Id' && rules.id) id = readId(value, report)
    else if (key.value === 'Statement') statements = readStatements(value, report)
    else {
      addError(report, 'UNKNOWN_ELEMENT', key, {
        detail: `got the element ${JSON.stringify(key.value)}, expected Version, ${rules.id ? 'Id or ' : ''}Statement`,
      })
    }
  }
  if (statements === undefined) {
    if (!document.members.some(({ key }) => key.value === 'Statement')) {
      addError(report, 'MISSING_STATEMENT', document, { detail: 'got no Statement' })
    }
    return undefined
  }
  if (version === undefined && rules.newestVersionOnly) {
    addError(report, 'MISSING_VERSION', document, { detail: 'got no Version, expected "2012-10-17"' })
  }
  const { line, column } = document
  const language = version?.value ?? '2008-10-17'
  checkVariables({ version: language, statements }, report)
  return {
    kind: report.kind,
    version: language,
    ...(version && { versionAt: { line: version.line, column: version.column } }),
    ...(id && { id }),
    statements,
    line,
    column,
  }
}

function readVersion(node: JsonNode, report: Report): (Text & { value: Policy['version'] }) | undefined {
  const { line, column } = node
  if (node.kind === 'string') {
    const { value } = node
    if (value === '2012-10-17') return { value, line, column }
    if (value === '2008-10-17' && !kindRules[report.kind].newestVersionOnly) return { value, line, column }
  }
  const got = 'value' in node ? JSON.stringify(node.value) : node.kind
  addError(report, 'INVALID_VERSION', node, { detail: `got version ${got}, expected "2012-10-17"` })
  return undefined
}

function readId(node: JsonNode, report: Report): Text | undefined {
  if (node.kind === 'string') return { value: node.value, line: node.line, column: node.column }
  addError(report, 'WRONG_TYPE', node, { detail: `got ${node.kind} for Id, expected a string` })
  return undefined
}

function readStatements(node: JsonNode, report: Report): readonly Statement[] | undefined {
  const nodes = node.kind === 'array' ? node.items : [node]
  if (nodes.length === 0) {
    addError(report, 'MISSING_STATEMENT', node, { detail: 'got an empty list of statements' })
    return undefined
  }
  const statements: Statement[] = []
  const sids = new Set<string>()
  for (const [index, item] of nodes.entries()) {
    report.ref = { statement: index }
    const statement = parseStatement(item, index, report)
    if (statement?.sid !== undefined && statement.sid.value !== '') {
      const { sid } = statement
      if (sids.has(sid.value)) {
        addError(report, 'DUPLICATE_SID', sid, { detail: `got the Sid ${JSON.stringify(sid.value)} a second time` })
      }
      sids.add(sid.value)
    }
    if (statement !== undefined) statements.push(statement)
  }
  report.ref = {}
  return statements
}

/** For the rare refusal before the JSON parser has counted lines. */
function placeOf(text: string, index: number): Position {
  const before = text.slice(0, index).split(/\r\n|\r|\n/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
