// What the form asks for, and what can be said about it before the server is asked. The server's rules decide.

export type AccountEntry = { accountName: string; email: string; phone: string; password: string }
export type AccountProblems = { [Field in keyof AccountEntry]?: string }

export const fieldOrder: readonly (keyof AccountEntry)[] = ['accountName', 'email', 'phone', 'password']

export const passwordMinLength = 14 // security.md V6.2.1, for accounts that guard others
export const passwordMaxLength = 128

export const countCharacters = (text: string): number => [...text].length

export function findPasswordProblem(password: string): string | undefined {
  const length = countCharacters(password)
  if (length === 0) return 'Enter a password.'
  if (length < passwordMinLength)
    return `The password has ${length} characters, at least ${passwordMinLength} are needed.`
  if (length > passwordMaxLength)
    return `The password has ${length} characters, at most ${passwordMaxLength} are possible.`
  return undefined
}

export function findAccountProblems(entry: AccountEntry): AccountProblems {
  const passwordProblem = findPasswordProblem(entry.password)
  return {
    ...(entry.accountName.trim() === '' ? { accountName: 'Enter a name for the account.' } : {}),
    ...(/^\S+@\S+$/.test(entry.email.trim()) ? {} : { email: 'Enter an email address, such as name@example.com.' }),
    ...(/\d/.test(entry.phone) ? {} : { phone: 'Enter a phone number with its country code, such as +49 30 123456.' }),
    ...(passwordProblem === undefined ? {} : { password: passwordProblem }),
  }
}
