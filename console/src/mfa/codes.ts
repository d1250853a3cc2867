import { isCode } from './code-step.ts'

export type Codes = { first: string; second: string }
export type CodeProblems = { first?: string; second?: string }

export const noCodes: Codes = { first: '', second: '' }

export const codeProblem = 'Enter the six digits that your app shows.'

/** What is wrong with the form of two codes. Whether they are right, only the server can tell. */
export const findCodeProblems = (codes: Codes): CodeProblems => ({
  ...(isCode(codes.first) ? {} : { first: codeProblem }),
  ...(isCode(codes.second) ? {} : { second: codeProblem }),
})

export const hasProblem = (problems: CodeProblems): boolean =>
  problems.first !== undefined || problems.second !== undefined
