#!/usr/bin/env node
/** `sallyport COMMAND`. Each command is loaded when it is asked for. */
import { OperatorError } from '../core/errors.ts'
import { Misuse } from './options.ts'

const usage = `Usage: sallyport COMMAND [FLAGS]

  serve            [--host 127.0.0.1] [--port 4100] [--data .sallyport] [--database-url postgres://…] [--public-url https://…]
  account create   --name N --email E --phone P --password-stdin [--data … | --database-url …] [--json]
  user create      --account ID --name N [--administrator] [--access-key] [--data … | --database-url …] [--json]
  events           [--account ID] [--limit 100] [--data … | --database-url …] [--json]
  policy           check | explain | diff  (see sallyport policy --help)

The encryption key stands in the data folder, or in the file that SALLYPORT_KEY_FILE names.`

async function run(args: readonly string[]): Promise<number> {
  const [first, second] = args
  switch (first) {
    case 'serve':
      return (await import('./serve.ts')).serve(args.slice(1))
    case 'account':
      if (second === 'create') return (await import('./account-create.ts')).accountCreate(args.slice(2))
      throw new Misuse('the command is: sallyport account create')
    case 'user':
      if (second === 'create') return (await import('./user-create.ts')).userCreate(args.slice(2))
      throw new Misuse('the command is: sallyport user create')
    case 'events':
      return (await import('./events.ts')).events(args.slice(1))
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(`${usage}\n`)
      return first === undefined ? 2 : 0
    default:
      throw new Misuse(`there is no command ${JSON.stringify(first)}: sallyport --help lists them`)
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  // What an operator can mend is one sentence; anything else is a fault of the program, and is shown whole.
  const known = error instanceof Misuse || error instanceof OperatorError
  process.stderr.write(
    known ? `sallyport: ${error.message}\n` : `sallyport: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exitCode = error instanceof Misuse ? 2 : 1
}
