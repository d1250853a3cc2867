import { describe, expect, it } from 'vitest'
import { chooseReading, toClockReading } from './clock.ts'

describe('the server clock as an answer tells it', () => {
  it('is taken for the middle of the way there and back', () => {
    const reading = toClockReading({ serverMs: 5_000, resolutionMs: 1, sentAtMs: 1_000, receivedAtMs: 1_200 })
    expect(reading).toEqual({ offsetMs: 3_900, errorMs: 100, takenAtMs: 1_200 })
  })
  it('a Date header stands for a whole second', () => {
    const reading = toClockReading({ serverMs: 5_000, resolutionMs: 1000, sentAtMs: 1_000, receivedAtMs: 1_000 })
    expect(reading).toMatchObject({ offsetMs: 4_499.5, errorMs: 499.5 })
  })
})

describe('of two readings', () => {
  const sharp = { offsetMs: 10, errorMs: 5, takenAtMs: 0 }
  const blunt = { offsetMs: 400, errorMs: 500, takenAtMs: 1_000 }
  it('the sharper one is kept', () => {
    expect(chooseReading(undefined, blunt)).toBe(blunt)
    expect(chooseReading(sharp, blunt)).toBe(sharp)
    expect(chooseReading(blunt, { ...sharp, takenAtMs: 2_000 })).toMatchObject({ offsetMs: 10 })
  })
  it('an aged one gives way, also when the clock was set back', () => {
    expect(chooseReading(sharp, { ...blunt, takenAtMs: 61_000 })).toMatchObject({ offsetMs: 400 })
    expect(chooseReading(sharp, { ...blunt, takenAtMs: -61_000 })).toMatchObject({ offsetMs: 400 })
  })
})
