/**
 * Text with wildcards and policy variables, taken apart once.
 *
 * In 2012-10-17: `${key}` and `${key, 'default'}` stand for the request's value, `${*}`, `${?}` and `${$}` for the
 * character itself (IAM user guide, "Variables and tags"). In 2008-10-17 all of that is literal. What only looks like a
 * variable (`${}`, `${a b}`, no closing brace) is literal too.
 */

import { findValue } from '../request/context.ts'
import { multivaluedKeys } from '../request/multivalued-keys.ts'
import type { Context } from '../request/types.ts'

export interface Variable {
  readonly kind: 'variable'
  /** In lower case. */
  readonly key: string
  readonly fallback?: string
  /** Its value may hold a colon. */
  readonly colon: boolean
}

/** `*` and `?`. `colon`: it may stand for a colon, which is not so in most of an ARN. */
type Wildcard = { readonly kind: 'any'; readonly colon: boolean } | { readonly kind: 'one'; readonly colon: boolean }

export type Part = { readonly kind: 'text'; readonly text: string } | Wildcard | Variable

export interface TemplateOptions {
  readonly variables: boolean
  readonly wildcards: boolean
}

export function parseTemplate(text: string, options: TemplateOptions): readonly Part[] {
  const parts: Part[] = []
  let literal = ''
  const flush = () => {
    if (literal !== '') parts.push({ kind: 'text', text: literal })
    literal = ''
  }
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at)
    if (char === '$' && options.variables && text.charAt(at + 1) === '{') {
      const found = readVariable(text, at)
      if (found !== undefined) {
        if (typeof found.part === 'string') literal += found.part
        else {
          flush()
          parts.push(found.part)
        }
        at = found.end
        continue
      }
    }
    if (options.wildcards && (char === '*' || char === '?')) {
      flush()
      const kind = char === '*' ? 'any' : 'one'
      // Two stars match what one does.
      if (kind === 'one' || parts.at(-1)?.kind !== 'any') parts.push({ kind, colon: true })
    } else {
      literal += char
    }
    at++
  }
  flush()
  return parts
}

const variable = /\$\{(?:([*?$])|\s*([A-Za-z0-9:/._@=+-]+)\s*(?:,\s*'([^']*)'\s*)?)\}/y

function readVariable(text: string, at: number): { part: string | Variable; end: number } | undefined {
  variable.lastIndex = at
  const match = variable.exec(text)
  if (match === null) return undefined
  const [whole, symbol, name = '', fallback] = match
  const end = at + whole.length
  if (symbol !== undefined) return { part: symbol, end }
  const key = name.toLowerCase()
  const hasDefault = fallback !== undefined && !multivaluedKeys.has(key)
  return { part: { kind: 'variable', key, ...(hasDefault && { fallback }), colon: true }, end }
}

/**
 * What a variable stands for; undefined: it has no value. The default stands in for a key that the request does not carry,
 * but a multivalued key has no value as a variable, default or not (recorded from AWS: github.com/radkawar/stackd,
 * testdata/aws/iam/condition_sets.json).
 */
export function resolveVariable(variable: Variable, context: Context): string | undefined {
  const value = findValue(context, variable.key)
  if (value === undefined) return variable.fallback
  return typeof value === 'string' ? value : undefined
}
