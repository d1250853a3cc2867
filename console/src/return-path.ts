// Where a person goes after signing in. Only pages of this console are accepted (security.md V3.7.2): a return path comes
// in by the address bar, where anybody may have written it.

import { homePath } from './console-paths.ts'

const consolePath = /^\/console\/[A-Za-z0-9/_-]*$/

export function toReturnPath(requested: string | null | undefined): string {
  return requested !== null && requested !== undefined && consolePath.test(requested) && !requested.includes('//')
    ? requested
    : homePath
}

export function toSignInAddress(path: string, notice?: 'session-ended' | 'signed-out'): string {
  const query = new URLSearchParams()
  if (notice !== undefined) query.set('notice', notice)
  const returnPath = toReturnPath(path)
  if (notice !== 'signed-out' && returnPath !== homePath) query.set('return', returnPath)
  const text = query.toString()
  return text === '' ? '/sign-in' : `/sign-in?${text}`
}
