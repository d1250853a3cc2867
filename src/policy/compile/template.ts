/**
 * Text with wildcards and policy variables, taken apart once. In 2008-10-17 there are no variables. `${` that begins none is
 * literal; the parser has refused it where variables are (parse/variables.ts).
 */

import type { Asked } from '../request/asked.ts'
import { toAsciiLower } from '../request/fold.ts'
import { multivaluedKeys } from '../request/multivalued-keys.ts'
import { readVariable, type WrittenVariable } from './variable.ts'
import { variableSteps } from './work.ts'

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
    const written =
      char === '$' && options.variables && text.charAt(at + 1) === '{' ? readVariable(text, at) : undefined
    if (written !== undefined) {
      at = written.end
      if (written.symbol !== undefined) literal += written.symbol
      else {
        flush()
        parts.push(toVariable(written))
      }
      continue
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

function toVariable({ name = '', fallback }: WrittenVariable): Variable {
  const key = toAsciiLower(name)
  const hasDefault = fallback !== undefined && !multivaluedKeys.has(key)
  return { kind: 'variable', key, ...(hasDefault && { fallback }), colon: true }
}

/**
 * What a variable stands for; undefined: it has no value. The default stands in for a key that the request does not carry,
 * but a multivalued key has no value as a variable, default or not (recorded from AWS: github.com/radkawar/stackd,
 * testdata/aws/iam/condition_sets.json).
 */
export function resolveVariable(variable: Variable, { values }: Asked): string | undefined {
  const value = values.get(variable.key)
  if (value === undefined) return variable.fallback
  return typeof value === 'string' ? value : undefined
}

/** What it costs to go through the parts once, but for the text that variables stand for. */
export function sizeOf(parts: readonly Part[]): number {
  let size = 0
  for (const part of parts) {
    size += part.kind === 'text' ? part.text.length : part.kind === 'variable' ? variableSteps : 1
  }
  return size
}
