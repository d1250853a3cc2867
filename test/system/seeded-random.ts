/** Numbers from 0 to 1 that the seed alone decides (mulberry32), so that a run can be repeated. */
export type Dice = () => number

/** `SALLYPORT_SEED` repeats a run. */
export function newSeed(): number {
  const given = process.env['SALLYPORT_SEED']
  return given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given)
}

export function seededDice(seed: number): Dice {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
