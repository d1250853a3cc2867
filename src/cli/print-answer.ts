/** `Name: value`, a line for each, or one JSON object. */
export function printAnswer(answer: { readonly [name: string]: string }, asJson: boolean): void {
  const lines = Object.entries(answer).map(([name, value]) => `${name}: ${value}`)
  process.stdout.write(asJson ? `${JSON.stringify(answer)}\n` : `${lines.join('\n')}\n`)
}

/** Control characters do not reach the terminal. */
export const toTerminal = (text: string): string => text.replace(/\p{C}/gu, '?')

/** One line for each row, its values side by side, or one JSON object on each line. */
export function printRows(rows: readonly { readonly [name: string]: string }[], asJson: boolean | undefined): void {
  const line = (row: { readonly [name: string]: string }) =>
    asJson === true ? JSON.stringify(row) : toTerminal(Object.values(row).join('  '))
  process.stdout.write(rows.map((row) => `${line(row)}\n`).join(''))
}
