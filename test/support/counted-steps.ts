/**
 * How many steps code takes, counted and not timed: V8 counts how often each block runs, so the code under test needs no
 * counter of its own. What the built-in functions of strings may do besides is counted at its worst.
 */
import { Session } from 'node:inspector/promises'

/** Built-ins that compare `needle` at one place (the needle's length), or search for it (that, times the text's). */
const builtins = { startsWith: false, endsWith: false, indexOf: true, includes: true } as const

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
      const room = Math.max(0, this.length - (at ?? 0))
      steps += 1 + Math.min(needle.length, this.length) * (searches ? room : 1)
      return original.call(this, needle, at)
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
