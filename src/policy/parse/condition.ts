/** Condition: operator → key → values. */

import type { JsonMember, JsonNode } from '../../core/strict-json.ts'
import { literalForm } from '../compile/literals.ts'
import type { BaseOperator, Condition, Text } from '../types.ts'
import { kindRules } from './kinds.ts'
import { readOperator } from './operator.ts'
import { addError, type Report } from './report.ts'

/** Empty also where something is wrong with it: the findings say what. */
export function parseConditions(node: JsonNode, report: Report): readonly Condition[] {
  if (node.kind !== 'object') {
    addError(report, 'WRONG_TYPE', node, { detail: `got ${node.kind} for Condition, expected an object` })
    return []
  }
  return node.members.flatMap((member) => parseOperator(member, report))
}

function parseOperator(member: JsonMember, report: Report): readonly Condition[] {
  const operator = readOperator(member.key.value)
  if (operator === undefined) {
    addError(report, 'UNKNOWN_OPERATOR', member.key, {
      detail: `got the operator ${JSON.stringify(member.key.value)}, which the language does not have`,
    })
    return []
  }
  if (member.value.kind !== 'object') {
    const { kind } = member.value
    addError(report, 'WRONG_TYPE', member.value, { detail: `got ${kind} for ${member.key.value}, expected an object` })
    return []
  }
  const conditions: Condition[] = []
  const keys = new Set<string>()
  for (const { key, value } of member.value.members) {
    const name = key.value.toLowerCase()
    if (keys.has(name)) {
      addError(report, 'DUPLICATE_CONDITION_KEY', key, {
        detail: `got the key ${JSON.stringify(key.value)} a second time, keys are compared without regard to case`,
      })
    }
    keys.add(name)
    const values = parseValues(value, report)
    checkLiterals(operator.base, values, report)
    conditions.push({
      operator: toText(member.key),
      ...operator,
      key: toText(key),
      values,
      line: key.line,
      column: key.column,
    })
  }
  return conditions
}

/** Booleans and numbers count as the text they are written with. */
function parseValues(node: JsonNode, report: Report): readonly Text[] {
  const nodes = node.kind === 'array' ? node.items : [node]
  const values: Text[] = []
  for (const item of nodes) {
    if (item.kind === 'string' || item.kind === 'number' || item.kind === 'boolean') values.push(toText(item))
    else {
      addError(report, 'WRONG_TYPE', item, { detail: `got ${item.kind} for a condition's value, expected a string` })
    }
  }
  return values
}

/** What is no number, date, address, base64 or ARN for an operator that compares such. */
function checkLiterals(base: BaseOperator, values: readonly Text[], report: Report): void {
  const form = literalForm(base)
  if (form === undefined || (kindRules[report.kind].malformedLiterals && base !== 'BinaryEquals')) return
  for (const value of values) {
    if (form.isReadable(value.value)) continue
    addError(report, 'INVALID_LITERAL', value, {
      detail: `got ${JSON.stringify(value.value)} for an operator of ${base}, expected ${form.expected}`,
    })
  }
}

function toText({ value, line, column }: Text): Text {
  return { value, line, column }
}
