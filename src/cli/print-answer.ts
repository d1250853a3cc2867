/** `Name: value`, a line for each, or one JSON object. */
export function printAnswer(answer: { readonly [name: string]: string }, asJson: boolean): void {
  const lines = Object.entries(answer).map(([name, value]) => `${name}: ${value}`)
  process.stdout.write(asJson ? `${JSON.stringify(answer)}\n` : `${lines.join('\n')}\n`)
}
