#!/usr/bin/env node
import { OperatorError, StorageUnavailable } from '../core/errors.ts'
import { Misuse } from './options.ts'
/** `sallyport COMMAND`. Each command is loaded when it is asked for. */
import { readBeginning } from './read-beginning.ts'
import { type CommandName, commandUsage, usage } from './usage.ts'

type Command = (args: readonly string[]) => Promise<number>

const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  'account create': async () => (await import('./account-create.ts')).accountCreate,
  'user create': async () => (await import('./user-create.ts')).userCreate,
  'user set-password': async () => (await import('./user-set-password.ts')).userSetPassword,
  events: async () => (await import('./events.ts')).events,
}

async function run(args: readonly string[]): Promise<number> {
  const [first, second] = args
  if (first === undefined) throw new Misuse('a command is needed: sallyport --help lists them')
  if (first === 'policy') return runPolicy(args.slice(1))
  if (isHelp(first) || first === 'help') return print(usage)
  const one = first
  const two = `${first} ${second}`
  if (isCommand(one)) return runCommand(one, args.slice(1))
  if (isCommand(two)) return runCommand(two, args.slice(2))
  const longer = Object.keys(commandUsage).filter((name) => name.startsWith(`${first} `))
  if (longer.length === 0) throw new Misuse(`there is no command ${JSON.stringify(first)}: sallyport --help lists them`)
  if (args.some(isHelp)) return print(usage)
  throw new Misuse(`the command is: ${longer.map((name) => `sallyport ${name}`).join(', or ')}`)
}

const isHelp = (arg: string | undefined): boolean => arg === '--help' || arg === '-h'

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandUsage, name)

async function runCommand(name: CommandName, args: readonly string[]): Promise<number> {
  if (args.some(isHelp)) return print(commandUsage[name])
  return (await commands[name]())(args)
}

async function runPolicy(args: readonly string[]): Promise<number> {
  const { runPolicyCommand } = await import('./policy/policy-command.ts')
  return runPolicyCommand(args, {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    readFile: readBeginning,
  })
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

// Whoever reads the output may have seen enough (`sallyport events | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`sallyport: ${explain(error)}\n`)
  process.exitCode = error instanceof Misuse ? 2 : 1
}

/** What an operator can mend is one sentence; anything else is a fault of the program, and is shown whole. */
function explain(error: unknown): string {
  if (error instanceof Misuse || error instanceof OperatorError) return error.message
  if (error instanceof StorageUnavailable) return `the store cannot be used now, nothing was changed (${error.message})`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
