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

/** Flags of a command, with those that say where the data is. */
export function parseFlags<T extends Options>(args: readonly string[], options: T): Flags<T & typeof storeOptions> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...storeOptions, ...options },
      strict: true,
      allowPositionals: false,
    })
    // No flag is `multiple`, so each has one value of its own type.
    return values as Flags<T & typeof storeOptions>
  } catch (error) {
    throw new Misuse(error instanceof Error ? (error.message.split('\n')[0] ?? 'wrong flags') : 'wrong flags')
  }
}

const dataFolderDefault = '.sallyport'

export function openStoreOf(flags: {
  readonly data?: string | undefined
  readonly 'database-url'?: string | undefined
}): Promise<Store> {
  const keyFile = process.env['SALLYPORT_KEY_FILE']
  const databaseUrl = flags['database-url']
  return openStore(
    {
      dataFolder: flags.data ?? dataFolderDefault,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(keyFile === undefined || keyFile === '' ? {} : { keyFile }),
    },
    systemRandom,
  )
}

export function getFlag(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new Misuse(`the flag --${name} is needed`)
  return value
}

export function parseAccountFlag(value: string): AccountId {
  if (!/^[0-9]{12}$/.test(value)) throw new Misuse(`got --account ${JSON.stringify(value)}, expected 12 digits`)
  return parseAccountId(value)
}

export function parseNumberFlag(value: string, name: string, min: number, max: number): number {
  const number = /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= min && number <= max))
    throw new Misuse(`got --${name} ${JSON.stringify(value)}, expected a number from ${min} to ${max}`)
  return number
}
