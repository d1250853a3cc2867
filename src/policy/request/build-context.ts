import { sealContext } from './context.ts'
import { contextValueCharactersMax } from './limits.ts'
import { multivaluedKeys } from './multivalued-keys.ts'
import type { Context, ContextValue } from './types.ts'

/**
 * The context of a request: what its conditions and policy variables ask for.
 *
 * @param entries names of keys in any case, each once, and their values. A list is the value of a multivalued key; the
 *   value of a key that AWS declares as multivalued (`aws:TagKeys`) is one even where it is given as a string.
 * @throws TypeError for a name that is given twice, in whatever case, and for what is no string;
 *   RangeError for values of more than 16,384 characters. A caller must then deny.
 *
 * Source: IAM user guide, "IAM JSON policy elements: Condition" (names of keys are not case-sensitive), "Single-valued vs.
 * multivalued context keys".
 *
 * @example
 * const context = buildContext([['aws:SecureTransport', 'false'], ['aws:TagKeys', 'team']])
 * Object.fromEntries(contextEntries(context)) // { 'aws:securetransport': 'false', 'aws:tagkeys': ['team'] }
 */
export function buildContext(entries: Iterable<readonly [name: string, value: ContextValue]>): Context {
  const values = new Map<string, ContextValue>()
  for (const [name, value] of entries) {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(`got the context key ${JSON.stringify(name)}, expected a name`)
    }
    const key = name.toLowerCase()
    if (values.has(key)) {
      throw new TypeError(`got the context key ${JSON.stringify(name)} a second time; case makes no difference`)
    }
    values.set(key, toValue(key, value))
  }
  return sealContext(values)
}

function toValue(key: string, value: ContextValue): ContextValue {
  const list = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
    throw new TypeError(
      `got ${JSON.stringify(value)} for the context key ${key}, expected a string or a list of strings`,
    )
  }
  const length = list.reduce((sum, item) => sum + item.length, 0)
  if (length > contextValueCharactersMax) {
    throw new RangeError(
      `got ${length} characters for the context key ${key}, expected at most ${contextValueCharactersMax}`,
    )
  }
  return typeof value === 'string' && !multivaluedKeys.has(key) ? value : Object.freeze([...list])
}
