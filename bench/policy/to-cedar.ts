/** A statement of the workloads as a Cedar policy that decides alike, for the operators that the workloads use. */

import { contextEntries } from '../../src/policy/request/context.ts'
import type { Request } from '../../src/policy/request/types.ts'
import type { StatementDocument } from './workloads.ts'

export function toCedar(statement: StatementDocument): string {
  const effect = statement.Effect === 'Allow' ? 'permit' : 'forbid'
  const actions = listOf(statement.Action ?? statement.NotAction).map((action) => action.toLowerCase())
  const action = oneOfActions(actions)
  const tests = [
    statement.Action === undefined ? `!(${action})` : action,
    oneOf('context.resource', listOf(statement.Resource)),
    ...Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => toTest(operator, key.toLowerCase(), listOf(values))),
    ),
  ]
  return `${effect}(principal, action, resource) when { ${tests.join(' && ')} };`
}

export function toCedarContext(
  request: Request,
): Record<string, string | number | { __extn: { fn: string; arg: string } }> {
  const context: Record<string, string | number | { __extn: { fn: string; arg: string } }> = {
    action: request.action.toLowerCase(),
    resource: request.resource,
  }
  for (const [key, value] of contextEntries(request.context)) {
    if (typeof value !== 'string') throw new TypeError(`no Cedar form for several values of ${key}`)
    if (key === 'aws:multifactorauthage') context[key] = Number(value)
    else if (key === 'aws:sourceip') context[key] = { __extn: { fn: 'ip', arg: value } }
    else context[key] = value
  }
  return context
}

function listOf(values: string | readonly string[] | undefined): readonly string[] {
  return typeof values === 'string' ? [values] : (values ?? [])
}

/** Long lists are split by service, so that Cedar looks at the names of one service only. */
const splitFrom = 20

function oneOfActions(actions: readonly string[]): string {
  if (actions.length < splitFrom) return oneOf('context.action', actions)
  const byService = new Map<string, string[]>()
  for (const action of actions) {
    const service = action.slice(0, action.indexOf(':'))
    byService.set(service, [...(byService.get(service) ?? []), action])
  }
  return orTree(
    [...byService].map(([service, own]) => `(context.action like "${service}:*" && ${oneOf('context.action', own)})`),
  )
}

/** Exact values in one set; a flat `||` over thousands of patterns overruns Cedar's stack, so patterns form a tree. */
function oneOf(subject: string, values: readonly string[]): string {
  if (values.includes('*')) return 'true'
  const exact = values.filter((value) => !value.includes('*'))
  const tests = values.filter((value) => value.includes('*')).map((value) => `${subject} like ${JSON.stringify(value)}`)
  if (exact.length > 0) tests.unshift(`${JSON.stringify(exact)}.contains(${subject})`)
  return orTree(tests)
}

function orTree(tests: readonly string[]): string {
  if (tests.length === 1) return tests[0] ?? 'false'
  const middle = tests.length >> 1
  return `(${orTree(tests.slice(0, middle))} || ${orTree(tests.slice(middle))})`
}

function toTest(operator: string, key: string, values: readonly string[]): string {
  const ifExists = operator.endsWith('IfExists')
  const name = `context[${JSON.stringify(key)}]`
  const has = `context has ${JSON.stringify(key)}`
  const base = operator.replace(/IfExists$/, '')
  if (base === 'StringNotEquals') return `!(${has} && ${JSON.stringify(values)}.contains(${name}))`
  const test = positive(base, name, values)
  return ifExists ? `(!(${has}) || ${test})` : `(${has} && ${test})`
}

function positive(base: string, name: string, values: readonly string[]): string {
  switch (base) {
    case 'Bool':
    case 'StringEquals':
      return `${JSON.stringify(values)}.contains(${name})`
    case 'StringLike':
      return oneOf(name, values)
    case 'NumericLessThan':
      return `${name} < ${values[0]}`
    case 'IpAddress':
      return `${name}.isInRange(ip(${JSON.stringify(values[0])}))`
    default:
      throw new TypeError(`no Cedar form for the operator ${base}`)
  }
}
