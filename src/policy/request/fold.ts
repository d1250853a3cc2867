/**
 * Names are compared without regard to case where AWS's have any: in ASCII. `toLowerCase` would make `k` of U+212A, the sign
 * for kelvin, and so another name.
 */

/** The text with A to Z in lower case. */
export function toAsciiLower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

/** Compares in place: `toLowerCase` would allocate on every request. */
export function startsWithIgnoringCase(text: string, lowerCaseStart: string): boolean {
  for (let at = 0; at < lowerCaseStart.length; at++) {
    const code = lowerCaseStart.charCodeAt(at)
    const got = text.charCodeAt(at)
    if (got !== code && !((got | 0x20) === code && got >= 0x41 && got <= 0x5a)) return false
  }
  return true
}

export function equalsIgnoringCase(text: string, lowerCase: string): boolean {
  return text.length === lowerCase.length && startsWithIgnoringCase(text, lowerCase)
}
