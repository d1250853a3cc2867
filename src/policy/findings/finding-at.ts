import type { Finding, Position, Statement } from '../types.ts'
import { type FindingCode, findingCodes } from './codes.ts'

/** A finding at one place of the document; the weight comes with the code. */
export function findingAt(code: FindingCode, at: Position, message: string, statement?: Statement): Finding {
  return {
    severity: findingCodes[code][0],
    code,
    message,
    line: at.line,
    column: at.column,
    ...(statement === undefined ? {} : { statement: statement.index }),
    ...(statement?.sid === undefined ? {} : { sid: statement.sid.value }),
  }
}
