/** All commands and their flags. What is parsed, what `--help` prints and what a shell completes are made of this table. */

interface Flag {
  /** What stands for its value in the usage; absent: a switch. */
  readonly value?: string
  readonly needed?: true
  readonly help: string
}

interface CommandFacts {
  /** A few words, for the list of all. */
  readonly summary: string
  readonly about: string
  readonly flags: { readonly [name: string]: Flag }
  /** It works on a store, and takes the flags that say where that is. */
  readonly store: boolean
}

const account = { value: 'ID', needed: true, help: 'the 12 digits of the account' } as const
const userName = { value: 'N', needed: true, help: 'user name' } as const
const oneObject = { help: 'print one JSON object' } as const
const oneObjectEach = { help: 'one JSON object on each line' } as const

export const storeFlags = {
  data: { value: 'FOLDER', help: 'where the embedded store and the key are (.sallyport)' },
  'database-url': { value: 'URL', help: 'PostgreSQL instead: postgres://user:password@host:5432/database' },
} as const

export const commandTable = {
  serve: {
    summary: 'serve the console and the AWS API',
    about: `Serves the console and the AWS API until SIGTERM or SIGINT. A new store is made where there is none, and while no account
exists a link is printed with which one is created.`,
    flags: {
      host: { value: 'HOST', help: 'address to listen on (127.0.0.1)' },
      port: { value: 'PORT', help: 'port to listen on, 0 for any free one (4100)' },
      'public-url': { value: 'URL', help: 'the address that browsers use, when a proxy with TLS stands in front' },
    },
    store: true,
  },
  'account create': {
    summary: 'create an AWS account with its root user',
    about: 'Creates an AWS account with its root user, and prints the account id.',
    flags: {
      name: { value: 'N', needed: true, help: 'account name, 1 to 50 characters' },
      email: { value: 'E', needed: true, help: 'root user email address' },
      phone: { value: 'P', needed: true, help: 'contact phone' },
      'password-stdin': { needed: true, help: 'the password of the root user is read from standard input' },
      json: { help: 'print {"AccountId": …}' },
    },
    store: true,
  },
  'account list': {
    summary: 'list the accounts',
    about: 'Lists the accounts of the store: id, name, email of the root user, alias.',
    flags: { json: oneObjectEach },
    store: true,
  },
  'user create': {
    summary: 'create an IAM user',
    about: 'Creates an IAM user in an account.',
    flags: {
      account,
      name: userName,
      administrator: { help: 'the user may do everything in the account' },
      'access-key': { help: 'give the user an access key, and print it' },
      'password-stdin': { help: 'give the user a console password, read from standard input' },
      json: oneObject,
    },
    store: true,
  },
  'user list': {
    summary: 'list the IAM users of an account',
    about: 'Lists the IAM users of an account by name.',
    flags: { account, json: oneObjectEach },
    store: true,
  },
  'user set-password': {
    summary: 'give an IAM user a console password',
    about: 'Gives an IAM user a console password, or another in the place of the one it has. Its console sessions end.',
    flags: {
      account,
      name: userName,
      'password-stdin': { needed: true, help: 'the password of the user is read from standard input' },
      json: oneObject,
    },
    store: true,
  },
  events: {
    summary: 'print the record, newest first',
    about: 'Prints the record, newest first.',
    flags: {
      account: { value: 'ID', help: 'of one account only' },
      limit: { value: 'N', help: 'how many (100)' },
      json: { help: "one event in CloudTrail's format on each line" },
    },
    store: true,
  },
  completion: {
    summary: 'print the completion of these commands for a shell',
    about: `Prints a script that completes commands and flags: source <(sallyport completion --shell bash)`,
    flags: { shell: { value: 'SHELL', needed: true, help: 'bash or zsh' } },
    store: false,
  },
} as const satisfies Readonly<Record<string, CommandFacts>>

/** They work on files alone, and read their own flags: src/cli/policy. */
export const policyCommands = ['check', 'explain', 'diff'] as const

export type CommandName = keyof typeof commandTable

export const commandNames = Object.keys(commandTable) as readonly CommandName[]

/** Of the command, with those that say where the store is. */
export function flagsOf(name: CommandName): Readonly<Record<string, Flag>> {
  const { flags, store } = commandTable[name]
  return { ...flags, ...(store ? storeFlags : {}) }
}
