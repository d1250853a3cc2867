/**
 * AWS's texts. Which service reads a document decides how it words a refusal: IAM's policy grammar, IAM's trust policies,
 * Organizations. Sources: the vectors of moto (Apache-2.0, `moto/iam/policy_validation.py`), and
 * issues that quote real answers. Where AWS is vague, `detail` of the finding says what is wrong.
 */

import type { PolicyKind } from '../types.ts'

const organizations = 'The provided policy document does not meet the requirements of the specified policy type.'
const syntax = 'Syntax errors in policy.'
const vendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
const sidCharacters =
  'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*'

/** Findings in the order in which IAM reports them: the first one is the answer's text. */
export const codes = [
  'TOO_LARGE',
  'CHARACTERS',
  'JSON_SYNTAX',
  'JSON_DUPLICATE_KEY',
  'JSON_TOO_DEEP',
  'JSON_TOO_MANY_VALUES',
  'JSON_TOO_LONG',
  'NOT_AN_OBJECT',
  'UNKNOWN_ELEMENT',
  'PROHIBITED_ELEMENT',
  'WRONG_TYPE',
  'BOTH_ELEMENTS',
  'MISSING_STATEMENT',
  'MISSING_EFFECT',
  'INVALID_EFFECT',
  'UNKNOWN_OPERATOR',
  'DUPLICATE_CONDITION_KEY',
  'INVALID_VERSION',
  'MISSING_VERSION',
  'INVALID_LITERAL',
  'INCOMPLETE_ARN',
  'INVALID_SID',
  'DUPLICATE_SID',
  'MISSING_PRINCIPAL',
  'INVALID_PRINCIPAL',
  'MISSING_ACTION',
  'MISSING_RESOURCE',
  'INVALID_RESOURCE',
  'INVALID_VARIABLE',
  'INVALID_ACTION',
  'ACTION_NOT_ALLOWED',
  'EFFECT_NOT_ALLOWED',
] as const

export type ErrorCode = (typeof codes)[number]

const iam: Record<ErrorCode, string> = {
  TOO_LARGE: 'The policy is too large.',
  CHARACTERS: syntax,
  JSON_SYNTAX: syntax,
  JSON_DUPLICATE_KEY: syntax,
  JSON_TOO_DEEP: syntax,
  JSON_TOO_MANY_VALUES: syntax,
  JSON_TOO_LONG: 'The policy is too large.',
  NOT_AN_OBJECT: syntax,
  UNKNOWN_ELEMENT: syntax,
  PROHIBITED_ELEMENT: 'Policy document should not specify a principal.',
  WRONG_TYPE: syntax,
  BOTH_ELEMENTS: syntax,
  MISSING_STATEMENT: syntax,
  MISSING_EFFECT: syntax,
  INVALID_EFFECT: syntax,
  UNKNOWN_OPERATOR: syntax,
  DUPLICATE_CONDITION_KEY: syntax,
  INVALID_VERSION: syntax,
  MISSING_VERSION: 'Policy document must be version 2012-10-17 or greater.',
  INVALID_LITERAL: 'The policy failed legacy parsing',
  INCOMPLETE_ARN: 'The policy failed legacy parsing',
  INVALID_SID: sidCharacters,
  DUPLICATE_SID: 'Statement IDs (SID) in a single policy must be unique.',
  MISSING_PRINCIPAL: 'Missing required field Principal',
  INVALID_PRINCIPAL: 'Invalid principal in policy',
  MISSING_ACTION: 'Policy statement must contain actions.',
  MISSING_RESOURCE: 'Policy statement must contain resources.',
  INVALID_RESOURCE: syntax,
  INVALID_VARIABLE: syntax,
  INVALID_ACTION: vendor,
  ACTION_NOT_ALLOWED: syntax,
  EFFECT_NOT_ALLOWED: syntax,
}

const invalidJson = 'This policy contains invalid Json'

const trust: Record<ErrorCode, string> = {
  ...iam,
  CHARACTERS: invalidJson,
  JSON_SYNTAX: invalidJson,
  JSON_DUPLICATE_KEY: invalidJson,
  JSON_TOO_DEEP: invalidJson,
  JSON_TOO_MANY_VALUES: invalidJson,
  NOT_AN_OBJECT: invalidJson,
  PROHIBITED_ELEMENT: 'Has prohibited field Resource',
  MISSING_STATEMENT: 'Could not parse the policy: Statement is empty!',
  MISSING_EFFECT: 'Missing required field Effect',
  DUPLICATE_SID: 'The Statement Ids in the policy are not unique',
  MISSING_ACTION: 'Missing required field Action',
  ACTION_NOT_ALLOWED: 'AssumeRole policy may only specify STS AssumeRole actions.',
}

const organizationsTexts = Object.fromEntries(codes.map((code) => [code, organizations])) as Record<ErrorCode, string>

const byKind: Record<PolicyKind, Record<ErrorCode, string>> = {
  identity: iam,
  boundary: iam,
  session: iam,
  resource: trust,
  trust,
  scp: organizationsTexts,
  rcp: organizationsTexts,
}

export function messageOf(kind: PolicyKind, code: ErrorCode): string {
  return byKind[kind][code]
}

/** True where AWS has one text for every fault of the document. */
export function isOneText(kind: PolicyKind): boolean {
  return kind === 'scp' || kind === 'rcp'
}
