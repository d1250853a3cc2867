/** One statement: which elements it may have, and the values of the simple ones. */

import type { JsonMember, JsonNode } from '../../core/strict-json.ts'
import type { ActionElement, Effect, Position, PrincipalElement, ResourceElement, Statement, Text } from '../types.ts'
import { parseActions } from './action.ts'
import { parseConditions } from './condition.ts'
import { kindRules } from './kinds.ts'
import { parsePrincipals } from './principal.ts'
import { addError, type Report } from './report.ts'
import { parseResources } from './resource.ts'

const elements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const

type ElementName = (typeof elements)[number]
type Members = ReadonlyMap<ElementName, JsonMember>

export function parseStatement(node: JsonNode, index: number, report: Report): Statement | undefined {
  if (node.kind !== 'object') {
    addError(report, 'WRONG_TYPE', node, { detail: `got ${node.kind} for a statement, expected an object` })
    return undefined
  }
  const members = membersByName(node.members, report)
  const sid = readSid(members, report)
  if (sid !== undefined) report.ref = { statement: index, sid: sid.value }
  refusePairs(members, report)
  refuseProhibited(members, report)
  const effect = readEffect(members, node, report)
  const principals = readPrincipals(members, node, report)
  const actions = readActions(members, node, report)
  const resources = readResources(members, node, report)
  const condition = members.get('Condition')
  const conditions = condition === undefined ? [] : parseConditions(condition.value, report)
  checkOrganizations(report, node, effect, actions, resources, conditions.length)
  if (effect === undefined || actions === undefined || conditions === undefined) return undefined
  const { line, column } = node
  return {
    index,
    ...(sid && { sid }),
    effect: effect.effect,
    effectAt: effect.at,
    ...(principals && { principals }),
    actions,
    ...(resources && { resources }),
    conditions,
    line,
    column,
  }
}

function membersByName(list: readonly JsonMember[], report: Report): Members {
  const members = new Map<ElementName, JsonMember>()
  for (const member of list) {
    const name = elements.find((element) => element === member.key.value)
    if (name !== undefined) members.set(name, member)
    else {
      addError(report, 'UNKNOWN_ELEMENT', member.key, {
        detail: `got the element ${JSON.stringify(member.key.value)}, expected one of ${elements.join(', ')}`,
      })
    }
  }
  return members
}

function readSid(members: Members, report: Report): Text | undefined {
  const node = members.get('Sid')?.value
  if (node === undefined) return undefined
  if (node.kind !== 'string') {
    addError(report, 'WRONG_TYPE', node, { detail: `got ${node.kind} for Sid, expected a string` })
    return undefined
  }
  if (kindRules[report.kind].sid === 'alphanumeric' && !/^[0-9A-Za-z]*$/.test(node.value)) {
    addError(report, 'INVALID_SID', node, {
      detail: `got the Sid ${JSON.stringify(node.value)}, expected letters and digits`,
    })
  }
  return { value: node.value, line: node.line, column: node.column }
}

/** Action and NotAction, Resource and NotResource, Principal and NotPrincipal exclude each other. */
function refusePairs(members: Members, report: Report): void {
  for (const [name, negated] of [
    ['Action', 'NotAction'],
    ['Resource', 'NotResource'],
    ['Principal', 'NotPrincipal'],
  ] as const) {
    const member = members.get(negated)
    if (member !== undefined && members.has(name)) {
      addError(report, 'BOTH_ELEMENTS', member.key, { detail: `got ${name} and ${negated}, expected one of them` })
    }
  }
}

/** AWS's texts for what a kind of document may not hold, where the table's default does not fit. */
const prohibitedTexts: Partial<Record<ElementName, string>> = {
  Resource: 'Has prohibited field Resource',
  NotResource: 'AssumeRole policy must not contain resources.',
  NotPrincipal: 'AssumeRole policy must not contain NotPrincipal field.',
}

function refuseProhibited(members: Members, report: Report): void {
  const rules = kindRules[report.kind]
  const prohibited: ElementName[] = []
  if (rules.principal === 'prohibited') prohibited.push('Principal', 'NotPrincipal')
  else if (!rules.notPrincipal) prohibited.push('NotPrincipal')
  if (rules.resource === 'prohibited') prohibited.push('Resource', 'NotResource')
  if (!rules.notAction && report.kind !== 'trust') prohibited.push('NotAction')
  for (const name of prohibited) {
    const member = members.get(name)
    if (member === undefined) continue
    const text = report.kind === 'trust' ? prohibitedTexts[name] : undefined
    addError(report, 'PROHIBITED_ELEMENT', member.key, {
      ...(text !== undefined && { message: text }),
      detail: `got ${name}, which a policy of kind ${report.kind} cannot have`,
    })
  }
}

function readEffect(
  members: Members,
  statement: Position,
  report: Report,
): { effect: Effect; at: Position } | undefined {
  const node = members.get('Effect')?.value
  if (node === undefined) {
    addError(report, 'MISSING_EFFECT', statement, { detail: 'got no Effect' })
    return undefined
  }
  if (node.kind !== 'string') {
    addError(report, 'WRONG_TYPE', node, { detail: `got ${node.kind} for Effect, expected a string` })
    return undefined
  }
  const at = { line: node.line, column: node.column }
  if (node.value === 'Allow' || node.value === 'Deny') return { effect: node.value, at }
  const lower = node.value.toLowerCase()
  addError(report, 'INVALID_EFFECT', node, {
    ...((lower === 'allow' || lower === 'deny') && { message: 'The policy failed legacy parsing' }),
    detail: `got the effect ${JSON.stringify(node.value)}, expected "Allow" or "Deny"`,
  })
  return undefined
}

function readPrincipals(members: Members, statement: Position, report: Report): PrincipalElement | undefined {
  const rules = kindRules[report.kind]
  const member = members.get('Principal') ?? members.get('NotPrincipal')
  if (member === undefined) {
    if (rules.principal !== 'prohibited') {
      addError(report, 'MISSING_PRINCIPAL', statement, { detail: 'got no Principal' })
    }
    return undefined
  }
  if (rules.principal === 'prohibited') return undefined
  const element = members.has('Principal') ? 'Principal' : 'NotPrincipal'
  const values = parsePrincipals(member.value, report)
  if (values === undefined) return undefined
  if (rules.principal === 'everyone' && !values.some(({ type }) => type === '*')) {
    addError(report, 'INVALID_PRINCIPAL', member.value, { detail: 'got a named principal, expected "*"' })
  }
  return { element, values, line: member.key.line, column: member.key.column }
}

function readActions(members: Members, statement: Position, report: Report): ActionElement | undefined {
  const member = members.get('Action') ?? members.get('NotAction')
  if (member === undefined) {
    addError(report, 'MISSING_ACTION', statement, { detail: 'got no Action' })
    return undefined
  }
  const element = members.has('Action') ? 'Action' : 'NotAction'
  const values = parseActions(member, element, report)
  return values && { element, values, line: member.key.line, column: member.key.column }
}

function readResources(members: Members, statement: Position, report: Report): ResourceElement | undefined {
  const rules = kindRules[report.kind]
  const member = members.get('Resource') ?? members.get('NotResource')
  if (rules.resource === 'prohibited') return undefined
  if (member === undefined) {
    if (rules.resource === 'required') {
      addError(report, 'MISSING_RESOURCE', statement, { detail: 'got no Resource' })
    }
    return undefined
  }
  const values = parseResources(member, report)
  const element = members.has('Resource') ? 'Resource' : 'NotResource'
  return values && { element, values, line: member.key.line, column: member.key.column }
}

/**
 * A customer managed RCP only denies. The one that AWS manages, RCPFullAWSAccess, allows everything to everyone, and is
 * read here like any other.
 */
function checkOrganizations(
  report: Report,
  statement: Position,
  effect: { effect: Effect; at: Position } | undefined,
  actions: ActionElement | undefined,
  resources: ResourceElement | undefined,
  conditions: number,
): void {
  if (!kindRules[report.kind].denyOnly || effect === undefined || actions === undefined) return
  const everyAction = actions.values.some(({ value }) => value === '*' || value === '*:*')
  if (effect.effect === 'Allow') {
    const everyResource = resources?.element === 'Resource' && resources.values.some(({ value }) => value === '*')
    if (everyAction && everyResource && conditions === 0) return
    addError(report, 'EFFECT_NOT_ALLOWED', effect.at, {
      detail: 'got Allow, which only RCPFullAWSAccess (everything to everyone) may have',
    })
  } else if (everyAction) {
    addError(report, 'ACTION_NOT_ALLOWED', statement, {
      detail: 'got Deny for the action "*", expected the actions of a service that supports RCPs',
    })
  }
}
