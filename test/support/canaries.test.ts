import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCanaries } from './canaries.ts'

const password = 'correct horse & "battery" <staple>'
const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const seedBytes = Buffer.from('48656c6c6f21deadbeef48656c6c6f21deadbeef', 'hex')

test.each<[string, string | Buffer]>([
  ['raw', `you typed ${password}!`],
  ['JSON', JSON.stringify({ password })],
  ['a URL', `/x?p=${encodeURIComponent(password)}`],
  ['XML', '<p>correct horse &amp; &quot;battery&quot; &lt;staple&gt;</p>'],
  ['hex', Buffer.from(password).toString('hex').toUpperCase()],
  ['base64', Buffer.from(password).toString('base64')],
  ['base64 of a longer text, one byte in', Buffer.from(`:${password} and more`).toString('base64')],
  ['base64 of a longer text, two bytes in', Buffer.from(`::${password} and more`).toString('base64')],
  ['base64url of a longer text', Buffer.from(`{"p":"${password}"}`.replaceAll('\\', '')).toString('base64url')],
])('a password is found as %s', (_spelling, content) => {
  const canaries = createCanaries()
  canaries.add(password, 'password')
  expect(() => canaries.scan(content, 'the answer')).toThrow('the answer holds the password')
  expect(() => canaries.scan('nothing to see', 'the answer')).not.toThrow()
})

test.each<[string, string | Buffer]>([
  ['the text', `otpauth://totp/x?secret=${seed}`],
  ['raw bytes in a file', Buffer.concat([randomBytes(7), seedBytes, randomBytes(9)])],
  ['hex', `x'${seedBytes.toString('hex')}'`],
  ['percent', seedBytes.toString('hex').replace(/../g, '%$&')],
  ['base64 of the bytes', JSON.stringify({ seed: seedBytes.toString('base64') })],
])('a seed added as base32 is found as %s', (_spelling, content) => {
  const canaries = createCanaries()
  canaries.add(seed, 'seed')
  expect(() => canaries.scan(content, 'the file')).toThrow('the file holds the seed')
})

test('a seed added as bytes is found as base32', () => {
  const canaries = createCanaries()
  canaries.add(seedBytes, 'seed')
  expect(() => canaries.scan(`secret ${seed}`, 'the log')).toThrow('the log holds the seed')
})

test('the one due answer is allowed, every other secret in it is not', () => {
  const canaries = createCanaries()
  canaries.add(seed, 'seed')
  canaries.add(password, 'password')
  expect(() => canaries.scan(seed, 'the answer', [seed])).not.toThrow()
  expect(() => canaries.scan(`${seed} ${password}`, 'the answer', [seed])).toThrow('password')
})

test('what is too short to be told from chance is refused', () => {
  expect(() => createCanaries().add('123456')).toThrow(RangeError)
})
