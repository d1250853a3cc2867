/**
 * The values of one condition key that the conditions can tell apart: its absence, and one value for each combination
 * of outcomes. Values are well formed (a number where numbers are compared); what is looked at beyond, or left out, is
 * said in `notCovered`.
 */

import type { ContextValue } from '../request/types.ts'
import type { Condition } from '../types.ts'
import { addressNeighbours } from './address-neighbours.ts'
import { type Budget, findRegions, type Pattern } from './regions.ts'

export interface KeyDomain {
  readonly key: string
  /** `undefined`: the key is absent. */
  readonly values: readonly (ContextValue | undefined)[]
  readonly notCovered: readonly string[]
}

/** Of more values, not even pairs are tried. */
const pairsOfMax = 40
/** All subsets of so many values are tried for a key with several values; beyond it, single ones and pairs. */
const subsetsOfMax = 4

/** Any text, and the empty one only where it makes a difference. */
const anyText: readonly Pattern[] = [{ text: '?*' }, { text: '' }]

/** Ordinary ones first, then all there can be. */
function arnsOf(path: string): readonly Pattern[] {
  return [
    { text: `arn:aws:iam::123456789012:${path}`, noColon: true },
    { text: `arn:aws*:iam::????????????:${path}`, noColon: true },
  ]
}

/** Spellings that a key can have at all, each kind of them tried for itself; without an entry, any text. */
const universes: Readonly<Record<string, readonly (readonly Pattern[])[]>> = {
  'aws:principalarn': [arnsOf('user/?*'), arnsOf('role/?*'), arnsOf('root')],
  'aws:sourcearn': [[{ text: 'arn:aws*:?*:*:*:?*', arn: 'parts' }]],
}

/**
 * @param key in lower case
 * @param conditions those on this key
 * @param more values that the key may take because a variable of the policies names it
 * @param expand replaces the policy variables of a value, in every way that is tried
 */
export function keyDomain(
  key: string,
  conditions: readonly Condition[],
  more: readonly string[],
  expand: (value: string) => readonly string[],
  budget: Budget,
): KeyDomain {
  const notCovered: string[] = []
  const single = new Set<string>(more)
  const families = new Set<string>()
  const texts: Pattern[] = []
  for (const condition of conditions) {
    const values = condition.values.flatMap((value) => [...expand(value.value)])
    const family = familyOf(condition.base)
    if (family !== 'null') families.add(family)
    if (family === 'bool') for (const value of ['true', 'false']) single.add(value)
    else if (family === 'numeric') for (const value of numberNeighbours(values)) single.add(value)
    else if (family === 'date') for (const value of dateNeighbours(values)) single.add(value)
    else if (family === 'ip') for (const value of addressNeighbours(values)) single.add(value)
    else if (family === 'text') texts.push(...values.map((value) => toPattern(condition, value)))
  }
  if (texts.length > 0) {
    const parts = (universes[key] ?? [anyText]).map((universe) => findRegions(universe, texts, budget))
    for (const region of parts.flatMap((part) => part.regions)) single.add(region.text)
    if (!parts.every((part) => part.complete))
      notCovered.push(`not all combinations of the patterns for ${key} were tried`)
  }
  if (single.size === 0) single.add('x')
  if (families.size > 1)
    notCovered.push(`${key} is compared as ${[...families].sort().join(' and ')}; not all of both was tried`)
  if (conditions.some((condition) => condition.set !== undefined)) {
    const sets = subsetsOf([...single])
    if (!sets.complete) notCovered.push(`not all sets of values of ${key} were tried`)
    return { key, values: [undefined, ...sets.values], notCovered }
  }
  return { key, values: [undefined, ...single], notCovered }
}

function familyOf(base: Condition['base']): 'text' | 'numeric' | 'date' | 'bool' | 'ip' | 'null' {
  if (base.startsWith('Numeric')) return 'numeric'
  if (base.startsWith('Date')) return 'date'
  if (base.endsWith('IpAddress')) return 'ip'
  if (base === 'Bool') return 'bool'
  return base === 'Null' ? 'null' : 'text'
}

function toPattern(condition: Condition, value: string): Pattern {
  const { base } = condition
  if (base.startsWith('Arn')) return { text: value, arn: 'parts' }
  return {
    text: value,
    literal: !base.endsWith('Like'),
    foldCase: base.endsWith('IgnoreCase'),
  }
}

/** Each number, one below all, one above all, and one between each two: every comparison is constant in between. */
function numberNeighbours(values: readonly string[]): string[] {
  const numbers = [...new Set(values.map(Number).filter((value) => Number.isFinite(value)))].sort((a, b) => a - b)
  return between(numbers, 1).map(String)
}

function dateNeighbours(values: readonly string[]): string[] {
  const instants = values.map((value) => (/^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value)))
  const known = [...new Set(instants.filter((value) => Number.isFinite(value)))].sort((a, b) => a - b)
  return between(known, 1000).map((value) => new Date(value).toISOString())
}

function between(sorted: readonly number[], step: number): number[] {
  const points: number[] = []
  sorted.forEach((value, index) => {
    const before = sorted[index - 1]
    points.push(before === undefined ? value - step : (before + value) / 2, value)
  })
  const last = sorted.at(-1)
  return last === undefined ? [] : [...points, last + step]
}

function subsetsOf(values: readonly string[]): { values: string[][]; complete: boolean } {
  if (values.length <= subsetsOfMax) {
    const sets = Array.from({ length: 2 ** values.length }, (_, bits) =>
      values.filter((_, index) => (bits >> index) & 1),
    )
    return { values: sets, complete: true }
  }
  const singles = [[], ...values.map((value) => [value])]
  if (values.length > pairsOfMax) return { values: singles, complete: false }
  const pairs = values.flatMap((first, index) => values.slice(index + 1).map((second) => [first, second]))
  return { values: [...singles, ...pairs, [...values]], complete: false }
}
