/** RFC 4648 §6 base32, upper case, without padding: the alphabet of TOTP seeds and of AWS's unique ids. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Every 5 bits become one character; a last group of fewer bits is filled with zeros. */
export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(buffer >>> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  if (bits > 0) text += alphabet[(buffer << (5 - bits)) & 31]
  return text
}

/** Upper or lower case, optional `=` padding. Throws a `RangeError` that does not repeat the text: it may be a seed. */
export function parseBase32(text: string): Buffer {
  const characters = text.replace(/=+$/, '').toUpperCase()
  const bytes = Buffer.alloc(Math.floor((characters.length * 5) / 8))
  let buffer = 0
  let bits = 0
  let length = 0
  for (const character of characters) {
    const value = alphabet.indexOf(character)
    if (value < 0) throw new RangeError('got a character outside base32, expected A-Z and 2-7')
    buffer = ((buffer << 5) | value) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = (buffer >>> bits) & 0xff
    }
  }
  return bytes
}
