import { createChallenge, solveChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/sha'
import { deriveKey as deriveInBrowser } from 'altcha-lib/algorithms/web/sha'
import { expect, it } from 'vitest'
import { toPayload } from './solve-proof-of-work.ts'

it('what the browser has solved passes the verification of the server', async () => {
  const secrets = { hmacSignatureSecret: 'a', hmacKeySignatureSecret: 'b' }
  const challenge = await createChallenge({ algorithm: 'SHA-256', cost: 1, counter: 50, deriveKey, ...secrets })
  const solution = await solveChallenge({ challenge, deriveKey: deriveInBrowser })
  if (solution === null) throw new Error('not solved')
  const payload = JSON.parse(Buffer.from(toPayload(challenge, solution), 'base64').toString())
  expect((await verifySolution({ ...payload, deriveKey, ...secrets })).verified).toBe(true)
})
