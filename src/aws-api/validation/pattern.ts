/**
 * AWS's patterns are Java's. They match the whole value, and `\w` and `\d` mean ASCII, as in JavaScript. Here they become anchored
 * expressions of JavaScript's `u` mode, which refuses escapes that mean nothing (`\@`) and needs them gone.
 */

// What may stay escaped in `u` mode: syntax characters, `/`, `-` inside a class, and the classes themselves.
const meaningfulEscape = /[\^$\\.*+?()[\]{}|/wdsWDSnrt]/

/** The whole value must match `pattern`. Throws a `SyntaxError` for what JavaScript cannot say. */
export function compilePattern(pattern: string): RegExp {
  let source = ''
  let inClass = false
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index)
    if (character === '\\') {
      const next = pattern.charAt(++index)
      if (next === 'u') {
        source += `\\u${pattern.slice(index + 1, index + 5)}`
        index += 4
      } else if (next === 'p' || next === 'P') {
        const close = pattern.indexOf('}', index)
        source += `\\${pattern.slice(index, close + 1)}`
        index = close
      } else source += meaningfulEscape.test(next) || (next === '-' && inClass) ? `\\${next}` : next
      continue
    }
    if (character === '[') inClass = true
    else if (character === ']') inClass = false
    source += character
  }
  return new RegExp(`^(?:${source})$`, 'u')
}
