/**
 * Numbers of condition values: JSON's form, with an optional `+` and leading zeros. `Number()` alone would take `''` for
 * zero, and `0x10`, ` 5 ` and `Infinity` for numbers.
 */

/** Reads a number into `out[0]`. Nothing is allocated: this runs inside `decide`. */
export function readNumber(text: string, out: Float64Array): boolean {
  let at = 0
  const sign = text.charCodeAt(0)
  if (sign === 0x2b || sign === 0x2d) at++
  const whole = skipDigits(text, at)
  if (whole === at) return false
  at = whole
  if (text.charCodeAt(at) === 0x2e) {
    const fraction = skipDigits(text, at + 1)
    if (fraction === at + 1) return false
    at = fraction
  }
  if ((text.charCodeAt(at) | 0x20) === 0x65) {
    at++
    const exponentSign = text.charCodeAt(at)
    if (exponentSign === 0x2b || exponentSign === 0x2d) at++
    const exponent = skipDigits(text, at)
    if (exponent === at) return false
    at = exponent
  }
  if (at !== text.length) return false
  out[0] = Number(text)
  return true
}

function skipDigits(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (!(code >= 0x30 && code <= 0x39)) return at
    at++
  }
}
