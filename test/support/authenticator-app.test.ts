import { Buffer } from 'node:buffer'
import QRCode from 'qrcode'
import { expect, test } from 'vitest'
import { authenticatorApp, authenticatorAppFromQr } from './authenticator-app.ts'

// RFC 6238 appendix B, SHA-1: the ASCII secret 12345678901234567890, last six of the eight digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const vectors: readonly [seconds: number, code: string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [20000000000, '353130'],
]

test.each(vectors)('RFC 6238 appendix B at %i s', (seconds, code) => {
  expect(authenticatorApp(secret).codeAt(seconds * 1000)).toBe(code)
})

test('a scanned code gives the same app as the typed seed, with issuer and label', async () => {
  const png = await QRCode.toBuffer(`otpauth://totp/Sallyport:root@123456789012?secret=${secret}&issuer=Sallyport`)
  const app = authenticatorAppFromQr(png)
  expect(app).toMatchObject({ secret, issuer: 'Sallyport', label: 'root@123456789012' })
  expect(app.codeAt(59_000)).toBe('287082')
})

test('a picture of something else is refused', async () => {
  const png = await QRCode.toBuffer('https://example.com/')
  expect(() => authenticatorAppFromQr(png)).toThrow()
  expect(() => authenticatorAppFromQr(Buffer.from('not a picture'))).toThrow()
})
