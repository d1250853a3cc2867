#!/usr/bin/env node
/** `sallyport COMMAND`. Each command is loaded when it is asked for. */
import { readFileSync } from 'node:fs'
import { OperatorError, StorageUnavailable } from '../core/errors.ts'
import { type CommandName, commandNames, commandTable } from './commands.ts'
import { Misuse } from './options.ts'
import { readBeginning } from './read-beginning.ts'
import { usage, usageOf } from './usage.ts'

type Command = (args: readonly string[]) => Promise<number>

const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  'account create': async () => (await import('./account-create.ts')).accountCreate,
  'account list': async () => (await import('./account-list.ts')).accountList,
  'user create': async () => (await import('./user-create.ts')).userCreate,
  'user list': async () => (await import('./user-list.ts')).userList,
  'user set-password': async () => (await import('./user-set-password.ts')).userSetPassword,
  events: async () => (await import('./events.ts')).events,
  completion: async () => (await import('./completion.ts')).completion,
}

async function run(args: readonly string[]): Promise<number> {
  const [first, second] = args
  if (first === 'policy') return runPolicy(args.slice(1))
  if (first === undefined || isHelp(first) || first === 'help') return print(usage)
  if (first === '--version') return print(version())
  const one = first
  const two = `${first} ${second}`
  if (isCommand(one)) return runCommand(one, args.slice(1))
  if (isCommand(two)) return runCommand(two, args.slice(2))
  const longer = commandNames.filter((name) => name.startsWith(`${first} `))
  if (longer.length === 0) throw new Misuse(`there is no command ${JSON.stringify(first)}: sallyport --help lists them`)
  if (args.some(isHelp)) return print(usage)
  throw new Misuse(`the command is: ${longer.map((name) => `sallyport ${name}`).join(', or ')}`)
}

const isHelp = (arg: string | undefined): boolean => arg === '--help' || arg === '-h'

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandTable, name)

async function runCommand(name: CommandName, args: readonly string[]): Promise<number> {
  if (args.some(isHelp)) return print(usageOf(name))
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

function version(): string {
  const { version: text } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return text
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
