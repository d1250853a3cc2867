/** `sallyport policy diff BEFORE AFTER` */

import { diffPolicies } from '../../policy/diff/diff-policies.ts'
import type { PolicyDiff, Witness } from '../../policy/types.ts'
import type { CommandIo } from './command-io.ts'
import { contextLine, plainRequest, requestLine, verdict } from './explanation-text.ts'
import { parseFlags } from './flags.ts'
import { PolicyMisuse } from './misuse.ts'
import { type Paint, printable, printableJson, toPaint } from './paint.ts'
import { parseKind, readPolicy } from './read-policy.ts'
import { toSarif } from './sarif.ts'

export async function diffCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseFlags(args, { single: ['kind'], several: [], repeated: [], switches: ['json', 'sarif'] })
  const [beforePath, afterPath, ...more] = flags.positionals
  if (beforePath === undefined || afterPath === undefined || more.length > 0) {
    throw new PolicyMisuse(
      `got ${flags.positionals.length} file${flags.positionals.length === 1 ? '' : 's'}, expected two: BEFORE AFTER`,
    )
  }
  const kind = parseKind(flags.one('kind'))
  const before = await readPolicy(beforePath, kind, io)
  const after = await readPolicy(afterPath, kind, io)
  if (before.kind !== after.kind) {
    throw new PolicyMisuse(
      `${beforePath} is of kind ${before.kind} and ${afterPath} of kind ${after.kind}, expected the same kind`,
    )
  }
  const diff = diffPolicies([before], [after])
  if (flags.has('json')) io.stdout(jsonOf(diff))
  else if (flags.has('sarif')) io.stdout(sarifOf(diff, afterPath))
  else io.stdout(textOf(diff, toPaint(io.colour)))
  // Where the search was not complete, "no difference" is not proven, and nothing may rely on it.
  return diff.witnesses.length === 0 && diff.complete ? 0 : 1
}

function jsonOf(diff: PolicyDiff): string {
  const witnesses = diff.witnesses.map((witness) => ({ ...witness, request: plainRequest(witness.request) }))
  return printableJson({ ...diff, witnesses })
}

function isOpened({ after }: Witness): boolean {
  return after.decision.effect === 'allow'
}

function textOf(diff: PolicyDiff, paint: Paint): string {
  const lines: string[] = []
  for (const witness of diff.witnesses) {
    const sign = isOpened(witness) ? paint('green', '+ now allowed') : paint('red', '- now denied')
    lines.push(`${sign}  ${printable(requestLine(witness.request))}`)
    const context = contextLine(witness.request)
    lines.push(
      paint('dim', printable(`    with ${context === '' ? 'none of the keys that the policies ask for' : context}`)),
    )
    lines.push(`    before: ${printable(verdict(witness.before.decision))}`)
    lines.push(`    after:  ${printable(verdict(witness.after.decision))}`)
  }
  lines.push(summaryOf(diff))
  if (!diff.complete) {
    lines.push('not covered:')
    for (const sentence of diff.notCovered) lines.push(`  ${printable(sentence)}`)
  }
  return `${lines.join('\n')}\n`
}

function summaryOf({ witnesses, complete, requestsTried }: PolicyDiff): string {
  if (witnesses.length > 0) {
    const count = witnesses.length === 1 ? '1 kind of request is' : `${witnesses.length} kinds of request are`
    return `${count} decided differently`
  }
  return complete
    ? `no difference: every request that the two can tell apart is decided alike (${requestsTried} tried)`
    : `no difference found in ${requestsTried} requests, but the search was not complete`
}

function sarifOf(diff: PolicyDiff, file: string): string {
  return toSarif(
    diff.witnesses.map((witness) => {
      const decisive = witness.after.layers
        .flatMap((layer) => layer.statements)
        .find((statement) => statement.policyId === file && statement.statement === witness.after.decision.statement)
      return {
        ruleId: isOpened(witness) ? 'NOW_ALLOWED' : 'NOW_DENIED',
        level: 'warning',
        text: `${requestLine(witness.request)}; before: ${verdict(witness.before.decision)}; after: ${verdict(witness.after.decision)}`,
        file,
        line: decisive?.line ?? 1,
        column: decisive?.column ?? 1,
      }
    }),
    { NOW_ALLOWED: 'A request that was denied is allowed.', NOW_DENIED: 'A request that was allowed is denied.' },
  )
}
