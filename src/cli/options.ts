import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type AccountId, parseAccountId } from '../core/account-id.ts'
import { systemRandom } from '../core/random.ts'
import { openStore, type Store } from '../open-store.ts'

/** The command line cannot be understood: exit code 2. Its message is the one sentence to print. */
export class Misuse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Misuse'
  }
}

type Options = NonNullable<ParseArgsConfig['options']>

const storeOptions = { data: { type: 'string' }, 'database-url': { type: 'string' } } as const

type Flags<T extends Options> = { readonly [name in keyof T]?: T[name]['type'] extends 'boolean' ? boolean : string }

/** Flags of a command, with those that say where the data is. Each is given at most once, and no value is empty. */
export function parseFlags<T extends Options>(args: readonly string[], options: T): Flags<T & typeof storeOptions> {
  const { values, tokens } = parse(args, { ...storeOptions, ...options })
  const given = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    if (given.has(token.name)) throw new Misuse(`the flag --${token.name} is given twice`)
    // An empty value is a variable that is not set; an empty --host would even mean every address of the machine.
    if (token.value === '') throw new Misuse(`the flag --${token.name} has an empty value`)
    given.add(token.name)
  }
  // No flag is `multiple`, so each has one value of its own type.
  return values as Flags<T & typeof storeOptions>
}

function parse(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false, tokens: true })
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

export function getFlag(value: string | undefined, name: string): string {
  if (value === undefined) throw new Misuse(`the flag --${name} is needed`)
  return value
}

export function parseAccountFlag(value: string): AccountId {
  if (!/^[0-9]{12}$/.test(value)) throw new Misuse(`got --account ${JSON.stringify(value)}, expected 12 digits`)
  return parseAccountId(value)
}

/** The model's pattern for the names of new users (botocore, iam/2010-05-08: userNameType). */
const userNamePattern = /^[\w+=,.@-]{1,64}$/

export function parseUserNameFlag(value: string): string {
  if (!userNamePattern.test(value))
    throw new Misuse(`got --name ${JSON.stringify(value)}, expected 1 to 64 of A-Z a-z 0-9 _ + = , . @ -`)
  return value
}

/** A password that stands in a command is seen by every user of the machine: there is no flag for it. */
export function requirePasswordStdin(given: boolean | undefined): void {
  if (given !== true) throw new Misuse('the flag --password-stdin is needed: the password is read from standard input')
}

export function parseNumberFlag(value: string, name: string, min: number, max: number): number {
  const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min && number <= max))
    throw new Misuse(`got --${name} ${JSON.stringify(value)}, expected a number from ${min} to ${max}`)
  return number
}
