/** BinaryEquals compares the bytes that two base64 texts stand for, so padding and unused bits do not count. */

const values = new Int8Array(128).fill(-1)
for (const [index, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  values[char.charCodeAt(0)] = index
}

export function equalBinary(a: string, b: string): boolean {
  // Padding makes a difference of two characters at most; else nothing has to be read.
  if (Math.abs(a.length - b.length) > 2) return false
  const length = digitsOf(a)
  if (length < 0 || length !== digitsOf(b)) return false
  const rest = length % 4
  for (let at = 0; at < length; at++) {
    const mask = at < length - 1 || rest === 0 ? 63 : rest === 2 ? 0x30 : 0x3c
    if ((digit(a, at) & mask) !== (digit(b, at) & mask)) return false
  }
  return true
}

export function isBase64(text: string): boolean {
  return digitsOf(text) >= 0
}

/** The number of base64 digits without padding, or -1 where the text is not base64. */
function digitsOf(text: string): number {
  let { length } = text
  const padded = length
  while (length > padded - 2 && length > 0 && text.charCodeAt(length - 1) === 0x3d) length--
  if (length % 4 === 1 || (padded !== length && padded % 4 !== 0)) return -1
  for (let at = 0; at < length; at++) if (digit(text, at) < 0) return -1
  return length
}

function digit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? (values[code] ?? -1) : -1
}
