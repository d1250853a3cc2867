import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseAccountId } from '../core/account-id.ts'
import { Secret } from '../core/secret.ts'
import { createSealer } from './seal.ts'
import { openSessionToken, type SessionTokenFacts, sealSessionToken } from './session-token.ts'

const sealer = createSealer(Buffer.alloc(32, 3))
const facts: SessionTokenFacts = {
  accessKeyId: 'ASIAQNZGKIQY56JQ7WML',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
  accountId: parseAccountId('123456789012'),
  principalKind: 'root',
  principalId: '123456789012',
  sessionId: 'a session, "quoted", ünicode',
  console: true,
  issuedAt: 1_795_521_600_000,
  expiresAt: 1_795_564_800_000,
  authenticatedAt: 1_795_521_590_000,
  mfaSerial: 'arn:aws:iam::123456789012:mfa/root-account-mfa-device',
}
const plainFacts = (value: SessionTokenFacts | undefined) =>
  value && { ...value, secretAccessKey: value.secretAccessKey.reveal() }

test('the facts come back', () => {
  expect(plainFacts(openSessionToken(sealer, sealSessionToken(sealer, facts)))).toEqual(plainFacts(facts))
})

test('a session without MFA stays one: the serial is absent, not empty', () => {
  const { mfaSerial: _, ...without } = { ...facts, principalKind: 'user' as const, console: false }
  const opened = openSessionToken(sealer, sealSessionToken(sealer, without))
  expect(plainFacts(opened)).toEqual(plainFacts(without))
  expect(opened && 'mfaSerial' in opened).toBe(false)
})

test('a token goes through headers and signed URLs unescaped, and hides its facts', () => {
  const token = sealSessionToken(sealer, facts)
  expect(token).toMatch(/^[A-Za-z0-9._-]+$/)
  expect(token.length).toBeLessThan(1_000)
  expect(Buffer.from(token.split('.')[2] ?? '', 'base64url').includes('123456789012')).toBe(false)
})

describe('nothing else opens', () => {
  const token = sealSessionToken(sealer, facts)

  test('10,000 random bit flips', () => {
    const bytes = Buffer.from(token, 'latin1')
    for (let round = 0; round < 10_000; round++) {
      const bit = randomBytes(4).readUInt32BE() % (bytes.length * 8)
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      if (openSessionToken(sealer, changed.toString('latin1')) !== undefined) expect.fail(`bit ${bit}`)
    }
  })

  test('cut anywhere', () => {
    for (let length = 0; length < token.length; length++) {
      if (openSessionToken(sealer, token.slice(0, length)) !== undefined) expect.fail(`length ${length}`)
    }
  })

  test('the halves of two tokens', () => {
    const second = sealSessionToken(sealer, { ...facts, issuedAt: facts.issuedAt + 1 })
    const middle = Math.floor(token.length / 2)
    expect(openSessionToken(sealer, token.slice(0, middle) + second.slice(middle))).toBeUndefined()
  })

  test('the right facts sealed for another purpose', () => {
    const row = ['ASIAQNZGKIQY56JQ7WML', 's', '123456789012', 'root', '123456789012', 'x', true, 0, 0, 0, null]
    const bytes = Buffer.from(JSON.stringify(row))
    expect(openSessionToken(sealer, sealer.seal(bytes, ['session token', '2']))).toBeDefined()
    expect(openSessionToken(sealer, sealer.seal(bytes, ['session token']))).toBeUndefined()
    expect(openSessionToken(sealer, sealer.seal(bytes, ['mfa_device', '123456789012', '1', 'seed']))).toBeUndefined()
  })

  test('a token of another key', () => {
    expect(openSessionToken(createSealer(Buffer.alloc(32, 4)), token)).toBeUndefined()
  })

  test.each(['', 'x', '1..', 'FwoGZXIvYXdzEBYaDEXAMPLE', '1.0000000000000000.AAAA'])('%j', (text) => {
    expect(openSessionToken(sealer, text)).toBeUndefined()
  })
})
