/** Headers of every answer (OWASP ASVS V3.4, V14.3). What an answer needs differently it sets itself. */

const everyAnswer = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
} as const

/** Nothing of an answer that is no page can be run or framed. */
const closedPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

/** No inline code or style, nothing from elsewhere. Images: the QR code comes as `data:`. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Two years, with subdomains; sent only where the browser came by https. */
const strictTransport = { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } as const

const plain: Readonly<Record<string, string>> = { ...everyAnswer, 'content-security-policy': closedPolicy }
const overTls: Readonly<Record<string, string>> = { ...plain, ...strictTransport }

export const commonHeaders = (secure: boolean): Readonly<Record<string, string>> => (secure ? overTls : plain)

const pairsOf = (headers: Readonly<Record<string, string>>): readonly string[] => Object.entries(headers).flat()
const plainPairs = pairsOf(plain)
const overTlsPairs = pairsOf(overTls)

/** The same as a flat list, which Node writes without looking at it again: for the hot path. */
export const commonHeaderPairs = (secure: boolean): readonly string[] => (secure ? overTlsPairs : plainPairs)
