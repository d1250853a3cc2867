/** Where the parser's findings are gathered. */

import type { Finding, PolicyKind, Position } from '../types.ts'
import { codes, type ErrorCode, isOneText, messageOf } from './messages.ts'

/** A statement's index and Sid, for the findings about it. */
export interface StatementRef {
  readonly statement?: number
  readonly sid?: string
}

export interface Report {
  readonly kind: PolicyKind
  readonly findings: Finding[]
  ref: StatementRef
}

export interface Wording {
  /** AWS's text where it is built from the value; otherwise the table's. */
  readonly message?: string
  /** Ours: `got X, expected Y`. */
  readonly detail: string
}

/** A mutated document could hold a fault per value; nobody reads more than these. */
const findingsMax = 100

export function addError(report: Report, code: ErrorCode, at: Position, wording: Wording): void {
  if (report.findings.length >= findingsMax) return
  const message =
    wording.message === undefined || isOneText(report.kind) ? messageOf(report.kind, code) : wording.message
  const { line, column } = at
  report.findings.push({ severity: 'error', code, message, detail: wording.detail, line, column, ...report.ref })
}

/** Findings as IAM would meet them: by the stage that refuses, then by place. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const stage = (finding: Finding) => codes.indexOf(finding.code as ErrorCode) // only addError makes these findings
  return [...findings].sort((a, b) => stage(a) - stage(b) || a.line - b.line || a.column - b.column)
}
