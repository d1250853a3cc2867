import { parseArgs } from 'node:util'
import { PolicyMisuse } from './misuse.ts'

export interface FlagRules {
  /** Take one value. */
  readonly single: readonly string[]
  /** Take one value or more, and may be repeated: `--policy a.json b.json --policy c.json`. */
  readonly several: readonly string[]
  /** Take one value, and may be repeated. */
  readonly repeated: readonly string[]
  readonly switches: readonly string[]
}

export interface Flags {
  readonly positionals: readonly string[]
  readonly one: (name: string) => string | undefined
  readonly all: (name: string) => readonly string[]
  readonly has: (name: string) => boolean
}

/** @throws PolicyMisuse for an unknown flag, a missing value, or a single flag given twice */
export function parseFlags(args: readonly string[], rules: FlagRules): Flags {
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  let open: string | undefined
  for (const token of tokensOf(args, rules)) {
    if (token.kind === 'positional') {
      if (open === undefined) positionals.push(token.value)
      else values.get(open)?.push(token.value)
    } else if (token.kind === 'option') {
      const known = values.get(token.name) ?? []
      if (rules.single.includes(token.name) && known.length > 0) {
        throw new PolicyMisuse(`got --${token.name} twice, expected it once`)
      }
      values.set(token.name, token.value === undefined ? known : [...known, token.value])
      open = rules.several.includes(token.name) ? token.name : undefined
    } else {
      open = undefined
    }
  }
  return {
    positionals,
    one: (name) => values.get(name)?.[0],
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
  }
}

function tokensOf(args: readonly string[], rules: FlagRules): NonNullable<ReturnType<typeof parseArgs>['tokens']> {
  const options = Object.fromEntries([
    ...[...rules.single, ...rules.several, ...rules.repeated].map(
      (name) => [name, { type: 'string', multiple: true }] as const,
    ),
    ...rules.switches.map((name) => [name, { type: 'boolean' }] as const),
  ])
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true, tokens: true }).tokens
  } catch (error) {
    const first = error instanceof Error ? error.message.split('\n')[0]?.replace(/\. .*$/, '') : undefined
    throw new PolicyMisuse(
      first === undefined ? 'the flags cannot be read' : first.replace(/^./, (char) => char.toLowerCase()),
    )
  }
}
