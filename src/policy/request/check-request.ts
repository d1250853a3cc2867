import { accountStart } from '../compile/arn.ts'
import { type ContextValues, findValues } from './context.ts'
import { isAscii } from './fold.ts'
import { actionCharactersMax, resourceCharactersMax } from './limits.ts'
import { isPrincipal } from './parse-principal.ts'
import type { Context, Principal } from './types.ts'

/** Checked last: most requests of a burst are for one action. */
let lastAction = ''

/**
 * What the types say holds at run time too, for whoever has none. Nothing is allocated: this runs inside `decide`.
 *
 * @returns the values of the context
 * @throws TypeError for a caller that `parsePrincipal` or a context that `buildContext` did not make, for what is no string, an
 *   action beyond ASCII, and an account that the resource's ARN contradicts; RangeError for an action or a resource longer than
 *   any of AWS's
 */
export function checkRequest(
  principal: Principal,
  action: string,
  resource: string,
  resourceAccountId: string | undefined,
  context: Context,
): ContextValues {
  if (!isPrincipal(principal)) throw new TypeError('got a principal that parsePrincipal did not make')
  const values = findValues(context)
  if (values === undefined) throw new TypeError('got a context that buildContext did not make')
  checkAction(action)
  checkResource(resource)
  if (resourceAccountId !== undefined) checkAccount(resourceAccountId, resource)
  return values
}

function checkAction(action: string): void {
  if (action === lastAction) return
  if (typeof action !== 'string') throw new TypeError(`got ${typeof action} for the action, expected a string`)
  if (action.length > actionCharactersMax) throw tooLong('action', action, actionCharactersMax)
  if (!isAscii(action)) throw new TypeError(`got the action ${JSON.stringify(action)}, expected ASCII`)
  lastAction = action
}

function checkResource(resource: string): void {
  if (typeof resource !== 'string') throw new TypeError(`got ${typeof resource} for the resource, expected a string`)
  if (resource.length > resourceCharactersMax) throw tooLong('resource', resource, resourceCharactersMax)
}

function checkAccount(accountId: string, resource: string): void {
  if (typeof accountId !== 'string' || !/^\d{12}$/.test(accountId)) {
    throw new TypeError(`got ${JSON.stringify(accountId)} for the resource's account, expected 12 digits`)
  }
  const start = accountStart(resource)
  if (start < 0 || resource.startsWith(accountId, start)) return
  throw new TypeError(`got account ${accountId} for the resource ${JSON.stringify(resource)}, which is of another`)
}

function tooLong(what: string, text: string, max: number): RangeError {
  return new RangeError(`got ${text.length} characters for the ${what}, expected at most ${max}`)
}
