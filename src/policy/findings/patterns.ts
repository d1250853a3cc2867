/**
 * How two patterns with `*` and `?` relate: does one cover the other, can one text match both. Findings ask this of
 * patterns as they are written, so a policy variable is a symbol of its own here: it equals itself and nothing else
 * in `covers`, and may stand for anything in `overlaps`.
 *
 * Both answers err on the quiet side: `covers` says no and `overlaps` says yes where they cannot tell.
 */

const anyRun = Symbol('*')
const anyOne = Symbol('?')
/** The same, within a segment of an ARN: no colon. */
const runWithin = Symbol('* without colon')
const oneWithin = Symbol('? without colon')

type Token = string | typeof anyRun | typeof anyOne | typeof runWithin | typeof oneWithin

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
  return meet(toTokens(left), toTokens(right))
}

function meet(left: readonly Token[], right: readonly Token[]): boolean {
  const a = left.map(variableAsWildcard)
  const b = right.map(variableAsWildcard)
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

/**
 * True when an ARN of this form may be meant by an entry of Resource. An entry of six parts means them one by one, although
 * a star may reach over colons (compile/resource.ts); one that lacks parts means what a star in it reaches, or what
 * stars in their place would.
 */
export function resourceOverlaps(form: string, entry: string): boolean {
  if (/^\*+$/.test(form) || /^\*+$/.test(entry)) return true
  const parts = entry.replace(/\$\{[^}]*\}/g, '').split(':')
  const known = withinSegments(toTokens(form), false)
  if (parts.length >= 6) return meet(known, withinSegments(toTokens(entry), false))
  const completed = entry + ':*'.repeat(6 - parts.length)
  const isAccount = /^(?:aws|[\d*?]*)$/.test(parts[4] ?? '')
  return (
    meet(known, withinSegments(toTokens(entry), true)) ||
    (isAccount && meet(known, withinSegments(toTokens(completed), false)))
  )
}

function withinSegments(tokens: readonly Token[], reaches: boolean): readonly Token[] {
  let colons = 0
  return tokens.map((token, index) => {
    if (token === ':') colons++
    if (colons >= 5) return token
    const next = tokens[index + 1]
    if (token === anyRun) return reaches && (next === undefined || next === ':') ? anyRun : runWithin
    return token === anyOne ? oneWithin : token
  })
}

/** Does `text` hold a `*` or `?` that is a wildcard, and not the literal `${*}` or `${?}`? */
export function hasWildcard(text: string): boolean {
  return toTokens(text).some((token) => token === anyRun || token === anyOne)
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
  for (let j = b.length - 1; j >= 0 && isRun(b[j]); j--) row[j] = true
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
  if (isRun(a)) return next[j] === true || (bHasMore && takes(a, b) && row[j + 1] === true)
  if (!bHasMore) return false
  if (isRun(b)) return row[j + 1] === true || (takes(b, a) && next[j] === true)
  const isOne = a === anyOne || a === oneWithin || b === anyOne || b === oneWithin
  return (isOne ? takes(a, b) && takes(b, a) : a === b) && next[j + 1] === true
}

function isRun(token: Token | undefined): boolean {
  return token === anyRun || token === runWithin
}

/** May the one stand where the other does? Only a colon is not for everyone. */
function takes(token: Token | undefined, other: Token | undefined): boolean {
  return other !== ':' || (token !== runWithin && token !== oneWithin)
}
