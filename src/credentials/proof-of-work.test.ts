import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../core/random.ts'
import { findSolvedProof, proofMs, setChallenge } from './proof-of-work.ts'
import { createSealer } from './seal.ts'

const sealer = createSealer(Buffer.alloc(32, 1))
const now = Date.UTC(2026, 10, 25)
const asked = { numbers: 200, purpose: 'password of ada' }

/** What the page's worker does. */
function solve({ token, salt, target, numbers }: ReturnType<typeof setChallenge>): { proof: string; sought: number } {
  for (let sought = 0; sought < numbers; sought++) {
    if (createHash('sha256').update(`${salt}:${sought}`).digest('hex') === target)
      return { proof: `${token}:${sought}`, sought }
  }
  throw new Error('the challenge has no solution')
}

test('what was solved is a proof of its price, until it ends', () => {
  const { proof } = solve(setChallenge(sealer, systemRandom, asked, now))
  const solved = findSolvedProof(sealer, proof, asked.purpose, now)
  expect(solved).toEqual({ numbers: 200, id: expect.stringMatching(/^[\w-]{43}$/), expiresAt: now + proofMs })
  expect(findSolvedProof(sealer, proof, asked.purpose, now + proofMs - 1)).toEqual(solved)
  expect(findSolvedProof(sealer, proof, asked.purpose, now + proofMs)).toBeUndefined()
  expect(findSolvedProof(sealer, proof, asked.purpose, now - 1)).toBeUndefined()
})

test('the number sought is in the upper half of the range, and every challenge has an id of its own', () => {
  const sought: number[] = []
  const ids = new Set<string | undefined>()
  for (let n = 0; n < 300; n++) {
    const solved = solve(setChallenge(sealer, systemRandom, asked, now))
    sought.push(solved.sought)
    ids.add(findSolvedProof(sealer, solved.proof, asked.purpose, now)?.id)
  }
  expect(Math.min(...sought)).toBeGreaterThanOrEqual(100)
  expect(Math.max(...sought)).toBeLessThan(200)
  expect(new Set(sought).size).toBeGreaterThan(50)
  expect(ids.size).toBe(300)
})

describe('what is no proof', () => {
  const { proof, sought } = solve(setChallenge(sealer, systemRandom, asked, now))
  const token = proof.slice(0, proof.indexOf(':'))
  const [numbers = '', expires = '', salt = '', target = '', code = ''] = token.split('.')
  const withParts = (...parts: string[]) => `${parts.join('.')}:${sought}`
  test.each([
    ['nothing', ''],
    ['only the token', token],
    ['another number', `${token}:${sought - 1}`],
    ['a negative number', `${token}:-${sought}`],
    ['a number in another spelling', `${token}:+${sought}`],
    ['a number with a blank', `${token}: ${sought}`],
    ['a huge number', `${token}:1e300`],
    ['a lower price', withParts('1', expires, salt, target, code)],
    ['a higher price', withParts('99999', expires, salt, target, code)],
    ['a later end', withParts(numbers, String(Number(expires) + 1), salt, target, code)],
    ['another salt', withParts(numbers, expires, '0'.repeat(32), target, code)],
    [
      'a target of its own',
      `${[numbers, expires, salt, createHash('sha256').update(`${salt}:7`).digest('hex'), code].join('.')}:7`,
    ],
    ['another code', withParts(numbers, expires, salt, target, 'A'.repeat(43))],
    ['no code', withParts(numbers, expires, salt, target, '')],
    ['what stands behind it', `${proof}\n`],
  ])('%s', (_name, text) => {
    expect(findSolvedProof(sealer, text, asked.purpose, now)).toBeUndefined()
  })

  test('a proof for another purpose, and one of another server’s key', () => {
    expect(findSolvedProof(sealer, proof, 'password of eve', now)).toBeUndefined()
    expect(findSolvedProof(createSealer(Buffer.alloc(32, 2)), proof, asked.purpose, now)).toBeUndefined()
    expect(findSolvedProof(sealer, proof, asked.purpose, now)).toBeDefined()
  })
})
