import { beginWork } from '../compile/work.ts'
import { decide } from '../decide/decide.ts'
import { needsNoPermission } from '../decide/rules.ts'
import type { Request } from '../request/types.ts'
import type { Change, Decision, Explanation, LayerExplanation, PolicyStack, StatementExplanation } from '../types.ts'
import { findBlocks, type View } from './blocking.ts'
import { explainStatement } from './explain-statement.ts'
import { toObstacle } from './obstacles.ts'
import { findRemedy } from './remedy.ts'
import { type Station, toAsked, toStations } from './stations.ts'

/**
 * Decides a request and says why: every layer, every statement, the element or condition that did not match, the key
 * that was missing; and for a denial what stands in the way and the smallest changes that would lift it.
 *
 * @param stack as for `decide`.
 * @param request as for `decide`.
 * @returns `decision` equal to `decide(stack, request)`; the layers in the order of evaluation; `obstacles`, all of
 *   which have to be lifted; `remedy`, changes that together allow; `forbiddenBy`, the layers (SCP, RCP,
 *   boundary) that forbid whatever the account's other policies say.
 * @throws as `decide`
 *
 * @example
 * const policy = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}}', 'identity')
 * const stack = { identity: [compilePolicy(policy.policy, 'Reader')], scps: [], rcps: [] }
 * const principal = parsePrincipal('arn:aws:iam::123456789012:user/alice')
 * const explanation = explain(stack, { principal, action: 'iam:ListUsers', resource: '*', context: buildContext([]) })
 * explanation.layers[1].statements[0].why // 'no Action matches iam:ListUsers'
 * explanation.remedy[0].statement // '{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}'
 */
export function explain(stack: PolicyStack, request: Request): Explanation {
  const decision = decide(stack, request)
  if (needsNoPermission(request.action)) return withoutPermission(decision, request)
  beginWork(decisionsWorth)
  const asked = toAsked(stack, request)
  const stations = toStations(stack, request)
  const views = new Map<Station, View>()
  const layers: LayerExplanation[] = []
  for (const station of stations) {
    const statements = station.statements.map((placed) => explainStatement(placed, asked))
    const view = toView(station, statements)
    views.set(station, view)
    layers.push(toLayer(station, statements, view))
  }
  if (decision.effect === 'allow') {
    if (decision.layer === 'root') layers.push(rootLayer)
    return { decision, layers, obstacles: [], remedy: [], forbiddenBy: [] }
  }
  const blocks = findBlocks(stack, request, stations, (station) => views.get(station) ?? nothing)
  const obstacles = blocks.map((block) => toObstacle(block, asked))
  const forbiddenBy = [...new Set(obstacles.filter(({ forbids }) => forbids).map(({ layer }) => layer))]
  const remedy: readonly Change[] = forbiddenBy.length > 0 ? [] : findRemedy(stack, asked, stations, obstacles)
  return { decision, layers, obstacles, remedy, forbiddenBy }
}

/** Every statement is asked, and conditions once more for each change that is tried. */
const decisionsWorth = 4

const nothing: View = { denies: [], allows: [], added: false }

const rootLayer: LayerExplanation = {
  layer: 'root',
  outcome: 'allow',
  why: 'root is allowed where nothing denies',
  statements: [],
}

function withoutPermission(decision: Decision, request: Request): Explanation {
  const why = `${request.action} needs no permission, and no policy can deny it`
  const layer: LayerExplanation = { layer: 'no-permission-needed', outcome: 'allow', why, statements: [] }
  return { decision, layers: [layer], obstacles: [], remedy: [], forbiddenBy: [] }
}

function toView(station: Station, statements: readonly StatementExplanation[]): View {
  const matched = station.statements.filter((_, index) => statements[index]?.matched === true)
  return {
    denies: matched.filter(({ statement }) => statement.effect === 'Deny'),
    allows: matched.filter(({ statement }) => statement.effect === 'Allow'),
    added: false,
  }
}

function toLayer(station: Station, statements: readonly StatementExplanation[], view: View): LayerExplanation {
  const { layer, level } = station
  return { layer, ...(level !== undefined && { level }), ...outcomeOf(station, view), statements }
}

function outcomeOf(station: Station, view: View): Pick<LayerExplanation, 'outcome' | 'why'> {
  if (station.skipped !== undefined) return { outcome: 'not-applied', why: station.skipped }
  if (station.unreadable !== undefined) {
    return { outcome: 'explicit-deny', why: `${station.unreadable.id} cannot be read, so everything is denied` }
  }
  if (view.denies.length > 0) return { outcome: 'explicit-deny', why: 'a Deny matches' }
  if (view.allows.length > 0) return { outcome: 'allow', why: 'an Allow matches' }
  return {
    outcome: 'implicit-deny',
    why: station.statements.length === 0 ? 'there is no policy' : 'no statement matches',
  }
}
