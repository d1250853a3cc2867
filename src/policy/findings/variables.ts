import { findVariables } from '../compile/variable.ts'

/** The names of the policy variables in `text`, in order: `${aws:username, 'x'}` gives `aws:username`. */
export const variablesOf = (text: string): string[] =>
  findVariables(text).flatMap(({ name }) => (name === undefined ? [] : [name]))
