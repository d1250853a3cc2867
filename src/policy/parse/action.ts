/** Action and NotAction: `*`, or a service's prefix, a colon, and a name with wildcards. */

import type { JsonMember } from '../../core/strict-json.ts'
import { rcpServices } from '../services.ts'
import type { ActionElement, Text } from '../types.ts'
import { trustActions } from './kinds.ts'
import { addError, type Report } from './report.ts'
import { parseStrings } from './strings.ts'

export function parseActions(
  member: JsonMember,
  element: ActionElement['element'],
  report: Report,
): readonly Text[] | undefined {
  const values = parseStrings(member.value, element, report)
  if (values === undefined) return undefined
  if (values.length === 0) {
    addError(report, 'MISSING_ACTION', member.value, { detail: `got an empty ${element}` })
    return undefined
  }
  if (report.kind === 'trust' && element === 'NotAction') {
    addError(report, 'ACTION_NOT_ALLOWED', member.key, { detail: 'got NotAction in a trust policy' })
  }
  for (const value of values) checkAction(value, report)
  return values
}

function checkAction(action: Text, report: Report): void {
  const { value } = action
  const quoted = JSON.stringify(value)
  if (report.kind === 'trust' && !trustActions.has(value.toLowerCase())) {
    addError(report, 'ACTION_NOT_ALLOWED', action, { detail: `got the action ${quoted} in a trust policy` })
    return
  }
  if (value === '*' || value === '*:*') return
  const [service = '', name, more] = value.split(':')
  if (name === undefined) {
    addError(report, 'INVALID_ACTION', action, { detail: `got the action ${quoted}, expected "service:action"` })
  } else if (more !== undefined) {
    addError(report, 'INVALID_ACTION', action, {
      message: 'Actions/Condition can contain only one colon.',
      detail: `got the action ${quoted}`,
    })
  } else if (!/^[A-Za-z0-9.-]+$/.test(service)) {
    addError(report, 'INVALID_ACTION', action, {
      message: `Vendor ${service} is not valid`,
      detail: `got the service ${JSON.stringify(service)}, expected letters, digits, '.' and '-', no wildcard`,
    })
  } else if (!/^[A-Za-z0-9*?_-]+$/.test(name)) {
    addError(report, 'INVALID_ACTION', action, {
      message: 'Syntax errors in policy.',
      detail: `got the action name ${JSON.stringify(name)}, expected letters, digits, '_', '-', '*' and '?'`,
    })
  } else if (report.kind === 'rcp' && !rcpServices.has(service.toLowerCase())) {
    addError(report, 'ACTION_NOT_ALLOWED', action, { detail: `got the service ${service}, which has no RCPs` })
  }
}
