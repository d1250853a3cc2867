import { hashSync, parseOptions } from '@node-rs/argon2'
import { describe, expect, test } from 'vitest'
import { QueueFull } from './fair-queue.ts'
import {
  dummyHash,
  hashesAtOnceMax,
  hashesWaitingMax,
  hashPassword as hashInPlace,
  hashQueue,
  needsRehash,
  ownSource,
  type PasswordHash,
  verifyPassword as verifyInPlace,
} from './hash-password.ts'

const password = 'correct horse battery staple'

const hashPassword = (text: string) => hashQueue.run(ownSource('a test'), (place) => hashInPlace(place, text))
const verifyPassword = (hash: PasswordHash | undefined, text: string) =>
  hashQueue.run(ownSource('a test'), (place) => verifyInPlace(place, hash, text))

describe('ASVS V11.4.2: Argon2id at OWASP’s parameters', () => {
  test('the stored text shows them, with a salt of its own for each', async () => {
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(needsRehash(one)).toBe(false)
  })

  // Made by Debian's argon2 0~20171227 (the reference implementation): printf "correct horse battery staple" | argon2 somesalt16bytes! -id -k 19456 -t 2 -p 1 -e
  test('verifies what the reference implementation made', async () => {
    const reference =
      '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ$W2/hNMtQKxyFQI3cOFyMdL9hfH0kK/3DKouGLtcZUyw' as PasswordHash
    expect(await verifyPassword(reference, password)).toBe(true)
    expect(await verifyPassword(reference, `${password} `)).toBe(false)
  })

  test.each([
    ['less memory', { memoryCost: 8_192 }],
    ['fewer passes', { timeCost: 1 }],
    ['more lanes', { parallelism: 2 }],
    ['a shorter output', { outputLen: 16 }],
    ['Argon2i', { algorithm: 1 }],
  ])('%s: still verifies, and needs a new hash', async (_name, options) => {
    const old = hashSync(password, { memoryCost: 19_456, timeCost: 2, ...options }) as PasswordHash
    expect(await verifyPassword(old, password)).toBe(true)
    expect(needsRehash(old)).toBe(true)
  })
})

describe('ASVS V6.2.8: a password is verified as received', () => {
  const long = 'x'.repeat(72)
  test.each([
    ['a space behind', `${password} `],
    ['a space before', ` ${password}`],
    ['capitals', password.toUpperCase()],
    ['nothing', ''],
    ['a NUL behind', `${password}\0`],
  ])('%s makes another password', async (_name, other) => {
    const hash = await hashPassword(password)
    expect(await verifyPassword(hash, other)).toBe(false)
    expect(await verifyPassword(hash, password)).toBe(true)
  })

  test('spaces at both ends belong to the password', async () => {
    const hash = await hashPassword(`  ${password}  `)
    expect(await verifyPassword(hash, `  ${password}  `)).toBe(true)
    expect(await verifyPassword(hash, password)).toBe(false)
  })

  test('composed and decomposed letters are two passwords', async () => {
    const hash = await hashPassword('Zürich Zürich Zürich'.normalize('NFC'))
    expect(await verifyPassword(hash, 'Zürich Zürich Zürich'.normalize('NFC'))).toBe(true)
    expect(await verifyPassword(hash, 'Zürich Zürich Zürich'.normalize('NFD'))).toBe(false)
  })

  test('what stands behind 72 bytes, 128 characters or a NUL counts', async () => {
    for (const start of [long, 'y'.repeat(128), 'z\0']) {
      const hash = await hashPassword(`${start}one`)
      expect(await verifyPassword(hash, `${start}two`)).toBe(false)
      expect(await verifyPassword(hash, start)).toBe(false)
    }
  })
})

describe('a principal that does not exist', () => {
  test('is compared with a hash of the same cost, and never passes', async () => {
    const real = parseOptions(await hashPassword(password))
    expect(parseOptions(dummyHash)).toEqual(real)
    expect(await verifyPassword(undefined, password)).toBe(false)
  })

  test('not even where the dummy itself would match', async () => {
    expect(await verifyPassword(dummyHash, '')).toBe(false)
    expect(await verifyPassword(undefined, '')).toBe(false)
  })
})

test('a damaged hash throws, so nobody passes', async () => {
  await expect(verifyPassword('$argon2id$v=19$m=19456' as PasswordHash, password)).rejects.toThrow()
})

test('more than the line takes are refused as busy, and those in line are done', async () => {
  const room = hashesAtOnceMax + hashesWaitingMax
  const ask = (name: string) => hashQueue.run({ cookie: undefined, address: 'a', name }, async () => name)
  const outcomes = await Promise.allSettled(Array.from({ length: room + 3 }, (_, n) => ask(String(n))))
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(refused).toHaveLength(3)
  expect(refused.every((reason) => reason instanceof QueueFull && reason.code === 'busy')).toBe(true)
  expect(await ask('later')).toBe('later')
})
