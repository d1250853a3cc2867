import { describe, expect, it } from 'vitest'
import { formatAccountId, formatTime, formatWait } from './format-time.ts'

describe('moments', () => {
  const moment = Date.UTC(2026, 10, 24, 3, 32)
  it.each([
    ['UTC', 'November 24, 2026, 03:32 (UTC+00:00)'],
    ['America/New_York', 'November 23, 2026, 22:32 (UTC-05:00)'],
    ['Asia/Kolkata', 'November 24, 2026, 09:02 (UTC+05:30)'],
  ])('in %s: %s', (zone, text) => {
    expect(formatTime(moment, zone)).toBe(text)
  })
  it('midnight is 00:00', () => {
    expect(formatTime(Date.UTC(2026, 0, 1), 'UTC')).toBe('January 1, 2026, 00:00 (UTC+00:00)')
  })
})

describe('waits', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [72, '1 minute 12 seconds'],
    [900, '15 minutes'],
    [3661, '1 hour 1 minute 1 second'],
  ])('%i s: %s', (seconds, text) => {
    expect(formatWait(seconds)).toBe(text)
  })
})

it('account ids are printed in fours', () => {
  expect(formatAccountId('012345678901')).toBe('0123-4567-8901')
})
