/** Colours for a terminal, and none elsewhere. */

const codes = { red: 31, green: 32, yellow: 33, blue: 34, bold: 1, dim: 2 } as const

export type Paint = (colour: keyof typeof codes, text: string) => string

export function toPaint(colour: boolean): Paint {
  return (name, text) => (colour ? `\u001b[${codes[name]}m${text}\u001b[0m` : text)
}

/** What a document says may not move the cursor or turn text around: such characters are shown, not sent. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}
