/**
 * IPv4 and IPv6 addresses and CIDR ranges. An IPv4 address is kept as `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2), so that a
 * socket's mapped form and the plain form are one address; the family keeps `::/0` from meaning IPv4 too.
 */

export interface IpRange {
  readonly family: 4 | 6
  readonly words: Uint16Array
  /** Leading bits that count, of 128. */
  readonly bits: number
}

/** Reads an address into eight words. Returns its family, or 0. Nothing is allocated: this runs inside `decide`. */
export function readIp(text: string, words: Uint16Array): 0 | 4 | 6 {
  return text.includes(':') ? readIp6(text, words) : readIp4(text, 0, words, 6) ? mapped(words) : 0
}

/**
 * A network as a policy writes it. AWS takes leading zeros in the bytes of version 4, `/024` and `/+24`; of version 6 it takes
 * no network with host bits (`2001:db8::5/64`), which undefined stands for (recorded: github.com/radkawar/stackd).
 */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/')
  const words = new Uint16Array(8)
  const written = slash < 0 ? text : text.slice(0, slash)
  const isVersion6 = written.includes(':')
  const family = readIp(isVersion6 ? written : written.replace(/(^|\.)0+(?=\d)/g, '$1'), words)
  if (family === 0) return undefined
  const width = isVersion6 ? 128 : 32
  let bits = 128
  if (slash >= 0) {
    const prefix = text.slice(slash + 1)
    if (!/^\+?\d+$/.test(prefix) || Number(prefix) > width) return undefined
    bits = Number(prefix) + (128 - width)
  }
  if (isVersion6 && hasHostBits(words, bits)) return undefined
  return { family: family === 4 && bits >= 96 ? 4 : 6, words, bits }
}

function hasHostBits(words: Uint16Array, bits: number): boolean {
  return words.some((word, index) => {
    const kept = Math.min(16, Math.max(0, bits - index * 16))
    return (word & (0xffff >> kept)) !== 0
  })
}

export function isInRange(range: IpRange, family: 4 | 6, words: Uint16Array): boolean {
  if (range.family !== family) return false
  let left = range.bits
  for (let index = 0; left > 0; index++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff
    if ((((range.words[index] ?? 0) ^ (words[index] ?? 0)) & mask) !== 0) return false
  }
  return true
}

function mapped(words: Uint16Array): 4 {
  words.fill(0, 0, 5)
  words[5] = 0xffff
  return 4
}

/** Four decimal bytes from `at` to the end of the text, into `words[index]` and the next. */
function readIp4(text: string, from: number, words: Uint16Array, index: number): boolean {
  let at = from
  let high = 0
  for (let byte = 0; byte < 4; byte++) {
    let value = 0
    const start = at
    for (; at - start < 3; at++) {
      const code = text.charCodeAt(at)
      if (!(code >= 0x30 && code <= 0x39)) break
      value = value * 10 + (code - 0x30)
    }
    // A leading zero is octal to some and decimal to others: refused.
    if (at === start || value > 255 || (at - start > 1 && text.charCodeAt(start) === 0x30)) return false
    if (byte < 3 && text.charCodeAt(at++) !== 0x2e) return false
    if (byte % 2 === 0) high = value
    else words[index + (byte >> 1)] = (high << 8) | value
  }
  return at === text.length
}

function readIp6(text: string, words: Uint16Array): 0 | 4 | 6 {
  const { length } = text
  let at = 0
  let index = 0
  let gap = -1
  if (text.charCodeAt(0) === 0x3a) {
    if (text.charCodeAt(1) !== 0x3a) return 0
    gap = 0
    at = 2
  }
  while (at < length) {
    if (index === 8) return 0
    let value = 0
    const start = at
    for (; at - start < 4; at++) {
      const digit = hexDigit(text.charCodeAt(at))
      if (digit < 0) break
      value = (value << 4) | digit
    }
    if (at < length && text.charCodeAt(at) === 0x2e) {
      if (index > 6 || !readIp4(text, start, words, index)) return 0
      index += 2
      at = length
      break
    }
    if (at === start) return 0
    words[index++] = value
    if (at === length) break
    if (text.charCodeAt(at++) !== 0x3a) return 0
    if (text.charCodeAt(at) === 0x3a) {
      if (gap >= 0) return 0
      gap = index
      at++
    } else if (at === length) {
      return 0
    }
  }
  if (gap < 0 ? index !== 8 : index > 7) return 0
  if (gap >= 0) spread(words, gap, index)
  if (words[5] !== 0xffff) return 6
  for (let word = 0; word < 5; word++) if (words[word] !== 0) return 6
  return 4
}

/** Moves the words after `::` to the end and fills the gap with zeros. */
function spread(words: Uint16Array, gap: number, count: number): void {
  const after = count - gap
  words.copyWithin(8 - after, gap, count)
  words.fill(0, gap, 8 - after)
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
