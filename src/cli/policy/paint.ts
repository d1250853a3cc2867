/** Colours for a terminal, and none elsewhere. */

const codes = { red: 31, green: 32, yellow: 33, blue: 34, bold: 1, dim: 2 } as const

export type Paint = (colour: keyof typeof codes, text: string) => string

export function toPaint(colour: boolean): Paint {
  return (name, text) => (colour ? `\u001b[${codes[name]}m${text}\u001b[0m` : text)
}

const controls = /[\p{Cc}\p{Cf}]/gu

/** What a document says may not move the cursor or turn text around: such characters are shown, not sent. */
export function printable(text: string): string {
  return text.replace(controls, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}

/** JSON for programs, which people read too. `JSON.stringify` escapes what is below U+0020; line ends are its own. */
export function printableJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(controls, (char) => (char === '\n' ? char : escaped(char)))}\n`
}

/** A character beyond U+FFFF is two units, each with an escape of its own. */
function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  )
}
