/** The sign-in's errors, in AWS's words where AWS has them (aws-behaviour: §2.1). */
import type { Challenge } from '../credentials/proof-of-work.ts'
import { WebRefusal } from './web.ts'

/** The same for a wrong password, a wrong code, an unknown email, account or user. */
export const authenticationFailed = (details: object = {}) =>
  new WebRefusal(
    401,
    'AuthenticationFailed',
    'Authentication failed',
    'Your authentication information is incorrect. Please try again.',
    {
      details,
    },
  )

export const signInExpired = () =>
  new WebRefusal(
    409,
    'SignInExpired',
    'Your sign-in has expired',
    'Start again with your email address or user name.',
    {
      details: { step: { name: 'identify' } },
    },
  )

export function tooManyPasswords(waitMs: number): WebRefusal {
  const message =
    'Too many sign-in attempts were made today for this name. Use a browser that has signed in with it before, or try again after 00:00 UTC.'
  return new WebRefusal(429, 'TooManyAttempts', 'Too many attempts', message, {
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  })
}

export function mfaWait(waitMs: number, details: object): WebRefusal {
  const retryAfterSeconds = Math.ceil(waitMs / 1000)
  const message = `Too many MFA codes were tried. Wait ${retryAfterSeconds} seconds, then enter a new code.`
  return new WebRefusal(429, 'TooManyAttempts', 'Too many attempts', message, { retryAfterSeconds, details })
}

export const mfaTwoCodesNeeded = (details: object) =>
  new WebRefusal(
    429,
    'TwoCodesRequired',
    'Two codes required',
    'Too many MFA codes were tried. Enter two consecutive codes of your device.',
    {
      details,
    },
  )

export const mfaClosed = (details: object) =>
  new WebRefusal(
    429,
    'TooManyAttempts',
    'Too many attempts',
    'Too many MFA codes were tried from other browsers. Sign in from a browser that has signed in with this user before.',
    { details },
  )

export const busy = () =>
  new WebRefusal(
    503,
    'ServerBusy',
    'The server is busy',
    'Your password was not checked. Try again in a few seconds.',
    {
      retryAfterSeconds: 2,
    },
  )

/** The store took the reservation of an attempt and not what followed: unlike `busy`, this is not to be tried again by the page itself. */
export const attemptLost = (cause: unknown) =>
  new WebRefusal(
    503,
    'ServiceUnavailable',
    'The server cannot store data now',
    'Your sign-in was not completed, and the attempt counts. Try again in a moment; if it stays so, tell the operator of this server.',
    { retryAfterSeconds: 1, cause },
  )

/** `why`: many attempts at this name, or many people who wait for their password to be looked at. */
export function proofOfWorkRequired(challenge: Challenge, why: 'attempts' | 'queue'): WebRefusal {
  const reason =
    why === 'attempts' ? 'Many sign-in attempts were made for this name.' : 'Many people are signing in at this moment.'
  const message = `${reason} Your browser does a short calculation before the next attempt.`
  return new WebRefusal(401, 'ProofOfWorkRequired', 'One moment', message, { details: { challenge } })
}
