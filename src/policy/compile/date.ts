/**
 * Dates of condition values: the W3C profile of ISO 8601 (`2026`, `2026-11`, `2026-11-24`, `2026-11-24T10:00Z`,
 * `…:00.5+01:00`) or seconds since 1970. Four digits alone are a year. A time without zone is UTC.
 */

/** Reads a date into `out[0]`, in milliseconds since 1970. Nothing is allocated: this runs inside `decide`. */
export function readDate(text: string, out: Float64Array): boolean {
  const { length } = text
  const year = digits(text, 0, 4)
  if (year < 0) return readEpoch(text, out)
  if (length === 4) return setDay(out, year, 1, 1)
  if (text.charCodeAt(4) !== 0x2d) return readEpoch(text, out)
  const month = digits(text, 5, 2)
  if (month < 1 || month > 12) return false
  if (length === 7) return setDay(out, year, month, 1)
  if (text.charCodeAt(7) !== 0x2d) return false
  const day = digits(text, 8, 2)
  if (day < 1 || day > daysIn(year, month)) return false
  setDay(out, year, month, day)
  if (length === 10) return true
  if ((text.charCodeAt(10) | 0x20) !== 0x74) return false
  return readTime(text, out)
}

/** For callers outside `decide`: milliseconds, or NaN. */
export function parseDate(text: string): number {
  const out = new Float64Array(1)
  return readDate(text, out) ? (out[0] ?? Number.NaN) : Number.NaN
}

function readTime(text: string, out: Float64Array): boolean {
  const hours = digits(text, 11, 2)
  const minutes = digits(text, 14, 2)
  if (hours < 0 || hours > 23 || text.charCodeAt(13) !== 0x3a || minutes < 0 || minutes > 59) return false
  let milliseconds = (hours * 60 + minutes) * 60_000
  let at = 16
  if (text.charCodeAt(at) === 0x3a) {
    const seconds = digits(text, 17, 2)
    if (seconds < 0 || seconds > 59) return false
    milliseconds += seconds * 1000
    at = 19
    if (text.charCodeAt(at) === 0x2e) {
      const from = ++at
      let scale = 100
      for (; isDigit(text.charCodeAt(at)); at++) {
        milliseconds += (text.charCodeAt(at) - 0x30) * scale
        scale /= 10
      }
      if (at === from) return false
    }
  }
  const offset = zoneMinutes(text, at)
  if (offset === noZone) return false
  out[0] = (out[0] ?? 0) + milliseconds - offset * 60_000
  return true
}

const noZone = 10_000

function zoneMinutes(text: string, at: number): number {
  if (at === text.length) return 0
  const sign = text.charCodeAt(at)
  if ((sign | 0x20) === 0x7a) return at + 1 === text.length ? 0 : noZone
  if (sign !== 0x2b && sign !== 0x2d) return noZone
  const hours = digits(text, at + 1, 2)
  if (hours < 0 || hours > 23) return noZone
  let minutes = 0
  let end = at + 3
  if (end < text.length) {
    if (text.charCodeAt(end) === 0x3a) end++
    minutes = digits(text, end, 2)
    end += 2
    if (minutes < 0 || minutes > 59) return noZone
  }
  if (end !== text.length) return noZone
  return (sign === 0x2b ? 1 : -1) * (hours * 60 + minutes)
}

function readEpoch(text: string, out: Float64Array): boolean {
  let seconds = 0
  let at = 0
  for (; isDigit(text.charCodeAt(at)); at++) seconds = seconds * 10 + (text.charCodeAt(at) - 0x30)
  if (at === 0) return false
  if (text.charCodeAt(at) === 0x2e) {
    const from = ++at
    let scale = 0.1
    for (; isDigit(text.charCodeAt(at)); at++) {
      seconds += (text.charCodeAt(at) - 0x30) * scale
      scale /= 10
    }
    if (at === from) return false
  }
  if (at !== text.length) return false
  out[0] = seconds * 1000
  return true
}

/** Days since 1970 of a date of the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function setDay(out: Float64Array, year: number, month: number, day: number): boolean {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  out[0] = (era * 146_097 + dayOfEra - 719_468) * 86_400_000
  return true
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The number that `count` digits make, or -1. */
function digits(text: string, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const code = text.charCodeAt(at)
    if (!isDigit(code)) return -1
    value = value * 10 + (code - 0x30)
  }
  return value
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
