/** An explanation for people: the decision first, then the layers, then what would have to change. */

import { contextEntries } from '../../policy/request/context.ts'
import { principalName } from '../../policy/request/principal-name.ts'
import type { Request } from '../../policy/request/types.ts'
import type { Decision, Explanation, LayerExplanation, StatementExplanation } from '../../policy/types.ts'
import { type Paint, printable } from './paint.ts'
import { callerContext } from './parse-request.ts'

const layerNames = {
  identity: 'identity policies',
  resource: 'resource policy',
  boundary: 'permissions boundary',
  session: 'session policies',
  scp: 'service control policies',
  rcp: 'resource control policies',
  root: 'root user',
  'no-permission-needed': 'no permission needed',
  unreadable: 'unreadable policy',
} as const

export function verdict(decision: Decision): string {
  const where = decision.layer === 'unreadable' ? 'a policy that cannot be read' : layerNames[decision.layer]
  if (decision.statement === undefined) {
    return decision.effect === 'allow' ? `allowed: ${where}` : `${decision.effect.replace('-', ' ')}: ${where}`
  }
  const statement = `statement ${decision.statement}${decision.sid === undefined ? '' : ` (${decision.sid})`}`
  const policy = decision.policyId === undefined ? '' : ` of ${decision.policyId}`
  return `${decision.effect === 'allow' ? 'allowed' : 'explicit deny'} by ${statement}${policy}, ${where}`
}

export function explanationText(explanation: Explanation, request: Request, verbose: boolean, paint: Paint): string {
  const { decision, layers, remedy, obstacles, forbiddenBy } = explanation
  const allowed = decision.effect === 'allow'
  const lines = [
    `${paint(allowed ? 'green' : 'red', allowed ? 'ALLOWED' : 'DENIED')}  ${printable(requestLine(request))}`,
    `  ${printable(verdict(decision))}`,
  ]
  const context = contextLine(request)
  if (context !== '') lines.push(paint('dim', printable(`  with ${context}`)))
  for (const layer of layers) {
    if (verbose || counts(layer, decision)) lines.push(...layerLines(layer, verbose, paint))
  }
  if (forbiddenBy.length > 0) {
    lines.push(
      '',
      `no other policy can allow it: forbidden by ${forbiddenBy.map((layer) => layerNames[layer]).join(' and ')}`,
    )
    for (const obstacle of obstacles.filter((candidate) => candidate.forbids)) {
      for (const change of obstacle.changes) lines.push(`  ${printable(change.text)}`)
    }
  } else if (remedy.length > 0) {
    lines.push(
      '',
      remedy.length === 1 ? 'the smallest change that allows it:' : 'the smallest changes that together allow it:',
    )
    lines.push(...remedy.map((change, index) => `  ${index + 1}. ${printable(change.text)}`))
  }
  return `${lines.join('\n')}\n`
}

export function requestLine(request: Request): string {
  const account = request.resourceAccountId === undefined ? '' : ` (in account ${request.resourceAccountId})`
  return `${request.action} on ${request.resource}${account} by ${principalName(request.principal)}`
}

/** What the request carries, but for what follows from its caller. */
export function contextLine(request: Request): string {
  const implied = callerContext(request.principal)
  return Object.entries(plainContext(request))
    .filter(([key, value]) => implied.get(key) !== value)
    .map(([key, value]) => `${key} = ${typeof value === 'string' ? value : `[${value.join(', ')}]`}`)
    .join(', ')
}

export function plainRequest(request: Request): object {
  return { ...request, context: plainContext(request) }
}

function plainContext(request: Request): Record<string, string | readonly string[]> {
  return Object.fromEntries(contextEntries(request.context))
}

/** A layer without a policy is worth a line only where the request fails for want of one. */
function counts(layer: LayerExplanation, decision: Decision): boolean {
  if (layer.outcome === 'not-applied') return false
  return layer.statements.length > 0 || layer.layer === decision.layer
}

function layerLines(layer: LayerExplanation, verbose: boolean, paint: Paint): string[] {
  const level = layer.level === undefined ? '' : `, level ${layer.level}`
  const colour = { allow: 'green', 'explicit-deny': 'red', 'implicit-deny': 'yellow', 'not-applied': 'dim' } as const
  const head = `${layerNames[layer.layer]}${level}: ${paint(colour[layer.outcome], layer.outcome.replace('-', ' '))}, ${printable(layer.why)}`
  const shown = layer.statements.filter((statement) => verbose || isNear(statement))
  const left = layer.statements.length - shown.length
  return [
    head,
    ...shown.map(
      (statement) => `  ${statement.matched ? '•' : '·'} ${printable(labelOf(statement))}: ${printable(statement.why)}`,
    ),
    ...(left === 0
      ? []
      : [paint('dim', `  · ${left} statement${left === 1 ? '' : 's'} of other actions, resources or principals`)]),
  ]
}

/** Matches, or misses by its conditions only. */
function isNear(statement: StatementExplanation): boolean {
  return statement.matched || (statement.action && statement.resource !== false && statement.principal !== false)
}

function labelOf(statement: StatementExplanation): string {
  const place = `${statement.policyId ?? 'policy'}:${statement.line}`
  return `${place} ${statement.sid ?? `statement ${statement.statement}`} (${statement.effect})`
}
