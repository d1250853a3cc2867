import { expect, it } from 'vitest'
import { systemRandom } from '../../../../src/core/random.ts'
import { findSolvedProof, setChallenge } from '../../../../src/credentials/proof-of-work.ts'
import { createSealer } from '../../../../src/credentials/seal.ts'
import { findNumber, toProof } from './find-number.ts'

const sealer = createSealer(Buffer.alloc(32, 1))

it('what the browser has found is a proof for the server', () => {
  const challenge = setChallenge(sealer, systemRandom, { numbers: 100, purpose: 'a test' }, 0)
  const number = findNumber(challenge)
  if (number === undefined) throw new Error('not found')
  expect(findSolvedProof(sealer, toProof(challenge, number), 'a test', 0)?.numbers).toBe(100)
})

it('a challenge without a solution ends', () => {
  const challenge = setChallenge(sealer, systemRandom, { numbers: 100, purpose: 'a test' }, 0)
  expect(findNumber({ ...challenge, target: '0'.repeat(64) })).toBeUndefined()
})
