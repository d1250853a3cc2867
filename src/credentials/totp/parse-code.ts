/**
 * Six ASCII digits as an integer; undefined for everything else. The argument is unknown on purpose: a request body may hold
 * an array, a number or a decorated code, and a decorated code that is taken for the plain one was a way round the mark
 * "already used" elsewhere (CVE-2025-6014). Nothing is trimmed or normalised.
 */
export function parseCode(code: unknown): number | undefined {
  return typeof code === 'string' && /^[0-9]{6}$/.test(code) ? Number(code) : undefined
}
