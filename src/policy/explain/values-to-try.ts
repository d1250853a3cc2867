/**
 * Values under which a condition may come out the other way: those that it names, those just beside them, and none at
 * all. Whether one does is asked of the condition's own closure, so a value that is proposed is a value that works.
 */

import { parseTemplate, resolveVariable } from '../compile/template.ts'
import { spend } from '../compile/work.ts'
import type { Asked } from '../request/asked.ts'
import { contextValueCharactersMax } from '../request/limits.ts'
import type { ContextValue } from '../request/types.ts'
import type { Condition } from '../types.ts'

/** Conditions with hundreds of values (lists of accounts) need not all be tried. */
const triedMax = 64

export function valuesToTry(condition: Condition, asked: Asked): readonly (ContextValue | undefined)[] {
  const written = condition.values.slice(0, triedMax).map(({ value }) => value)
  const values = written
    .flatMap((value) => variants(condition, value, asked))
    .filter((value) => value.length <= contextValueCharactersMax)
  return [...new Set<ContextValue | undefined>([...values, ...others(condition), undefined])]
}

function variants({ base }: Condition, value: string, asked: Asked): readonly string[] {
  if (base.startsWith('Numeric')) return [value, String(Number(value) - 1), String(Number(value) + 1)]
  if (base.startsWith('Date')) return [value, ...beside(value)]
  if (base === 'IpAddress' || base === 'NotIpAddress') return [value.split('/', 1)[0] ?? value]
  return instance(value, asked)
}

/** A text that the pattern matches: wildcards and variables filled in; none, where it would be too long for a context. */
function instance(value: string, asked: Asked): readonly string[] {
  spend(asked, value.length)
  let text = ''
  for (const part of parseTemplate(value, { variables: true, wildcards: true })) {
    if (part.kind === 'text') text += part.text
    else if (part.kind === 'variable') text += resolveVariable(part, asked) ?? ''
    else text += 'x'
    if (text.length > contextValueCharactersMax) return []
  }
  spend(asked, text.length)
  return [text]
}

/** One second before and after, in the form that is written. */
function beside(value: string): readonly string[] {
  const seconds = /^\d{5,}$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isNaN(seconds)) return [String(seconds - 1), String(seconds + 1)]
  const year = Number(value.slice(0, 4))
  const rest = value.slice(4)
  return [`${String(year - 1).padStart(4, '0')}${rest}`, `${String(year + 1).padStart(4, '0')}${rest}`]
}

/** Addresses of the documentation ranges (RFC 5737, RFC 3849). */
const addresses = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1']

function others({ base }: Condition): readonly string[] {
  if (base === 'Bool') return ['true', 'false']
  if (base === 'Null') return ['any']
  if (base.endsWith('IpAddress')) return addresses
  if (base.startsWith('Arn')) return ['arn:aws:other:us-east-1:000000000000:other']
  return ['other', '0']
}
