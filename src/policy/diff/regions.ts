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
   * `segments`: the text is an ARN; in its first five parts `*` and `?` do not reach over a colon.
   * A pattern that is `*` alone matches everything either way.
   */
  readonly segments?: boolean
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

/** Enough for some thousand action names; a state costs about a microsecond. */
export const statesMaxDefault = 60_000

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
export function findRegions(
  universes: readonly Pattern[],
  patterns: readonly Pattern[],
  statesMax: number = statesMaxDefault,
): Regions {
  const found = new Map<string, Region>()
  let complete = true
  for (const universe of universes) {
    const part = findRegionsIn(universe, patterns, statesMax)
    complete &&= part.complete
    for (const region of part.regions) {
      const key = region.matched.join()
      if (!found.has(key)) found.set(key, region)
    }
  }
  return { regions: [...found.values()], complete }
}

function findRegionsIn(universe: Pattern, patterns: readonly Pattern[], statesMax: number): Regions {
  const programs = [universe, ...patterns].map(toSteps)
  const start = closeOver(
    programs,
    programs.map((_, program) => [program, 0] as const),
  )
  const seen = new Set<string>([keyOf(start)])
  const found = new Map<string, Region>()
  let level: { readonly text: string; readonly state: State }[] = [{ text: '', state: start }]
  let states = 1
  while (level.length > 0) {
    const next: typeof level = []
    for (const { text, state } of level) {
      note(found, programs, text, state)
      for (const letter of lettersFrom(programs, state)) {
        const reached = advance(programs, state, letter)
        // INVARIANT(universe): position 0 of every state belongs to the universe; without it no accepted text follows.
        if (reached.length === 0 || reached[0]?.[0] !== 0) continue
        const key = keyOf(reached)
        if (seen.has(key)) continue
        if (states >= statesMax) return { regions: [...found.values()], complete: false }
        seen.add(key)
        states++
        next.push({ text: text + letter, state: reached })
      }
    }
    level = next
  }
  return { regions: [...found.values()], complete: true }
}

/** Sorted (program, position) pairs. */
type State = readonly (readonly [program: number, position: number])[]

function toSteps(pattern: Pattern): Step[] {
  const steps: Step[] = []
  const foldCase = pattern.foldCase === true
  const everywhere = pattern.noColon !== true && (pattern.segments !== true || pattern.text === '*')
  let colons = 0
  for (const [token, escaped] of pattern.text.matchAll(/\$\{([*?$])\}|./gs)) {
    const char = escaped ?? token
    if (char === ':') colons++
    const colon = everywhere || (pattern.noColon !== true && colons >= 5)
    const wild = escaped === undefined && pattern.literal !== true
    if (wild && char === '*') steps.push({ star: true, colon, foldCase })
    else if (wild && char === '?') steps.push({ star: false, colon, foldCase })
    else steps.push({ letter: foldCase ? char.toLowerCase() : char, star: false, colon, foldCase })
  }
  return steps
}

function keyOf(state: State): string {
  return state.map(([program, position]) => `${program}.${position}`).join(' ')
}

function note(found: Map<string, Region>, programs: readonly Step[][], text: string, state: State): void {
  const accepted = state.filter(([program, position]) => position === programs[program]?.length)
  if (accepted[0]?.[0] !== 0) return
  const matched = accepted.slice(1).map(([program]) => program - 1)
  const key = matched.join()
  if (!found.has(key)) found.set(key, { text, matched })
}

/** The letters that some pattern asks for next, and one that none asks for, which stands for all the others. */
function lettersFrom(programs: readonly Step[][], state: State): Set<string> {
  const letters = new Set<string>()
  let wild = false
  let wildColon = false
  for (const [program, position] of state) {
    const step = programs[program]?.[position]
    if (step === undefined) continue
    if (step.letter === undefined) {
      wild = true
      wildColon ||= step.colon
    } else {
      letters.add(step.letter)
      if (step.foldCase) letters.add(step.letter.toUpperCase())
    }
  }
  if (!wild) return letters
  // A wildcard that reaches over colons tells a colon from other letters as soon as another one does not.
  if (wildColon) letters.add(':')
  const filler = [...fillers].find((char) => !letters.has(char))
  // It goes first, so that the texts found hold no oddities where anything will do.
  return filler === undefined ? letters : new Set([filler, ...letters])
}

function advance(programs: readonly Step[][], state: State, letter: string): State {
  const moved: (readonly [number, number])[] = []
  for (const [program, position] of state) {
    const step = programs[program]?.[position]
    if (step === undefined) continue
    if (step.letter === undefined) {
      if (letter === ':' && !step.colon) continue
      moved.push([program, step.star ? position : position + 1])
    } else if (step.letter === (step.foldCase ? letter.toLowerCase() : letter)) {
      moved.push([program, position + 1])
    }
  }
  return closeOver(programs, moved)
}

/** A star may also stand for nothing, so the position behind it is reached as well. */
function closeOver(programs: readonly Step[][], positions: State): State {
  const closed = new Map<string, readonly [number, number]>()
  for (const [program, from] of positions) {
    let position = from
    closed.set(`${program}.${position}`, [program, position])
    while (programs[program]?.[position]?.star === true) {
      position++
      closed.set(`${program}.${position}`, [program, position])
    }
  }
  return [...closed.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1])
}
