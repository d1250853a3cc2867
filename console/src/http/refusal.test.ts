import { describe, expect, it } from 'vitest'
import { toRefusal } from './refusal.ts'

describe('a refusal of the console routes', () => {
  it('keeps the words of the server, and what stands beside them', () => {
    const body = {
      error: { code: 'TooManyAttempts', title: 'Too many attempts', message: 'Wait.', retryAfterSeconds: 1.2 },
      step: { name: 'mfa' },
    }
    expect(toRefusal(429, body)).toEqual({
      status: 429,
      code: 'TooManyAttempts',
      title: 'Too many attempts',
      message: 'Wait.',
      retryAfterSeconds: 2,
      body,
    })
  })

  it.each([undefined, null, 'text', [], {}, { error: 'x' }, { error: { message: 7 } }])(
    'an answer of another form (%j) becomes a plain sentence',
    (body) => {
      expect(toRefusal(502, body)).toMatchObject({
        code: 'UnexpectedAnswer',
        message: 'The server answered with status 502. Try again in a moment.',
        retryAfterSeconds: 0,
      })
    },
  )

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '60', null])('a wait of %j is no wait', (retryAfterSeconds) => {
    expect(toRefusal(429, { error: { retryAfterSeconds } }).retryAfterSeconds).toBe(0)
  })
})
