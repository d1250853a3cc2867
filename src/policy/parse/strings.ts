/** A string or a list of strings, as Action, Resource and Principal take them. */

import type { JsonNode } from '../../core/strict-json.ts'
import type { Text } from '../types.ts'
import { addError, type Report } from './report.ts'

export function parseStrings(node: JsonNode, element: string, report: Report): readonly Text[] | undefined {
  const nodes = node.kind === 'array' ? node.items : [node]
  const values: Text[] = []
  for (const item of nodes) {
    if (item.kind === 'string') values.push({ value: item.value, line: item.line, column: item.column })
    else {
      addError(report, 'WRONG_TYPE', item, { detail: `got ${item.kind} in ${element}, expected a string` })
    }
  }
  return values.length === nodes.length ? values : undefined
}
