/**
 * What one decision may spend on long patterns, in steps of automaton.ts: a letter of the text × a word of 32 states. It is
 * enough for twelve documents of the most characters that AWS stores, all of them patterns, against the longest value that
 * a request can carry, and takes about 0.15 s. Only policies that repeat variables with long values could need more: then
 * the decision throws, which denies.
 */
const stepsMax = 2 ** 26

let left = stepsMax

/** Begins a decision, or `times` as many for an explanation, which asks every condition often. */
export function beginWork(times = 1): void {
  left = stepsMax * times
}

/** @throws RangeError where the decision has spent what it may */
export function spend(steps: number): void {
  left -= steps
  if (left < 0) throw new RangeError('got patterns and values too long to compare')
}
