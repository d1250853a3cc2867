/**
 * Which combinations of patterns a text can match, with one text for each.
 *
 * All patterns are walked at once, letter by letter, as one automaton whose state says how far each pattern has come.
 * Every state that can be reached is visited, so the combinations found are all there are: this is what lets a diff say
 * "no difference" and mean it. A walk that would visit too many states stops and says so.
 */

export interface Pattern {
  readonly text: string
  /**
   * How an ARN's pattern is read; a pattern that is `*` alone matches everything either way. `parts`: in its first five
   * parts `*` and `?` do not reach over a colon. `resource`: there, only a `*` at the end of a segment does.
   */
  readonly arn?: 'parts' | 'resource'
  /** Letters match in either case. */
  readonly foldCase?: boolean
  /** `*` and `?` are plain characters. */
  readonly literal?: boolean
  /** Wildcards never stand for a colon. */
  readonly noColon?: boolean
}

export interface Region {
  /** The shortest text of the region. */
  readonly text: string
  /** Indexes of the patterns that match it. */
  readonly matched: readonly number[]
}

export interface Regions {
  readonly regions: readonly Region[]
  readonly complete: boolean
}

/**
 * How much work a search may do, in elementary steps of some 100 ns; shared by all parts of one search and counted down.
 * Patterns can be written for which the number of combinations explodes, and then the search ends unfinished.
 */
export interface Budget {
  steps: number
}

/** What a wildcard is filled with when no pattern asks for a letter. */
const fillers = 'xyzabcdefghijklmnopqrstuvw0123456789-_XYZABCDEFGHIJKLMNOPQRSTUVW'

interface Step {
  /** A single letter; undefined: a wildcard. */
  readonly letter?: string
  readonly star: boolean
  /** The wildcard may stand for a colon. */
  readonly colon: boolean
  readonly foldCase: boolean
}

/**
 * @param universes the texts that are looked at, as patterns: only what one of them matches is returned, and for each
 *   region the text that the first of them offers
 */
export function findRegions(universes: readonly Pattern[], patterns: readonly Pattern[], budget: Budget): Regions {
  const programs = patterns.map(toSteps)
  const found = new Map<string, Region>()
  for (const universe of universes) {
    if (!walk([toSteps(universe), ...programs], found, budget)) return { regions: [...found.values()], complete: false }
  }
  return { regions: [...found.values()], complete: true }
}

/** @returns false where the budget did not suffice */
function walk(programs: readonly Step[][], found: Map<string, Region>, budget: Budget): boolean {
  const start = closeOver(
    programs,
    programs.map((_, program) => program * positionsMax),
  )
  const seen = new Set<string>([start.join()])
  let level: { readonly text: string; readonly state: State }[] = [{ text: '', state: start }]
  while (level.length > 0) {
    const next: typeof level = []
    for (const { text, state } of level) {
      note(found, programs, text, state)
      budget.steps -= state.length
      for (const [letter, reached] of successors(programs, state)) {
        budget.steps -= reached.length + 1
        if (budget.steps < 0) return false
        // INVARIANT(universe): program 0, the universe, is in every state; without it no accepted text follows.
        if ((reached[0] ?? positionsMax) >= positionsMax) continue
        const key = reached.join()
        if (seen.has(key)) continue
        seen.add(key)
        next.push({ text: text + letter, state: reached })
      }
    }
    level = next
  }
  return true
}

/** Longer than any document may be. */
const positionsMax = 1 << 20

/** Sorted codes of positions: `program * positionsMax + position`. */
type State = readonly number[]

function toSteps(pattern: Pattern): Step[] {
  const steps: Step[] = []
  const foldCase = pattern.foldCase === true
  const everywhere = pattern.noColon !== true && (pattern.arn === undefined || pattern.text === '*')
  let colons = 0
  for (const { 0: token, 1: escaped, index } of pattern.text.matchAll(/\$\{([*?$])\}|./gs)) {
    const char = escaped ?? token
    if (char === ':') colons++
    const endsSegment = char === '*' && /^(?::|$)/.test(pattern.text.slice(index + 1, index + 2))
    const reaches = colons >= 5 || (pattern.arn === 'resource' && endsSegment)
    const colon = everywhere || (pattern.noColon !== true && reaches)
    const wild = escaped === undefined && pattern.literal !== true
    const before = steps.at(-1)
    // Stars side by side are one.
    if (wild && char === '*' && before?.star === true)
      steps[steps.length - 1] = { ...before, colon: before.colon || colon }
    else if (wild && char === '*') steps.push({ star: true, colon, foldCase })
    else if (wild && char === '?') steps.push({ star: false, colon, foldCase })
    else steps.push({ letter: foldCase ? char.toLowerCase() : char, star: false, colon, foldCase })
  }
  return steps
}

function stepAt(programs: readonly Step[][], code: number): Step | undefined {
  return programs[Math.floor(code / positionsMax)]?.[code % positionsMax]
}

function note(found: Map<string, Region>, programs: readonly Step[][], text: string, state: State): void {
  const accepted = state.filter((code) => programs[Math.floor(code / positionsMax)]?.length === code % positionsMax)
  if ((accepted[0] ?? positionsMax) >= positionsMax) return
  const matched = accepted.slice(1).map((code) => Math.floor(code / positionsMax) - 1)
  const key = matched.join()
  if (!found.has(key)) found.set(key, { text, matched })
}

/** The letters that some pattern asks for next, and one that none asks for, which stands for all the others. */
function* successors(programs: readonly Step[][], state: State): Generator<readonly [letter: string, reached: State]> {
  const asked = new Map<string, number[]>()
  const wild: { readonly to: number; readonly colon: boolean }[] = []
  const ask = (letter: string, to: number): void => {
    const known = asked.get(letter)
    if (known === undefined) asked.set(letter, [to])
    else known.push(to)
  }
  for (const code of state) {
    const step = stepAt(programs, code)
    if (step === undefined) continue
    if (step.letter === undefined) wild.push({ to: step.star ? code : code + 1, colon: step.colon })
    else {
      ask(step.letter, code + 1)
      const upper = step.foldCase ? step.letter.toUpperCase() : step.letter
      if (upper !== step.letter) ask(upper, code + 1)
    }
  }
  // A wildcard that reaches over colons tells a colon from other letters as soon as another one does not.
  const letters = new Set([...(wild.length > 0 ? [fillerBeside(asked)] : []), ...asked.keys()])
  if (wild.some(({ colon }) => colon)) letters.add(':')
  for (const letter of letters) {
    const free = wild.filter(({ colon }) => colon || letter !== ':').map(({ to }) => to)
    yield [letter, closeOver(programs, [...(asked.get(letter) ?? []), ...free])]
  }
}

/** It goes first, so that the texts found hold no oddities where anything will do. */
function fillerBeside(asked: ReadonlyMap<string, unknown>): string {
  const usual = [...fillers].find((char) => !asked.has(char))
  if (usual !== undefined) return usual
  let code = 0xc0
  while (asked.has(String.fromCharCode(code))) code++
  return String.fromCharCode(code)
}

/** A star may also stand for nothing, so the position behind it is reached as well. */
function closeOver(programs: readonly Step[][], codes: readonly number[]): State {
  const closed = new Set<number>()
  for (const from of codes) {
    let code = from
    closed.add(code)
    while (stepAt(programs, code)?.star === true) closed.add(++code)
  }
  return [...closed].sort((a, b) => a - b)
}
