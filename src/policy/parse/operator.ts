/** Condition operators by name. Names are compared with regard to case. */

import type { BaseOperator, Condition } from '../types.ts'

export const baseOperators: readonly BaseOperator[] = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
  'Null',
]

export type Operator = Pick<Condition, 'base' | 'set' | 'ifExists'>

const operators = new Map<string, Operator>()
for (const base of baseOperators) {
  for (const set of [undefined, 'ForAllValues', 'ForAnyValue'] as const) {
    for (const ifExists of [false, true]) {
      // Whether a key exists is what Null asks; asking "if it exists" beside it makes no sense, and AWS has no such name.
      if (base === 'Null' && ifExists) continue
      const name = `${set === undefined ? '' : `${set}:`}${base}${ifExists ? 'IfExists' : ''}`
      operators.set(name, { base, ifExists, ...(set !== undefined && { set }) })
    }
  }
}

export function readOperator(name: string): Operator | undefined {
  return operators.get(name)
}
