/**
 * `sallyport/policy`: the IAM policy language as a library. Pure: no I/O, no clock, no randomness.
 *
 *     text ──parsePolicy──▶ Policy ──compilePolicy──▶ CompiledPolicy ──in a PolicyStack──▶ decide or explain
 *                             │                                                                   ▲
 *                             └──▶ findings, diffPolicies        parsePrincipal, buildContext ──in a Request
 */

export { compilePolicy, compileUnreadable } from './compile/compile-policy.ts'
export { decide } from './decide/decide.ts'
export { diffPolicies } from './diff/diff-policies.ts'
export { explain } from './explain/explain.ts'
export { findUnknownNames, type KnownNames } from './findings/find-unknown-names.ts'
export { findings } from './findings/findings.ts'
export { parsePolicy } from './parse/parse-policy.ts'
export { buildContext } from './request/build-context.ts'
export { contextEntries } from './request/context.ts'
export { type PrincipalFacts, parsePrincipal } from './request/parse-principal.ts'
export type * from './request/types.ts'
export type * from './types.ts'
