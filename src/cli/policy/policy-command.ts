/** `sallyport policy check | explain | diff`: questions about policies that need nothing but files. */

import { TooMuchWork } from '../../policy/compile/work.ts'
import { checkCommand } from './check-command.ts'
import type { CommandIo } from './command-io.ts'
import { diffCommand } from './diff-command.ts'
import { explainCommand } from './explain-command.ts'
import { PolicyMisuse } from './misuse.ts'

const usage = `Usage: sallyport policy COMMAND [FLAGS]

  check FILE…       grammar, and what is legal but does not do what its author meant
    --kind KIND       identity, resource, trust, boundary, session, scp or rcp; otherwise guessed for each file
    --ignore CODE     leave out findings of this code (may be repeated)
  explain           decide one request, and say why
    --policy FILE…    identity policies         --boundary FILE   permissions boundary
    --scp FILE…       one level each, root first  --rcp FILE…       one level each, root first
    --session FILE…   session policies          --resource-policy FILE
    --action A        such as s3:GetObject      --resource R      an ARN, or *
    --principal ARN   otherwise a user named alice; --role ARN of a session's role, path and all
    --resource-account ID    otherwise the caller's
    --context key=value      may be repeated; the same key again gives it several values
    --verbose         also statements that speak of other actions and resources
  diff BEFORE AFTER requests whose decision changes from one file to the other
    --kind KIND       as for check

All of them: --json or --sarif instead of text.
Exit code: 0 clean, allowed, no difference; 1 findings, denied, a difference or none proven; 2 misuse.
`

/**
 * @param args what stands behind `sallyport policy`
 * @returns the exit code
 */
export async function runPolicyCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const [command, ...rest] = args
  try {
    if (command === '--help' || command === '-h' || command === 'help' || rest.includes('--help')) {
      io.stdout(usage)
      return 0
    }
    switch (command) {
      case 'check':
        return await checkCommand(rest, io)
      case 'explain':
        return await explainCommand(rest, io)
      case 'diff':
        return await diffCommand(rest, io)
      default:
        throw new PolicyMisuse(
          command === undefined
            ? 'expected check, explain or diff; sallyport policy --help shows them'
            : `got the command "${command}", expected check, explain or diff`,
        )
    }
  } catch (error) {
    if (!(error instanceof PolicyMisuse || error instanceof TooMuchWork)) throw error
    const next = error instanceof TooMuchWork ? '; nothing is said of them: ask about fewer or shorter documents' : ''
    io.stderr(`sallyport policy: ${error.message}${next}\n`)
    return 2
  }
}
