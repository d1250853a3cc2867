/**
 * Policy variables, where a document has them. A `${` that begins none would be plain text, which matches nothing that its author
 * had in mind: in a Deny it would be no Deny. It is refused; `${$}{` is how a text writes the two characters themselves.
 */

import { findBrokenVariable } from '../compile/variable.ts'
import type { Policy, Text } from '../types.ts'
import { addError, type Report } from './report.ts'

export function checkVariables({ version, statements }: Pick<Policy, 'version' | 'statements'>, report: Report): void {
  if (version === '2008-10-17') return
  for (const { index, sid, resources, conditions } of statements) {
    report.ref = { statement: index, ...(sid && { sid: sid.value }) }
    const compared = conditions.filter(({ base }) => /^(?:String|Arn)/.test(base)).flatMap(({ values }) => values)
    for (const text of [...(resources?.values ?? []), ...compared]) checkText(text, report)
  }
  report.ref = {}
}

function checkText(text: Text, report: Report): void {
  const at = findBrokenVariable(text.value)
  if (at < 0) return
  const got = JSON.stringify(text.value.slice(at, at + 40))
  addError(report, 'INVALID_VARIABLE', text, {
    detail: `got ${got}, expected a policy variable: \${key}, \${key, 'default'}, \${*}, \${?} or \${$}`,
  })
}
