/**
 * What a decision may cost. Everything that a policy's author or a caller can make long is counted before it is done: the
 * steps of automaton.ts and of searches, values × patterns, variables, the places at which an index is asked. What is done at
 * most once for each character of the policies, or of the request, is not: reading them has cost as much.
 */

/**
 * A step takes some 2 ns: a letter of a text × a word of 32 states, or a comparison of two letters. So a decision takes 0.15 s
 * at most. It is enough for twelve documents of the most characters that AWS stores, all of them patterns, against the longest
 * value that a request can carry.
 */
export const decisionSteps = 2 ** 26

/** What resolving a variable costs, in steps: a look-up by a key. */
export const variableSteps = 8

/** What may still be spent. */
export interface Work {
  left: number
}

/** There is more to compare than `Work` allows. A decision that is not made denies. */
export class TooMuchWork extends RangeError {
  constructor() {
    super('got patterns and values too long to compare')
    this.name = 'TooMuchWork'
  }
}

/** @throws TooMuchWork where less is left, and from then on */
export function spend(work: Work, steps: number): void {
  work.left -= steps
  if (work.left < 0) throw new TooMuchWork()
}
