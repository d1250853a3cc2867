/** What `--help` prints. */
import { type CommandName, commandNames, commandTable, flagsOf } from './commands.ts'

const shown = (name: string, value: string | undefined): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`

export function usageOf(command: CommandName): string {
  const flags = Object.entries(flagsOf(command))
  const needed = flags.filter(([, flag]) => flag.needed).map(([name, { value }]) => shown(name, value))
  const optional = flags.some(([, flag]) => !flag.needed) ? ['[FLAGS]'] : []
  const rows = flags.map(([name, { value, help }]) => `  ${shown(name, value).padEnd(22)} ${help}`)
  return [
    `Usage: ${['sallyport', command, ...needed, ...optional].join(' ')}`,
    '',
    commandTable[command].about,
    '',
    ...rows,
  ].join('\n')
}

const rows = [
  ...commandNames.map((name) => [name, commandTable[name].summary] as const),
  ['policy', 'check, explain and compare IAM policies'] as const,
]

export const usage = `Usage: sallyport COMMAND [FLAGS]

${rows.map(([name, summary]) => `  ${name.padEnd(18)} ${summary}`).join('\n')}

sallyport COMMAND --help shows the flags of a command, sallyport --version the version. The encryption key stands in the data
folder, or in the file that SALLYPORT_KEY_FILE names.`
