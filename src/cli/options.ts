import { parseArgs } from 'node:util'
import { type AccountId, parseAccountId } from '../core/account-id.ts'
import { systemRandom } from '../core/random.ts'
import { openStore, type Store } from '../open-store.ts'
import { type CommandName, type commandTable, flagsOf } from './commands.ts'

/** The command line cannot be understood: exit code 2. Its message is the one sentence to print. */
export class Misuse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Misuse'
  }
}

type FactsOf<N extends CommandName> = (typeof commandTable)[N]['flags']

/** A value for each flag of the table that has one, and whether a switch was given. */
type Flags<N extends CommandName> = StoreFlags & {
  readonly [F in keyof FactsOf<N>]: FactsOf<N>[F] extends { value: string }
    ? FactsOf<N>[F] extends { needed: true }
      ? string
      : string | undefined
    : boolean | undefined
}

/** Each flag is given at most once, those that are needed are given, and no value is empty. */
export function parseFlags<N extends CommandName>(name: N, args: readonly string[]): Flags<N> {
  const facts = flagsOf(name)
  const { values, tokens } = parse(args, facts)
  const given = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    if (given.has(token.name)) throw new Misuse(`the flag --${token.name} is given twice`)
    // An empty value is a variable that is not set; an empty --host would even mean every address of the machine.
    if (token.value === '') throw new Misuse(`the flag --${token.name} has an empty value`)
    given.add(token.name)
  }
  for (const [flag, { needed, help }] of Object.entries(facts)) {
    if (needed !== true || given.has(flag)) continue
    throw new Misuse(`the flag --${flag} is needed: ${help}`)
  }
  // No flag is `multiple`, so each has one value of its own type, and those that are needed are there.
  return values as Flags<N>
}

function parse(args: readonly string[], facts: ReturnType<typeof flagsOf>) {
  const takesValue = (arg: string | undefined) =>
    arg?.startsWith('--') === true && facts[arg.slice(2)]?.value !== undefined
  // `--limit -3` is a number that is refused as one, and not a flag -3.
  const joined: string[] = []
  for (const arg of args) {
    const before = joined.at(-1)
    if (/^-\d/.test(arg) && takesValue(before)) joined[joined.length - 1] = `${before}=${arg}`
    else joined.push(arg)
  }
  const options = Object.fromEntries(
    Object.entries(facts).map(([flag, { value }]) => [
      flag,
      { type: value === undefined ? 'boolean' : 'string' } as const,
    ]),
  )
  try {
    return parseArgs({ args: joined, options, strict: true, allowPositionals: false, tokens: true })
  } catch (error) {
    // Node's first sentence says what is wrong, the others how to write odd file names.
    const reason = error instanceof Error ? (error.message.split(/\.\s|\n/)[0] ?? '') : ''
    throw new Misuse(reason.charAt(0).toLowerCase() + reason.slice(1))
  }
}

const dataFolderDefault = '.sallyport'

interface StoreFlags {
  readonly data?: string | undefined
  readonly 'database-url'?: string | undefined
}

/** `mustExist`: the command is about what is there, and makes no new store. */
export function openStoreOf(flags: StoreFlags, { mustExist = false } = {}): Promise<Store> {
  const keyFile = process.env['SALLYPORT_KEY_FILE']
  const databaseUrl = flags['database-url']
  return openStore(
    {
      dataFolder: flags.data ?? dataFolderDefault,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(keyFile === undefined || keyFile === '' ? {} : { keyFile }),
      mustExist,
    },
    systemRandom,
  )
}

/** As AWS's console shows it, too: 3342-5248-7732. */
export function parseAccountFlag(value: string): AccountId {
  const digits = /^\d{4}-\d{4}-\d{4}$/.test(value) ? value.replaceAll('-', '') : value
  if (!/^[0-9]{12}$/.test(digits)) throw new Misuse(`got --account ${JSON.stringify(value)}, expected 12 digits`)
  return parseAccountId(digits)
}

/** The model's pattern for the names of new users (botocore, iam/2010-05-08: userNameType). */
const userNamePattern = /^[\w+=,.@-]{1,64}$/

export function parseUserNameFlag(value: string): string {
  if (!userNamePattern.test(value))
    throw new Misuse(`got --name ${JSON.stringify(value)}, expected 1 to 64 of A-Z a-z 0-9 _ + = , . @ -`)
  return value
}

export function parseNumberFlag(value: string, name: string, min: number, max: number): number {
  const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min && number <= max))
    throw new Misuse(`got --${name} ${JSON.stringify(value)}, expected a number from ${min} to ${max}`)
  return number
}
