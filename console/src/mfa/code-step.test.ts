import { describe, expect, it } from 'vitest'
import { isCode, toCodeInput, toCodePrompt, toSecondsLeft, toTimeStep } from './code-step.ts'

describe('time steps of RFC 6238 §4.1', () => {
  it.each([
    [59_000, 1],
    [1_111_111_109_000, 37_037_036],
    [20_000_000_000_000, 666_666_666],
  ])('%i ms lies in step %i, as in appendix B', (nowMs, step) => {
    expect(toTimeStep(nowMs)).toBe(step)
  })

  it.each([
    [0, 30],
    [1, 30],
    [1000, 29],
    [29_000, 1],
    [29_999, 1],
    [30_000, 30],
  ])('at %i ms the code holds for %i s more', (nowMs, seconds) => {
    expect(toSecondsLeft(nowMs)).toBe(seconds)
  })
})

describe('code input', () => {
  it.each([
    ['123456', '123456'],
    ['123 456', '123456'],
    [' 123-456\n', '123456'],
    ['1234567', '123456'],
    ['１２３４５６', '１２３４５６'],
  ])('takes %j as %j', (typed, taken) => {
    expect(toCodeInput(typed)).toBe(taken)
  })

  it.each(['', '12345', '1234567', '12345a', '１２３４５６', '12345 '])('%j is no code', (text) => {
    expect(isCode(text)).toBe(false)
  })
})

describe('what to do next with two codes', () => {
  const at = (second: number) => second * 1000
  const firstAt0 = { first: '111111', second: '', firstTimeStep: 0 }

  it('asks for the first code until it is complete', () => {
    expect(toCodePrompt({ first: '11111', second: '', firstTimeStep: undefined }, at(3))).toEqual({
      name: 'enter-first',
    })
  })
  it('waits until the step of the first code is over, and says how long', () => {
    expect(toCodePrompt(firstAt0, at(18))).toEqual({ name: 'wait-for-next', secondsLeft: 12 })
  })
  it('asks for the second code in the step that follows', () => {
    expect(toCodePrompt(firstAt0, at(30))).toEqual({ name: 'enter-second' })
    expect(toCodePrompt(firstAt0, at(59))).toEqual({ name: 'enter-second' })
  })
  it('says so when a code has been missed', () => {
    expect(toCodePrompt(firstAt0, at(60))).toEqual({ name: 'start-over' })
  })
  it('is done when both are there, whenever that is', () => {
    expect(toCodePrompt({ ...firstAt0, second: '222222' }, at(1))).toEqual({ name: 'complete' })
    expect(toCodePrompt({ ...firstAt0, second: '222222' }, at(95))).toEqual({ name: 'complete' })
  })
})
