/**
 * How two patterns with `*` and `?` relate: does one cover the other, can one text match both. Findings ask this of
 * patterns as they are written, so a policy variable is a symbol of its own here: it equals itself and nothing else
 * in `covers`, and may stand for anything in `overlaps`.
 *
 * Both answers err on the quiet side: `covers` says no and `overlaps` says yes where they cannot tell.
 */

const anyRun = Symbol('*')
const anyOne = Symbol('?')

type Token = string | typeof anyRun | typeof anyOne

/** Two patterns of 1,000 characters each; longer ones are taken to overlap. */
const overlapStepsMax = 1_000_000

/** True when every text that `inner` matches is matched by `outer` too. */
export function covers(outer: string, inner: string): boolean {
  // Most patterns are plain, or end in their only star.
  const special = outer.search(/[*?$]/)
  if (special < 0) return outer === inner
  if (special === outer.length - 1 && outer.endsWith('*')) return inner.startsWith(outer.slice(0, -1))
  const pattern = toTokens(outer)
  const text = toTokens(inner)
  let p = 0
  let t = 0
  let starAt = -1
  let resumeAt = 0
  while (t < text.length) {
    const token = pattern[p]
    if (token === anyRun) {
      starAt = p++
      resumeAt = t
    } else if (p < pattern.length && coversToken(token, text[t])) {
      p++
      t++
    } else if (starAt >= 0) {
      p = starAt + 1
      t = ++resumeAt
    } else {
      return false
    }
  }
  while (pattern[p] === anyRun) p++
  return p === pattern.length
}

/** True when some text may match both. */
export function overlaps(left: string, right: string): boolean {
  const a = toTokens(left).map(variableAsWildcard)
  const b = toTokens(right).map(variableAsWildcard)
  if (a.length * b.length > overlapStepsMax) return true
  // reachable[j]: the rest of `a` from i on and the rest of `b` from j on can still meet.
  let next = restMeets(b)
  for (let i = a.length - 1; i >= 0; i--) {
    const row = new Array<boolean>(b.length + 1).fill(false)
    for (let j = b.length; j >= 0; j--) row[j] = meets(a[i], b[j], j < b.length, next, row, j)
    next = row
  }
  return next[0] === true
}

/** True when some ARN may match both; a wildcard in one of the first five parts does not reach over a colon. */
export function arnsOverlap(left: string, right: string): boolean {
  if (/^\*+$/.test(left) || /^\*+$/.test(right)) return true
  const [a, b] = [arnParts(left), arnParts(right)]
  return a.length === b.length && a.every((part, index) => overlaps(part, b[index] ?? ''))
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length > 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : parts
}

/** Does `text` hold a `*` or `?` that is a wildcard, and not the literal `${*}` or `${?}`? */
export function hasWildcard(text: string): boolean {
  return toTokens(text).some((token) => token === anyRun || token === anyOne)
}

/** The names of the policy variables in `text`, in order: `${aws:username, 'x'}` gives `aws:username`. */
export function variablesOf(text: string): string[] {
  const names: string[] = []
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    const name = (match[1] ?? '').split(',')[0]?.trim() ?? ''
    if (name !== '' && name !== '*' && name !== '?' && name !== '$') names.push(name)
  }
  return names
}

function toTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const close = text.startsWith('${', at) ? text.indexOf('}', at) : -1
    if (close > 0) {
      const name = text.slice(at + 2, close)
      tokens.push(name === '*' || name === '?' || name === '$' ? name : text.slice(at, close + 1))
      at = close + 1
      continue
    }
    const char = text.charAt(at++)
    tokens.push(char === '*' ? anyRun : char === '?' ? anyOne : char)
  }
  return tokens
}

function coversToken(outer: Token | undefined, inner: Token | undefined): boolean {
  if (outer === anyOne) return inner === anyOne || (typeof inner === 'string' && inner.length === 1)
  return outer === inner && outer !== undefined
}

function variableAsWildcard(token: Token): Token {
  return typeof token === 'string' && token.length > 1 ? anyRun : token
}

/** For the empty rest of `a`: only a rest of `b` that is nothing but stars can still meet it. */
function restMeets(b: readonly Token[]): boolean[] {
  const row = new Array<boolean>(b.length + 1).fill(false)
  row[b.length] = true
  for (let j = b.length - 1; j >= 0 && b[j] === anyRun; j--) row[j] = true
  return row
}

function meets(
  a: Token | undefined,
  b: Token | undefined,
  bHasMore: boolean,
  next: readonly boolean[],
  row: readonly boolean[],
  j: number,
): boolean {
  if (a === anyRun) return next[j] === true || (bHasMore && row[j + 1] === true)
  if (!bHasMore) return false
  if (b === anyRun) return row[j + 1] === true || next[j] === true
  return (a === anyOne || b === anyOne || a === b) && next[j + 1] === true
}
