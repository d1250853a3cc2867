import { expect, it } from 'vitest'
import { systemRandom } from '../../../../src/core/random.ts'
import { findSolvedProof, setChallenge } from '../../../../src/credentials/proof-of-work.ts'
import { createSealer } from '../../../../src/credentials/seal.ts'
import { findNumber, toProof } from './find-number.ts'

const sealer = createSealer(Buffer.alloc(32, 1))

it('what the browser has found is a proof for the server', async () => {
  const challenge = setChallenge(sealer, systemRandom, { numbers: 100, purpose: 'a test' }, 0)
  const number = await findNumber(challenge)
  if (number === undefined) throw new Error('not found')
  expect(findSolvedProof(sealer, toProof(challenge, number), 'a test', 0)?.numbers).toBe(100)
})

it('a challenge without a solution ends', async () => {
  const challenge = setChallenge(sealer, systemRandom, { numbers: 100, purpose: 'a test' }, 0)
  expect(await findNumber({ ...challenge, target: '0'.repeat(64) })).toBeUndefined()
})
