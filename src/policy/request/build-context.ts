import { sealContext } from './context.ts'
import { toAsciiLower } from './fold.ts'
import { isKeyName } from './key-name.ts'
import { contextValueCharactersMax, contextValuesMax } from './limits.ts'
import { multivaluedKeys } from './multivalued-keys.ts'
import type { Context, ContextValue } from './types.ts'

/**
 * The context of a request: what its conditions and policy variables ask for.
 *
 * @param entries names of keys in any case, each once, and their values. A list is the value of a multivalued key; the
 *   value of a key that AWS declares as multivalued (`aws:TagKeys`) is one even where it is given as a string.
 * @throws TypeError for a name that is given twice, in whatever case, or that has letters beyond ASCII outside the key of a
 *   tag, and for what is no string; RangeError for values of more than 16,384 characters, and for more than 1,000 of them. A
 *   caller must then deny.
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
    if (typeof name !== 'string' || !isKeyName(name)) {
      throw new TypeError(
        `got the context key ${JSON.stringify(name)}, expected a name, in ASCII but for the keys of tags`,
      )
    }
    const key = toAsciiLower(name)
    if (values.has(key)) {
      throw new TypeError(`got the context key ${JSON.stringify(name)} a second time; case makes no difference`)
    }
    values.set(key, toValue(key, value))
  }
  return sealContext(values)
}

/** As the engine keeps it: one string, or a list of its own. The list that was given is gone through by its places alone. */
function toValue(key: string, value: ContextValue): ContextValue {
  if (typeof value === 'string') {
    checkSize(key, value.length, 1)
    return asDeclared(key, value)
  }
  if (!Array.isArray(value)) throw notStrings(key, value)
  checkSize(key, 0, value.length)
  const list: string[] = []
  let length = 0
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index]
    if (typeof item !== 'string') throw notStrings(key, value)
    length += item.length
    list.push(item)
  }
  checkSize(key, length, list.length)
  return Object.freeze(list)
}

/** One value of a key that AWS declares as multivalued is a list too. @param key in lower case */
export function asDeclared(key: string, value: string): ContextValue {
  return multivaluedKeys.has(key) ? Object.freeze([value]) : value
}

function checkSize(key: string, characters: number, values: number): void {
  if (values > contextValuesMax) {
    throw new RangeError(`got ${values} values for the context key ${key}, expected at most ${contextValuesMax}`)
  }
  if (characters > contextValueCharactersMax) {
    throw new RangeError(
      `got ${characters} characters for the context key ${key}, expected at most ${contextValueCharactersMax}`,
    )
  }
}

function notStrings(key: string, value: unknown): TypeError {
  return new TypeError(
    `got ${JSON.stringify(value)} for the context key ${key}, expected a string or a list of strings`,
  )
}
