import { type CommandName, commandNames, flagsOf, policyCommands } from './commands.ts'
import { Misuse, parseFlags } from './options.ts'

export async function completion(args: readonly string[]): Promise<number> {
  const { shell } = parseFlags('completion', args)
  const script = scripts[shell]
  if (script === undefined) throw new Misuse(`got --shell ${JSON.stringify(shell)}, expected bash or zsh`)
  process.stdout.write(script)
  return 0
}

const flagWords = (name: CommandName): string =>
  [...Object.keys(flagsOf(name)), 'help'].map((flag) => `--${flag}`).join(' ')

const firstWords = [...new Set([...commandNames.map((name) => name.split(' ')[0]), 'policy'])].join(' ')

const secondWords = (first: string): string =>
  commandNames.flatMap((name) => (name.startsWith(`${first} `) ? name.slice(first.length + 1) : [])).join(' ')

const groups = [...new Set(commandNames.flatMap((name) => (name.includes(' ') ? (name.split(' ')[0] ?? []) : [])))]

/** The words of a command are the first one or two; everything behind them is a flag. */
const bash = `_sallyport() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${firstWords} --help --version"
  else
    case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${commandNames.map((name) => `      "${name}${name.includes(' ') ? '' : ' '}"*) words="${flagWords(name)}" ;;`).join('\n')}
    esac
    if [ "$COMP_CWORD" -eq 2 ]; then
      case "\${COMP_WORDS[1]}" in
${groups.map((group) => `        ${group}) words="${secondWords(group)}" ;;`).join('\n')}
        policy) words="${policyCommands.join(' ')}" ;;
      esac
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _sallyport sallyport
`

const scripts: Readonly<Record<string, string>> = {
  bash,
  // zsh runs bash's own functions for it.
  zsh: `autoload -U +X bashcompinit && bashcompinit\n${bash}`,
}
