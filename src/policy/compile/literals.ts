/** What a policy's value has to look like for its operator; what does not is read by no operator (value-test.ts). */

import type { BaseOperator } from '../types.ts'
import { compileArnLike } from './arn.ts'
import { isBase64 } from './binary.ts'
import { parseDate } from './date.ts'
import { parseIpRange } from './ip-address.ts'
import { readNumber } from './number.ts'
import { parseTemplate } from './template.ts'

export interface LiteralForm {
  /** In words, after "expected". */
  readonly expected: string
  readonly isReadable: (value: string) => boolean
}

const scratch = new Float64Array(1)

const forms = {
  Numeric: { expected: 'a number', isReadable: (value) => readNumber(value, scratch) },
  Date: { expected: 'ISO 8601 or seconds since 1970', isReadable: (value) => !Number.isNaN(parseDate(value)) },
  Ip: {
    expected: 'an address or a range such as 203.0.113.0/24, of version 6 without host bits',
    isReadable: (value) => parseIpRange(value) !== undefined,
  },
  Binary: { expected: 'base64', isReadable: isBase64 },
  Arn: { expected: 'an ARN, which has six parts', isReadable: isArnPattern },
} as const satisfies Record<string, LiteralForm>

/** Undefined: any text will do. */
export function literalForm(base: BaseOperator): LiteralForm | undefined {
  if (base.startsWith('Numeric')) return forms.Numeric
  if (base.startsWith('Date')) return forms.Date
  if (base.endsWith('IpAddress')) return forms.Ip
  if (base.startsWith('Arn')) return forms.Arn
  return base === 'BinaryEquals' ? forms.Binary : undefined
}

/** With a variable in it, what it will be is not known. */
function isArnPattern(value: string): boolean {
  return (
    value.includes('${') || compileArnLike(parseTemplate(value, { variables: false, wildcards: true })) !== undefined
  )
}
