import { decisionSteps, TooMuchWork } from '../compile/work.ts'
import { decide } from '../decide/decide.ts'
import { needsNoPermission } from '../decide/rules.ts'
import type { Request } from '../request/types.ts'
import type {
  Change,
  Explanation,
  Layer,
  LayerExplanation,
  Obstacle,
  PolicyStack,
  StatementExplanation,
} from '../types.ts'
import { findBlocks, type View } from './blocking.ts'
import { explainStatement } from './explain-statement.ts'
import { toObstacle } from './obstacles.ts'
import { findRemedy } from './remedy.ts'
import { type Station, toQuestion, toStations } from './stations.ts'

/**
 * Decides a request and says why: every layer, every statement, the element or condition that did not match, the key
 * that was missing; and for a denial what stands in the way and the smallest changes that would lift it.
 *
 * @param stack as for `decide`.
 * @param request as for `decide`.
 * @returns `decision` equal to `decide(stack, request)`; the layers in the order of evaluation; `obstacles`, all of
 *   which have to be lifted; `remedy`, changes that together allow; `forbiddenBy`, the layers (SCP, RCP,
 *   boundary) that forbid whatever the account's other policies say; `complete`, false where the rest would have taken too long.
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
  // Read once: what is explained is what was decided.
  const [policies, asked] = [{ ...stack }, { ...request }]
  const decision = decide(policies, asked)
  const explanation: Draft = { decision, complete: true, layers: [], obstacles: [], remedy: [], forbiddenBy: [] }
  try {
    fill(explanation, policies, asked)
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error
    explanation.complete = false
  }
  return explanation
}

/** In the making: what there is of it stands, whenever it is broken off. */
interface Draft extends Explanation {
  complete: boolean
  readonly layers: LayerExplanation[]
  obstacles: readonly Obstacle[]
  remedy: readonly Change[]
  forbiddenBy: readonly Layer[]
}

/** @throws TooMuchWork */
function fill(draft: Draft, stack: PolicyStack, request: Request): void {
  const { decision, layers } = draft
  if (needsNoPermission(request.action)) {
    layers.push(withoutPermission(request))
    return
  }
  const question = toQuestion(stack, request, explanationSteps)
  const stations = toStations(stack, request)
  const views = new Map<Station, View>()
  for (const station of stations) {
    const statements = station.statements.map((placed) => explainStatement(placed, question))
    const view = toView(station, statements)
    views.set(station, view)
    layers.push(toLayer(station, statements, view))
  }
  if (decision.layer === 'root') layers.push(decision.effect === 'allow' ? allowedRoot : deniedRoot)
  if (decision.effect === 'allow') return
  const blocks = findBlocks(stack, request, stations, (station) => views.get(station) ?? nothing)
  const obstacles = blocks.map((block) => toObstacle(block, question))
  draft.obstacles = obstacles
  draft.forbiddenBy = [...new Set(obstacles.filter(({ forbids }) => forbids).map(({ layer }) => layer))]
  if (draft.forbiddenBy.length === 0) draft.remedy = findRemedy(stack, question, stations, obstacles)
}

/** All statements are asked, whichever decided, and their conditions again for what is tried; it may take as long as deciding. */
const explanationSteps = decisionSteps

const nothing: View = { denies: [], allows: [], added: false }

const allowedRoot: LayerExplanation = {
  layer: 'root',
  outcome: 'allow',
  why: 'root is allowed where nothing denies',
  statements: [],
}

const deniedRoot: LayerExplanation = {
  layer: 'root',
  outcome: 'implicit-deny',
  why: 'root cannot assume a role, whatever policies say',
  statements: [],
}

function withoutPermission({ action }: Request): LayerExplanation {
  const why = `${action} needs no permission, and no policy can deny it`
  return { layer: 'no-permission-needed', outcome: 'allow', why, statements: [] }
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
