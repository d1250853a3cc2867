import { OperatorError } from '../core/errors.ts'

/** All of standard input but the line end that `echo` adds, and the mark that some editors put before UTF-8. */
export async function readPassword(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r?\n$/, '')
  } catch {
    throw new OperatorError('the password on standard input is not UTF-8')
  }
}
