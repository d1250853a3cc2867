/**
 * How many steps code takes, counted and not timed: V8 counts how often each block runs, so the code under test needs no
 * counter of its own. What the built-in functions of strings may do besides is counted at its worst.
 */
import { Session } from 'node:inspector/promises'

/** Built-ins that compare `needle` at one place, and those that search for it. */
const builtins = { startsWith: false, endsWith: false, indexOf: true, includes: true } as const

/**
 * V8 searches as Boyer and Moore do, with tables for the last 250 characters of the needle (V8, src/strings/string-search.h):
 * up to there in three steps a character (Cole, 1991), beyond in needle × text steps.
 */
function stepsOfSearch(needle: number, room: number): number {
  return needle <= 250 ? 3 * (needle + room) : needle * room
}

/**
 * @param under blocks of files whose path holds this are counted; they must be imported after the first call
 * @returns steps of `run`
 */
export async function createStepCounter(under: string): Promise<(run: () => void) => Promise<number>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return async (run) => {
    await session.post('Profiler.takePreciseCoverage')
    const native = countBuiltins(run)
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const blocks = result
      .filter(({ url }) => url.includes(under))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    return native + blocks.reduce((sum, count) => sum + count, 0)
  }
}

function countBuiltins(run: () => void): number {
  let steps = 0
  const originals = Object.entries(builtins).map(([name, searches]) => {
    const original = Reflect.get(String.prototype, name) as (needle: string, at?: number) => unknown
    const counting = function (this: string, needle: string, at?: number): unknown {
      const found = original.call(this, needle, at)
      const length = Math.min(needle.length, this.length)
      // A search ends where it finds.
      const end = typeof found === 'number' && found >= 0 ? found + length : this.length
      steps += 1 + (searches ? stepsOfSearch(length, Math.max(0, end - (at ?? 0))) : length)
      return found
    }
    Reflect.set(String.prototype, name, counting)
    return [name, original] as const
  })
  try {
    run()
  } finally {
    for (const [name, original] of originals) Reflect.set(String.prototype, name, original)
  }
  return steps
}
