import { isContext } from './context.ts'
import { actionCharactersMax, resourceCharactersMax } from './limits.ts'
import { isPrincipal } from './parse-principal.ts'
import type { Request } from './types.ts'

/**
 * What the types say holds at run time too, for whoever has none. Nothing is allocated: this runs inside `decide`.
 *
 * @throws TypeError for a caller that `parsePrincipal` or a context that `buildContext` did not make; RangeError for an
 *   action or a resource longer than any of AWS's
 */
export function checkRequest({ principal, action, resource, context }: Request): void {
  if (!isPrincipal(principal)) throw new TypeError('got a principal that parsePrincipal did not make')
  if (!isContext(context)) throw new TypeError('got a context that buildContext did not make')
  if (action.length > actionCharactersMax) throw tooLong('action', action, actionCharactersMax)
  if (resource.length > resourceCharactersMax) throw tooLong('resource', resource, resourceCharactersMax)
}

function tooLong(what: string, text: string, max: number): RangeError {
  return new RangeError(`got ${text.length} characters for the ${what}, expected at most ${max}`)
}
