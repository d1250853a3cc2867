/**
 * Long texts against long patterns, in bounded time: all patterns at once as one automaton, a bit for each state, 32 states
 * to a word (Baeza-Yates and Gonnet, "A new approach to text searching", Communications of the ACM 35 (10), 1992, with a
 * loop where a pattern has a star). Each letter of the text costs one pass over the words, so the work is
 * text × patterns / 32, whatever either holds.
 *
 * State n of a pattern: n of its letters and question marks are met. Everything is kept in arrays that are made once,
 * since nothing may be allocated inside `decide`; INVARIANT(one at a time): a run calls nothing that could begin another.
 */

import type { Asked } from '../request/asked.ts'
import { type Part, resolveVariable } from './template.ts'
import { spend, variableSteps } from './work.ts'

/** States of one run. One pattern has at most one more than the text has letters, for a longer one cannot match. */
const statesMax = 32_768
const wordsMax = statesMax / 32
/** Letters that lead into more states than a quarter of the words; there are fewer than 128 of them. */
const frequentMax = 128

const colon = 0x3a
/** What a letter costs beside the words, and a state before the first letter: sorting them, and their share of `rows`. */
const stepOverhead = 4
const stateSteps = 8

/** What leads into a state, where it is no letter. */
const start = -1
const anyLetter = -2
const anyButColon = -3
/** What keeps a state: the star behind it. */
const stays = { never: 0, butColon: 1, always: 2 } as const

const entries = new Int32Array(statesMax)
const loops = new Uint8Array(statesMax)
const finals = new Int32Array(statesMax)

/** A number for each letter of the patterns, from 1; 0: none of them has it. */
const numbers = new Uint16Array(65_536)
/** By number: the last state that the letter leads into, how many there are, and its row, from 1, where they are many. */
const lastStates = new Int32Array(statesMax + 1)
const counts = new Int32Array(statesMax + 1)
const rowOf = new Uint8Array(statesMax + 1)
/** By state: the one before it that the same letter leads into. */
const before = new Int32Array(statesMax)

/** For each frequent letter: the states that it, or a question mark, leads into. */
const rows = Array.from({ length: frequentMax }, () => new Int32Array(wordsMax))
/** States that a question mark leads into, and states that a star keeps, for a colon and for any other letter. */
const enteredByColon = new Int32Array(wordsMax)
const enteredByOther = new Int32Array(wordsMax)
const keptByColon = new Int32Array(wordsMax)
const keptByOther = new Int32Array(wordsMax)
const states = [new Int32Array(wordsMax), new Int32Array(wordsMax)] as const

/** Is the whole text matched by one of the patterns? */
export function matchesAny(patterns: readonly (readonly Part[])[], text: string, asked: Asked): boolean {
  if (text.length >= statesMax) throw new RangeError(`got a text of ${text.length} characters to match`)
  let end = 0
  let count = 0
  for (const parts of patterns) {
    if (end + text.length >= statesMax) {
      if (run(end, count, text, asked)) return true
      end = 0
      count = 0
    }
    spend(asked, parts.length * variableSteps)
    const final = add(parts, end, text.length, asked)
    if (final < 0) continue
    finals[count++] = final
    end = final + 1
  }
  return count > 0 && run(end, count, text, asked)
}

/** Adds a pattern's states from `first` on. Returns the last one, or -1 where the pattern cannot match. */
function add(parts: readonly Part[], first: number, length: number, asked: Asked): number {
  let state = first
  entries[state] = start
  loops[state] = stays.never
  for (const part of parts) {
    if (part.kind === 'any') {
      loops[state] = Math.max(loops[state] ?? 0, part.colon ? stays.always : stays.butColon)
    } else if (part.kind === 'one') {
      if (state - first >= length) return -1
      entries[++state] = part.colon ? anyLetter : anyButColon
      loops[state] = stays.never
    } else {
      const text = part.kind === 'text' ? part.text : resolveVariable(part, asked)
      if (text === undefined || state - first + text.length > length) return -1
      if (part.kind === 'variable' && !part.colon && text.includes(':')) return -1
      for (let at = 0; at < text.length; at++) {
        entries[++state] = text.charCodeAt(at)
        loops[state] = stays.never
      }
    }
  }
  return state
}

function run(end: number, count: number, text: string, asked: Asked): boolean {
  const words = (end + 31) >> 5
  spend(asked, (words + stepOverhead) * text.length + end * stateSteps)
  prepare(end, words)
  let current = 0
  states[0].fill(0, 0, words)
  states[1].fill(0, 0, words)
  for (let pattern = 0; pattern < count; pattern++) {
    const first = pattern === 0 ? 0 : (finals[pattern - 1] ?? 0) + 1
    set(states[0], first)
  }
  let alive = true
  for (let at = 0; at < text.length && alive; at++) {
    alive = step(text.charCodeAt(at), current, words)
    current = 1 - current
  }
  let matched = false
  for (let pattern = 0; pattern < count && alive && !matched; pattern++) {
    matched = has(states[current === 0 ? 0 : 1], finals[pattern] ?? 0)
  }
  clear(end)
  return matched
}

/** From `states[current]` to the other one. False: no state is left. */
function step(code: number, current: number, words: number): boolean {
  const from = states[current === 0 ? 0 : 1]
  const to = states[current === 0 ? 1 : 0]
  const number = numbers[code] ?? 0
  const place = number === 0 ? 0 : (rowOf[number] ?? 0)
  const row = place === 0 ? undefined : rows[place - 1]
  const entered = row ?? (code === colon ? enteredByColon : enteredByOther)
  const kept = code === colon ? keptByColon : keptByOther
  let carry = 0
  let alive = 0
  for (let word = 0; word < words; word++) {
    const bits = from[word] ?? 0
    const next = (((bits << 1) | carry) & (entered[word] ?? 0)) | (bits & (kept[word] ?? 0))
    carry = bits >>> 31
    to[word] = next
    alive |= next
  }
  if (number === 0 || row !== undefined) return alive !== 0
  for (let state = lastStates[number] ?? 0; state > 0; state = before[state] ?? 0) {
    if (!has(from, state - 1)) continue
    set(to, state)
    alive = 1
  }
  return alive !== 0
}

/** Sorts the states by what leads into them. */
function prepare(end: number, words: number): void {
  enteredByColon.fill(0, 0, words)
  enteredByOther.fill(0, 0, words)
  keptByColon.fill(0, 0, words)
  keptByOther.fill(0, 0, words)
  let letters = 0
  for (let state = 0; state < end; state++) {
    const loop = loops[state] ?? stays.never
    if (loop === stays.always) set(keptByColon, state)
    if (loop !== stays.never) set(keptByOther, state)
    const entry = entries[state] ?? start
    if (entry === start) continue
    if (entry === anyLetter) set(enteredByColon, state)
    if (entry < 0) {
      set(enteredByOther, state)
      continue
    }
    let number = numbers[entry] ?? 0
    if (number === 0) {
      number = ++letters
      numbers[entry] = number
      lastStates[number] = 0
      counts[number] = 0
    }
    before[state] = lastStates[number] ?? 0
    lastStates[number] = state
    counts[number] = (counts[number] ?? 0) + 1
  }
  toRows(letters, words)
}

/** Letters that lead into many states get a row of bits: then a step costs no more for them. */
function toRows(letters: number, words: number): void {
  let used = 0
  for (let number = 1; number <= letters; number++) {
    const row = (counts[number] ?? 0) * 4 > words ? rows[used] : undefined
    rowOf[number] = row === undefined ? 0 : ++used
    if (row === undefined) continue
    const last = lastStates[number] ?? 0
    const entered = entries[last] === colon ? enteredByColon : enteredByOther
    for (let word = 0; word < words; word++) row[word] = entered[word] ?? 0
    for (let state = last; state > 0; state = before[state] ?? 0) set(row, state)
  }
}

function clear(end: number): void {
  for (let state = 0; state < end; state++) {
    const entry = entries[state] ?? start
    if (entry >= 0) numbers[entry] = 0
  }
}

function set(bits: Int32Array, state: number): void {
  bits[state >> 5] = (bits[state >> 5] ?? 0) | (1 << (state & 31))
}

function has(bits: Int32Array, state: number): boolean {
  return (((bits[state >> 5] ?? 0) >>> (state & 31)) & 1) !== 0
}
