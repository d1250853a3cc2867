/** SARIF 2.1.0 (OASIS), the part that code scanning reads. */

import { printableJson } from './paint.ts'

export interface SarifResult {
  readonly ruleId: string
  readonly level: 'error' | 'warning' | 'note'
  readonly text: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** @param rules descriptions by rule id; a rule without one describes itself by its id */
export function toSarif(results: readonly SarifResult[], rules: Readonly<Record<string, string>>): string {
  const ids = [...new Set(results.map((result) => result.ruleId))].sort()
  return printableJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sallyport',
            rules: ids.map((id) => ({ id, shortDescription: { text: rules[id] ?? id } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => ({
          ruleId: result.ruleId,
          ruleIndex: ids.indexOf(result.ruleId),
          level: result.level,
          message: { text: result.text },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: toUri(result.file) },
                region: { startLine: result.line, startColumn: result.column },
              },
            },
          ],
        })),
      },
    ],
  })
}

/** A relative path is a relative reference already, once its characters are escaped. */
function toUri(path: string): string {
  return path.replace(/\\/g, '/').split('/').map(encodeURIComponent).join('/')
}
